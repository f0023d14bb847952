@NullMarked
package org.npyparity;

import org.jspecify.annotations.NullMarked;
