package org.npyparity.report;

import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Scope;

/**
 * How much of what an engine computed end to end is NumPy's to the bit: each array of a case counts once, copies as well
 * as sums, of all cases whose policy allows rounding errors. Under {@code exact} all of it has to be.
 *
 * @param elements compared
 * @param equalValues how many have NumPy's value: +0 is -0, and a NaN is a NaN
 * @param equalBits how many have NumPy's bits: +0 is not -0, and yet a NaN is a NaN whatever its payload, which NumPy
 *     promises no more than IEEE 754 does
 * @param share {@code equalBits / elements}
 */
public record Equality(long elements, long equalValues, long equalBits, double share) {
    private Equality(long elements, long equalValues, long equalBits) {
        this(elements, equalValues, equalBits, (double) equalBits / elements);
    }

    /** That of one case; null if there is nothing to share. */
    static @Nullable Equality of(Report.CaseEntry entry, Report.Run run) {
        return entry.policy().startsWith("exact")
                ? null
                : run.judgements().stream()
                        .filter(j -> j.scope() == Scope.END_TO_END && j.elements() > 0)
                        .map(j -> new Equality(
                                j.elements(),
                                j.elements() - j.differing(),
                                j.elements() - j.differing() - j.zeroSigns()))
                        .reduce(Equality::plus)
                        .orElse(null);
    }

    Equality plus(Equality other) {
        return new Equality(elements + other.elements, equalValues + other.equalValues, equalBits + other.equalBits);
    }
}
