/** Looks for disagreement: random cases, emitted live, judged for every engine, and shrunk where they fail. */
@NullMarked
package org.npyparity.fuzz;

import org.jspecify.annotations.NullMarked;
