/** The layer's matrix products on OpenBLAS, the library behind NumPy's. */
@NullMarked
package org.npyparity.conv.openblas;

import org.jspecify.annotations.NullMarked;
