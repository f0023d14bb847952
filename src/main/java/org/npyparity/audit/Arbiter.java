package org.npyparity.audit;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.ExactValue;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Ulp;
import org.npyparity.compare.Verdict;

/**
 * Says which side of a failed comparison is wrong: at its worst elements both are held against the exact value.
 *
 * <p>A side is measured by the one-sided bound γ(n) S + n η, which no correct computation passes. Under {@link
 * Policy.Exact} an exact value that the dtype holds is the only right one, so the bound there is 0. At a ReLU's kink,
 * where two values are right, the expected one counts as the exact one if it is one of the two.
 *
 * @param bound of the array
 * @param exact the value of an element, by its position in C order; empty if the operation has no exact arithmetic
 */
record Arbiter(Bound bound, IntFunction<Optional<ExactValue>> exact) {
    /** How many elements of a comparison are looked at, at most: exact arithmetic is slow. */
    static final int ELEMENTS = 3;

    /** Both sides of the elements that fail worst: by fraction of the bound, absolute, relative and ULP difference. */
    List<Arbitration> arbitrate(Judgement judgement) {
        Comparison c = judgement.comparison();
        if (c.verdict() != Verdict.MISMATCH) {
            return List.of();
        }
        Stream<Difference> worst = Stream.<Function<Comparison.Worst, Optional<Difference>>>of(
                        Comparison.Worst::fraction,
                        Comparison.Worst::absolute,
                        Comparison.Worst::relative,
                        Comparison.Worst::ulp)
                .flatMap(measure -> measure.apply(c.worst()).stream());
        return Stream.concat(worst, c.first().stream())
                .filter(d -> fails(c, d))
                .distinct()
                .limit(ELEMENTS)
                .flatMap(d -> arbitrate(judgement, d).stream())
                .toList();
    }

    private boolean fails(Comparison c, Difference d) {
        boolean legal = c.policy() instanceof Policy.Certified && bound.isAlternative(position(c, d), d.actual());
        return !Double.isNaN(d.tolerance()) && !(d.absolute() <= d.tolerance()) && !legal;
    }

    private static int position(Comparison c, Difference d) {
        int position = 0;
        for (int axis = 0; axis < c.shape().size(); axis++) {
            position = position * c.shape().get(axis) + d.index().get(axis);
        }
        return position;
    }

    private Optional<Arbitration> arbitrate(Judgement judgement, Difference d) {
        Comparison c = judgement.comparison();
        int position = position(c, d);
        return exact.apply(position).map(computed -> {
            ExactValue value =
                    bound.isAlternative(position, computed.rounded(c.dtype())) ? ExactValue.of(d.expected()) : computed;
            double rounded = value.rounded(c.dtype());
            double allowed = c.policy() instanceof Policy.Exact && value.isRepresentable(c.dtype())
                    ? 0
                    : bound.oneSided(position);
            double error = bound.isAlternative(position, d.actual()) ? 0 : value.errorOf(d.actual());
            return new Arbitration(
                    judgement.stage(),
                    judgement.array(),
                    judgement.scope(),
                    d.index(),
                    value.toString(),
                    d.actual(),
                    d.expected(),
                    fraction(error, allowed),
                    fraction(value.errorOf(d.expected()), allowed),
                    Ulp.distance(c.dtype(), d.actual(), rounded),
                    Ulp.distance(c.dtype(), d.expected(), rounded));
        });
    }

    /** 0 of nothing is nothing. */
    private static double fraction(double error, double allowed) {
        return error == 0 && !Double.isNaN(allowed) ? 0 : error / allowed;
    }
}
