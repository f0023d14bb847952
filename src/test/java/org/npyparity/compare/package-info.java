/** Comparisons against NumPy's, and against a slow one written from the definition. */
@NullMarked
package org.npyparity.compare;

import org.jspecify.annotations.NullMarked;
