@NullMarked
package org.npyparity.conv.openblas;

import org.jspecify.annotations.NullMarked;
