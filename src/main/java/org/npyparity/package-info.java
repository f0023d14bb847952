/** Proof, element by element, that a Java computation equals its NumPy reference. */
@NullMarked
package org.npyparity;

import org.jspecify.annotations.NullMarked;
