package org.npyparity.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Comparison.Difference;

/**
 * A comparison written from the definitions: every element is looked at, one measure at a time. One dimension.
 *
 * @param counts differing, of two signs of zero, failing, undecidable, ambiguous
 */
record SlowComparison(
        List<Long> counts,
        boolean allZero,
        Comparison.Worst worst,
        List<Difference> first,
        Comparison.Violations violations) {
    static SlowComparison of(NdArray actual, NdArray expected, Policy policy, Bound bound) {
        DType dtype = expected.dtype();
        List<Difference> differing = new ArrayList<>();
        List<Difference> judged = new ArrayList<>();
        List<Difference> failing = new ArrayList<>();
        long undecidable = 0;
        long zeroSigns = 0;
        long ambiguous = 0;
        boolean allZero = true;
        for (int i = 0; i < expected.size(); i++) {
            double a = actual.get(i);
            double e = expected.get(i);
            allZero &= e == 0;
            double tolerance = tolerance(policy, bound, dtype, e, i);
            boolean proven = !(policy instanceof Policy.Certified) || !Double.isNaN(tolerance);
            if (policy.isSame(a, e)) {
                undecidable += proven ? 0 : 1;
                zeroSigns += a == 0 && 1 / a != 1 / e ? 1 : 0;
                continue;
            }
            Difference difference = new Difference(List.of(i), a, e, tolerance, Ulp.distance(dtype, a, e));
            differing.add(difference);
            if (policy instanceof Policy.Certified && bound.isAlternative(i, a)) {
                ambiguous++;
            } else if (!proven) {
                undecidable++;
            } else {
                judged.add(difference);
                if (!passes(difference, policy, dtype)) {
                    failing.add(difference);
                }
            }
        }
        boolean hasTolerances = !(policy instanceof Policy.WithinUlp);
        return new SlowComparison(
                List.of((long) differing.size(), zeroSigns, (long) failing.size(), undecidable, ambiguous),
                allZero,
                new Comparison.Worst(
                        worst(differing, d -> finiteOrNone(d.absolute(), d)),
                        worst(differing, d -> d.expected() == 0 ? -1 : finiteOrNone(d.relative(), d)),
                        worst(differing, d -> finiteOrNone(d.ulp(), d)),
                        worst(hasTolerances ? judged : List.of(), d -> fraction(d, policy, dtype))),
                failing.subList(0, Math.min(failing.size(), Comparison.LISTED)),
                violations(failing, policy, dtype));
    }

    static SlowComparison of(Comparison c) {
        return new SlowComparison(
                List.of(c.differing(), c.zeroSigns(), c.failing(), c.undecidable(), c.ambiguous()),
                c.allZero(),
                c.worst(),
                c.first(),
                c.violations());
    }

    private static Comparison.Violations violations(List<Difference> failing, Policy policy, DType dtype) {
        List<Difference> numbers = new ArrayList<>(failing);
        numbers.removeIf(d -> policy.equalNan() && Double.isNaN(d.actual()) != Double.isNaN(d.expected()));
        int nan = failing.size() - numbers.size();
        numbers.removeIf(d -> Double.isInfinite(d.actual()) || Double.isInfinite(d.expected()));
        return new Comparison.Violations(
                nan,
                failing.size() - nan - numbers.size(),
                numbers.size(),
                numbers.stream()
                        .mapToDouble(d -> dtype.round(d.absolute()))
                        .max()
                        .orElse(Double.NaN),
                numbers.stream()
                        .filter(d -> d.expected() != 0)
                        .mapToDouble(d -> dtype.round(dtype.round(d.absolute()) / Math.abs(d.expected())))
                        .max()
                        .orElse(numbers.isEmpty() ? Double.NaN : Double.POSITIVE_INFINITY));
    }

    private static double tolerance(Policy policy, Bound bound, DType dtype, double e, int i) {
        if (policy instanceof Policy.AllClose close) {
            return close.tolerance(dtype, e);
        }
        return policy instanceof Policy.Certified ? bound.at(i) : policy instanceof Policy.WithinUlp ? Double.NaN : 0;
    }

    private static double apart(Difference d, Policy policy, DType dtype) {
        return policy instanceof Policy.AllClose && dtype == DType.FLOAT32
                ? Math.abs((float) d.actual() - (float) d.expected())
                : d.absolute();
    }

    private static double fraction(Difference d, Policy policy, DType dtype) {
        double fraction = d.absolute() == 0 ? Double.POSITIVE_INFINITY : apart(d, policy, dtype) / d.tolerance();
        return Double.isNaN(fraction) ? 0 : fraction;
    }

    private static boolean passes(Difference d, Policy policy, DType dtype) {
        if (policy instanceof Policy.WithinUlp within) {
            return d.ulp() >= 0 && d.ulp() <= within.most();
        }
        return isFinite(d) && d.absolute() > 0 && apart(d, policy, dtype) <= d.tolerance();
    }

    private static boolean isFinite(Difference d) {
        return Double.isFinite(d.actual()) && Double.isFinite(d.expected());
    }

    /** A measure, unless the difference overflows. */
    private static double finiteOrNone(double measured, Difference d) {
        return Double.isFinite(d.absolute()) ? measured : -1;
    }

    /** The first of the largest, of pairs of finite numbers; what is negative does not count. */
    private static Optional<Difference> worst(List<Difference> from, ToDoubleFunction<Difference> measure) {
        return from.stream()
                .filter(d -> isFinite(d) && measure.applyAsDouble(d) >= 0)
                .reduce((best, next) -> measure.applyAsDouble(next) > measure.applyAsDouble(best) ? next : best);
    }
}
