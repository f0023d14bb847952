/** The layer on the JDK's Vector API: products of tiles that stay in registers, without the (P, Q) matrices. */
@NullMarked
package org.npyparity.conv.vector;

import org.jspecify.annotations.NullMarked;
