/** Tests of NumPy's file format on the JVM. */
@NullMarked
package org.npyparity.jnpy;

import org.jspecify.annotations.NullMarked;
