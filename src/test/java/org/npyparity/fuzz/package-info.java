/** Tests of the fuzzer: that it finds, that it shrinks, and that it raises no false alarm. */
@NullMarked
package org.npyparity.fuzz;

import org.jspecify.annotations.NullMarked;
