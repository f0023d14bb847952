package org.npyparity.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.npyparity.array.DType;

/**
 * The result of one comparison, element by element.
 *
 * @param verdict what is proven
 * @param policy what was allowed
 * @param dtype the expected array's type
 * @param shape the expected array's shape
 * @param elements how many elements were compared
 * @param differing how many of them differ at all (by value; a NaN equals a NaN, +0 equals -0 unless asked)
 * @param zeroSigns how many more are zeros of two signs, which the policy takes for equal
 * @param failing how many are outside the policy
 * @param undecidable how many differ where the bound proves nothing
 * @param ambiguous how many had two right values (a ReLU at its kink)
 * @param allZero whether every expected element is zero
 * @param worst the largest differences, by each measure
 * @param first up to five failing elements, in C order
 * @param incomparable why no element was compared: another shape or dtype
 * @param violations the failing elements in the words of NumPy's messages
 */
public record Comparison(
        Verdict verdict,
        Policy policy,
        DType dtype,
        List<Integer> shape,
        long elements,
        long differing,
        long zeroSigns,
        long failing,
        long undecidable,
        long ambiguous,
        boolean allZero,
        Worst worst,
        List<Difference> first,
        Optional<String> incomparable,
        Violations violations) {

    /** How many failing elements a comparison lists. */
    public static final int LISTED = 5;

    /** No element was compared: a mismatch, and why. */
    public static Comparison incomparable(Policy policy, DType dtype, int[] shape, String reason) {
        return new Comparison(
                Verdict.MISMATCH,
                policy,
                dtype,
                Arrays.stream(shape).boxed().toList(),
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                Worst.NONE,
                List.of(),
                Optional.of(reason),
                Violations.NONE);
    }

    /** @throws IllegalArgumentException if it passes without an element: that proves nothing */
    public Comparison {
        if (elements == 0 && verdict.passes()) {
            throw new IllegalArgumentException("verdict is " + verdict + ": expected no parity without an element");
        }
        shape = List.copyOf(shape);
        first = List.copyOf(first);
    }

    /**
     * The largest differences among finite pairs; each is empty if there was no difference.
     *
     * @param absolute by |actual - expected|
     * @param relative by |actual - expected| / |expected|, where expected is not 0
     * @param ulp by the number of representable values between them
     * @param fraction by |actual - expected| / tolerance; infinite where the tolerance is 0
     */
    public record Worst(
            Optional<Difference> absolute,
            Optional<Difference> relative,
            Optional<Difference> ulp,
            Optional<Difference> fraction) {
        /** No difference anywhere. */
        public static final Worst NONE =
                new Worst(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The failing elements as {@code numpy.testing.assert_allclose} reports them.
     *
     * @param nanLocations where one side only is NaN, if the policy takes NaN for equal to NaN; NumPy's {@code nan
     *     location mismatch}
     * @param infValues where, apart from those, one side only is infinite or both are with opposite signs; NumPy's
     *     {@code inf location mismatch} and {@code inf values mismatch}
     * @param mismatched all others: NumPy's {@code Mismatched elements}, if the two counts before are 0
     * @param largestAbsolute NumPy's {@code Max absolute difference among violations}, in the arrays' dtype; NaN without
     *     mismatched elements
     * @param largestRelative NumPy's {@code Max relative difference among violations}, infinite if all of them have
     *     expected 0; NaN without mismatched elements
     */
    public record Violations(
            long nanLocations, long infValues, long mismatched, double largestAbsolute, double largestRelative) {
        /** Nothing fails. */
        public static final Violations NONE = new Violations(0, 0, 0, Double.NaN, Double.NaN);
    }

    /**
     * One element's two values.
     *
     * @param index the n-dimensional index
     * @param actual the value under test
     * @param expected the reference value
     * @param tolerance the largest difference allowed; NaN where undecidable
     * @param ulp the distance in units in the last place; -1 if a value is NaN
     */
    public record Difference(List<Integer> index, double actual, double expected, double tolerance, long ulp) {
        public Difference {
            index = List.copyOf(index);
        }

        /** |actual - expected|. */
        public double absolute() {
            return Math.abs(actual - expected);
        }

        /** |actual - expected| / |expected|. */
        public double relative() {
            return absolute() / Math.abs(expected);
        }

        /** |actual - expected| / tolerance: more than 1 is outside. */
        public double fraction() {
            // Where nothing is allowed, and the values are zeros of two signs, 0 / 0 would hide a failure.
            return tolerance == 0 ? Double.POSITIVE_INFINITY : absolute() / tolerance;
        }
    }

    public boolean passes() {
        return verdict.passes();
    }

    /** How many elements have the same bits; every NaN is the same NaN, as long as the policy says so. */
    public long sameBits() {
        return elements - differing - zeroSigns;
    }

    /** Whether the arrays are the same, every element to the bit. */
    public boolean isSame() {
        return elements > 0 && sameBits() == elements;
    }

    /** The largest difference as a fraction of its tolerance; 0 if there is none. */
    public double worstFraction() {
        return worst.fraction().map(Difference::fraction).orElse(0.0);
    }
}
