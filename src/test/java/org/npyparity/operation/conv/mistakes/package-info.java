@NullMarked
package org.npyparity.operation.conv.mistakes;

import org.jspecify.annotations.NullMarked;
