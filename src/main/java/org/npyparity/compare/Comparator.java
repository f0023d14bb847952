package org.npyparity.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Worst;

/** Judges an array against its expected values in one pass. */
public final class Comparator {
    private static final int BLOCK = 1024;

    private final NdArray actual;
    private final NdArray expected;
    private final Policy policy;
    private final Bound bound;

    private long differing;
    private long failing;
    private long undecidable;
    private long ambiguous;
    private boolean allZero = true;
    private final Extreme absolute = new Extreme();
    private final Extreme relative = new Extreme();
    private final Extreme ulp = new Extreme();
    private final Extreme fraction = new Extreme();
    private final List<Integer> first = new ArrayList<>();

    private Comparator(NdArray actual, NdArray expected, Policy policy, Bound bound) {
        this.actual = actual;
        this.expected = expected;
        this.policy = policy;
        this.bound = bound;
    }

    /**
     * Judges {@code actual}.
     *
     * @param bound what {@link Policy.Certified} allows; the other policies do not look at it
     * @return a {@link Verdict#MISMATCH} without any element if shape or dtype differ, or if there is no element
     */
    public static Comparison compare(NdArray actual, NdArray expected, Policy policy, Bound bound) {
        return new Comparator(actual, expected, policy, bound).compare();
    }

    private Comparison compare() {
        Optional<String> incomparable = incomparable();
        if (incomparable.isEmpty()) {
            bound.requireSize(expected.size());
            compareElements();
        }
        Verdict verdict = incomparable.isPresent() || failing > 0
                ? Verdict.MISMATCH
                : undecidable > 0 ? Verdict.UNDECIDABLE : Verdict.PARITY;
        return new Comparison(
                verdict,
                policy,
                expected.dtype(),
                Arrays.stream(expected.shape()).boxed().toList(),
                incomparable.isPresent() ? 0 : expected.size(),
                differing,
                failing,
                undecidable,
                ambiguous,
                allZero,
                new Worst(absolute.difference(), relative.difference(), ulp.difference(), fraction.difference()),
                first.stream().map(this::difference).toList(),
                incomparable);
    }

    private Optional<String> incomparable() {
        if (!actual.hasShape(expected.shape())) {
            return Optional.of("shape is " + NdArray.shapeText(actual.shape()) + ": expected "
                    + NdArray.shapeText(expected.shape()));
        }
        if (actual.dtype() != expected.dtype()) {
            return Optional.of("dtype is " + actual.dtype() + ": expected " + expected.dtype());
        }
        return expected.size() == 0 ? Optional.of("the arrays are empty: nothing was compared") : Optional.empty();
    }

    private void compareElements() {
        double[] actuals = new double[BLOCK];
        double[] expecteds = new double[BLOCK];
        double[] tolerances = new double[BLOCK];
        boolean signedZeros = policy instanceof Policy.Exact exact && exact.signedZeros();
        for (int start = 0; start < expected.size(); start += BLOCK) {
            int length = Math.min(BLOCK, expected.size() - start);
            widen(actual, start, actuals, length);
            widen(expected, start, expecteds, length);
            for (int i = 0; allZero && i < length; i++) {
                allZero = expecteds[i] == 0;
            }
            fillTolerances(start, expecteds, tolerances, length);
            // Most blocks of a good port are equal to the bit, or nearly: find the elements that are not.
            for (int i = 0; i < length; i++) {
                double a = actuals[i];
                double e = expecteds[i];
                if (a == e ? signedZeros && a == 0 && signsDiffer(a, e) : !(Double.isNaN(a) && Double.isNaN(e))) {
                    judge(start + i, a, e, tolerances[i]);
                } else if (Double.isNaN(a) && !nanEqual()) {
                    judge(start + i, a, e, tolerances[i]);
                } else if (Double.isNaN(tolerances[i])) {
                    undecidable++;
                }
            }
        }
    }

    private static boolean signsDiffer(double a, double e) {
        return Double.doubleToRawLongBits(a) != Double.doubleToRawLongBits(e);
    }

    private boolean nanEqual() {
        return !(policy instanceof Policy.AllClose close) || close.equalNan();
    }

    private void fillTolerances(int start, double[] expecteds, double[] tolerances, int length) {
        if (policy instanceof Policy.AllClose close) {
            for (int i = 0; i < length; i++) {
                tolerances[i] = close.tolerance(expecteds[i]);
            }
        } else if (policy instanceof Policy.Certified) {
            bound.copyTo(start, tolerances, length);
        } else {
            Arrays.fill(tolerances, 0, length, 0);
        }
    }

    /** Takes in one element whose two values are not the same. */
    private void judge(int position, double a, double e, double tolerance) {
        differing++;
        double difference = Math.abs(a - e);
        boolean finite = difference <= Double.MAX_VALUE;
        if (finite) {
            absolute.offer(position, difference);
            if (e != 0) {
                relative.offer(position, difference / Math.abs(e));
            }
            ulp.offer(position, Ulp.distance(expected.dtype(), a, e));
        }
        if (policy instanceof Policy.Certified && bound.isAlternative(position, a)) {
            ambiguous++;
        } else if (Double.isNaN(tolerance)) {
            undecidable++;
        } else {
            if (finite) {
                fraction.offer(position, difference == 0 ? Double.POSITIVE_INFINITY : difference / tolerance);
            }
            if (!(finite && difference <= tolerance && difference > 0)) {
                failing++;
                if (first.size() < Comparison.LISTED) {
                    first.add(position);
                }
            }
        }
    }

    private static void widen(NdArray from, int start, double[] to, int length) {
        if (from.dtype() == DType.FLOAT64) {
            System.arraycopy(from.doubles(), start, to, 0, length);
        } else {
            float[] floats = from.floats();
            for (int i = 0; i < length; i++) {
                to[i] = floats[start + i];
            }
        }
    }

    private Difference difference(int position) {
        double a = actual.get(position);
        double e = expected.get(position);
        double[] tolerance = new double[1];
        fillTolerances(position, new double[] {e}, tolerance, 1);
        return new Difference(
                Arrays.stream(expected.indexOf(position)).boxed().toList(),
                a,
                e,
                tolerance[0],
                Ulp.distance(expected.dtype(), a, e));
    }

    /** The position of the largest value offered so far, the first of equals. */
    private final class Extreme {
        private double largest = -1;
        private @Nullable Integer position;

        void offer(int at, double value) {
            if (value > largest) {
                largest = value;
                position = at;
            }
        }

        Optional<Difference> difference() {
            return Optional.ofNullable(position).map(Comparator.this::difference);
        }
    }
}
