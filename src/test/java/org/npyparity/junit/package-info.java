@NullMarked
package org.npyparity.junit;

import org.jspecify.annotations.NullMarked;
