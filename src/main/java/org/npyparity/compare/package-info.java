/** Policies of equality and their verdicts, as values: which element, how far, against which bound. */
@NullMarked
package org.npyparity.compare;

import org.jspecify.annotations.NullMarked;
