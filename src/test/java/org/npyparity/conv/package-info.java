@NullMarked
package org.npyparity.conv;

import org.jspecify.annotations.NullMarked;
