/** Tests of the array. */
@NullMarked
package org.npyparity.array;

import org.jspecify.annotations.NullMarked;
