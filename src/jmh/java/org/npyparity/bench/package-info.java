/** Benchmarks, each beside its peers in one run. */
@NullMarked
package org.npyparity.bench;

import org.jspecify.annotations.NullMarked;
