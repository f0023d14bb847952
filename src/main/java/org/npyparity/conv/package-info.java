/** The convolution layer as large matrix products: its geometry, its stages, and the engines that compute them. */
@NullMarked
package org.npyparity.conv;

import org.jspecify.annotations.NullMarked;
