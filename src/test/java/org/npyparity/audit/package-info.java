@NullMarked
package org.npyparity.audit;

import org.jspecify.annotations.NullMarked;
