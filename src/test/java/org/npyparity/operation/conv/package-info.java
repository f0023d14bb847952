@NullMarked
package org.npyparity.operation.conv;

import org.jspecify.annotations.NullMarked;
