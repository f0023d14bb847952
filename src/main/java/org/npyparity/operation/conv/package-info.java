/** The convolution layer as an auditable operation. */
@NullMarked
package org.npyparity.operation.conv;

import org.jspecify.annotations.NullMarked;
