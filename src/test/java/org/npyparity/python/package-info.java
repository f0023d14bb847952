/** Tests of live NumPy workers, with real processes. */
@NullMarked
package org.npyparity.python;

import org.jspecify.annotations.NullMarked;
