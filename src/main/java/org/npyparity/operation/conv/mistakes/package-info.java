/** The mistakes that ports of a convolution layer make, as computations that can be recognised. */
@NullMarked
package org.npyparity.operation.conv.mistakes;

import org.jspecify.annotations.NullMarked;
