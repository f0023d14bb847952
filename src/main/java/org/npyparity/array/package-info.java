/** A dense, row-major array with a checked shape, float64 or float32. */
@NullMarked
package org.npyparity.array;

import org.jspecify.annotations.NullMarked;
