/** Case, operation and engine become verdicts: every stage locally and end to end, and a ledger of what was judged. */
@NullMarked
package org.npyparity.audit;

import org.jspecify.annotations.NullMarked;
