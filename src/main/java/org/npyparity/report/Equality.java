package org.npyparity.report;

import java.util.List;
import java.util.stream.Stream;
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

    /** That of one engine; null if there is nothing to share. */
    static @Nullable Equality of(List<Report.CaseEntry> cases, String engine) {
        return sum(cases.stream()
                .filter(c -> !c.policy().startsWith("exact"))
                .flatMap(c -> c.runs().stream())
                .filter(r -> r.engine().equals(engine))
                .flatMap(r -> r.judgements().stream())
                .filter(j -> j.scope() == Scope.END_TO_END && j.elements() > 0)
                .map(j -> new Equality(
                        j.elements(), j.elements() - j.differing(), j.elements() - j.differing() - j.zeroSigns())));
    }

    /** That of all of them; null if there are none. */
    static @Nullable Equality sum(Stream<Equality> parts) {
        return parts.reduce((a, b) ->
                        new Equality(a.elements + b.elements, a.equalValues + b.equalValues, a.equalBits + b.equalBits))
                .orElse(null);
    }
}
