/** NumPy's file format on the JVM: {@code .npy} arrays and {@code .npz} archives, read strictly and written byte for byte. */
@NullMarked
package org.npyparity.jnpy;

import org.jspecify.annotations.NullMarked;
