package org.npyparity.compare;

import java.util.Arrays;
import org.npyparity.array.DType;
import org.npyparity.compare.Tally.Element;
import org.npyparity.compare.Tally.Extreme;

/**
 * Compares a run of elements in blocks that stay in the first-level cache.
 *
 * <p>Nearly all blocks of a correct array break no record: none of their differences is larger, by any measure, than
 * one met before, and none is outside its tolerance. That is settled for a whole block by a few loops which the JIT
 * compiler turns into SIMD; of other blocks, the elements in doubt are looked at one by one.
 */
final class BlockLoop {
    private static final int BLOCK = 1024;

    /** Keeps products of thresholds and tiny numbers out of the subnormal range, where they would be rounded away. */
    private static final double SCALE = 0x1p60;

    /** SCALE · this · the smallest subnormal is 1. */
    private static final double SCALED_TO_ONE = 0x1p1014;

    /** Thresholds are lowered by more than the rounding in a comparison with them. */
    private static final double LOWERED = 1 - 0x1p-40;

    private final Elements actual;
    private final Elements expected;
    private final DType dtype;
    private final Policy policy;
    private final Bound bound;
    private final boolean signedZeros;
    private final boolean nanEqual;
    /** Whether equal bits are no proof of parity. */
    private final boolean equalMayFail;

    private final Tally tally = new Tally();
    private final double[] actuals = new double[BLOCK];
    private final double[] expecteds = new double[BLOCK];
    /** Made when a block first differs: most arrays of a correct port have none, and many are small. */
    private double[] differences = {};

    private double[] tolerances = {};
    private double[] over = {};
    private double[] differs = {};
    private double[] scratch = {};

    BlockLoop(Elements actual, Elements expected, Policy policy, Bound bound) {
        this.actual = actual;
        this.expected = expected;
        this.dtype = expected.dtype();
        this.policy = policy;
        this.bound = bound;
        this.signedZeros = policy.signedZeros();
        this.nanEqual = policy.equalNan();
        this.equalMayFail = !nanEqual || policy instanceof Policy.Certified && bound.anyUndecidable();
    }

    /** Compares the elements [from, to), once. */
    Tally run(long from, long to) {
        for (long start = from; start < to; start += BLOCK) {
            compare(start, (int) Math.min(BLOCK, to - start));
        }
        return tally;
    }

    private void compare(long start, int length) {
        actual.read(start, actuals, length);
        expected.read(start, expecteds, length);
        for (int i = 0; tally.allZero && i < length; i++) {
            tally.allZero = expecteds[i] == 0;
        }
        boolean sameBits = Arrays.mismatch(actuals, 0, length, expecteds, 0, length) < 0;
        if (sameBits && !equalMayFail) {
            return;
        }
        if (differences.length == 0) {
            differences = new double[BLOCK];
            tolerances = new double[BLOCK];
            over = new double[BLOCK];
            differs = new double[BLOCK];
            scratch = new double[BLOCK];
        }
        fillDifferences(length);
        fillTolerances(start, length);
        boolean lookAtAll = signedZeros || sameBits;
        if (!lookAtAll) {
            fillOver();
            if (total(over) == 0) {
                tally.differing += (long) total(differs);
                return;
            }
        }
        for (int i = 0; i < length; i++) {
            if (lookAtAll || over[i] != 0) {
                look(start + i, actuals[i], expecteds[i], differences[i], tolerances[i]);
            } else {
                tally.differing += (long) differs[i];
            }
        }
    }

    /** |actual - expected|, exactly or, under {@code allclose}, rounded to the dtype; 0 behind the block's end. */
    private void fillDifferences(int length) {
        Arrays.fill(actuals, length, BLOCK, 0);
        Arrays.fill(expecteds, length, BLOCK, 0);
        if (policy instanceof Policy.AllClose && dtype == DType.FLOAT32) {
            for (int i = 0; i < BLOCK; i++) {
                differences[i] = Math.abs((float) actuals[i] - (float) expecteds[i]);
            }
        } else {
            for (int i = 0; i < BLOCK; i++) {
                differences[i] = Math.abs(actuals[i] - expecteds[i]);
            }
        }
    }

    private void fillTolerances(long start, int length) {
        Arrays.fill(tolerances, length, BLOCK, 0);
        if (policy instanceof Policy.AllClose close) {
            if (dtype == DType.FLOAT64) {
                double atol = close.atol();
                double rtol = close.rtol();
                for (int i = 0; i < BLOCK; i++) {
                    tolerances[i] = atol + rtol * Math.abs(expecteds[i]);
                }
            } else {
                float atol = (float) close.atol();
                float rtol = (float) close.rtol();
                for (int i = 0; i < BLOCK; i++) {
                    tolerances[i] = atol + rtol * Math.abs((float) expecteds[i]);
                }
            }
        } else if (policy instanceof Policy.Certified) {
            bound.copyTo(Math.toIntExact(start), tolerances, length);
        } else {
            Arrays.fill(tolerances, policy instanceof Policy.WithinUlp ? Double.NaN : 0);
        }
    }

    /**
     * For each element, {@code over}: 0 unless its difference may be larger than the largest so far by any measure, is
     * outside its tolerance, or is NaN; and {@code differs}: 1 unless its difference is 0, where {@code over} is 0.
     *
     * <p>Where |a - e| &lt;= |e| / 2, both have one sign, the difference is exact (Sterbenz), and they are at most
     * |a - e| / ulp(min(|a|, |e|)) ULP apart: exactly so if no power of two lies between them. ulp(x) is 2 u ufp(x) or,
     * for a subnormal x, more; ufp(x), the largest power of two that is not above |x|, is |q - (1 - v) q| with
     * q = (1 / (2 v) + 1) x in float64, v = 2^-53 (S. M. Rump, Error estimation of floating-point summation and dot
     * product, BIT 52, 2012, algorithm 3.5). The JIT makes no SIMD of a number's bits; of this it does, if each
     * loop is short.
     */
    private void fillOver() {
        double absolute = tally.absolute.largest() * SCALE;
        for (int i = 0; i < BLOCK; i++) {
            double excess = differences[i] * SCALE - absolute;
            over[i] = excess + Math.abs(excess);
        }
        addExcess(Math.min(1, tally.fraction.largest() * LOWERED), tolerances);
        addExcess(Math.min(0.5, tally.relative.largest() * LOWERED), expecteds);
        for (int i = 0; i < BLOCK; i++) {
            scratch[i] = Math.min(Math.abs(actuals[i]), Math.abs(expecteds[i]));
        }
        for (int i = 0; i < BLOCK; i++) {
            double q = scratch[i] * (0x1p52 + 1);
            scratch[i] = q - (1 - 0x1p-53) * q;
        }
        addExcess(tally.ulp.largest() * 2 * dtype.unitRoundoff(), scratch);
        for (int i = 0; i < BLOCK; i++) {
            differs[i] = Math.min(1, differences[i] * SCALE * SCALED_TO_ONE);
        }
    }

    /** Makes {@code over} positive, or NaN, where a difference is above {@code factor} · |value|. */
    private void addExcess(double factor, double[] values) {
        double scaled = factor * SCALE;
        for (int i = 0; i < BLOCK; i++) {
            double excess = differences[i] * SCALE - scaled * Math.abs(values[i]);
            // x + |x| is 2 max(x, 0); sums of such numbers are 0 only if each is, and a NaN stays.
            over[i] += excess + Math.abs(excess);
        }
    }

    /** The sum of all elements, by way of {@code scratch}. In steps of constant width, or the JIT makes no SIMD of them. */
    private double total(double[] values) {
        for (int i = 0; i < 512; i++) {
            scratch[i] = values[i] + values[i + 512];
        }
        for (int i = 0; i < 256; i++) {
            scratch[i] += scratch[i + 256];
        }
        for (int i = 0; i < 128; i++) {
            scratch[i] += scratch[i + 128];
        }
        for (int i = 0; i < 64; i++) {
            scratch[i] += scratch[i + 64];
        }
        double total = 0;
        for (int i = 0; i < 64; i++) {
            total += scratch[i];
        }
        return total;
    }

    private void look(long position, double a, double e, double difference, double tolerance) {
        if (policy.isSame(a, e)) {
            if (Double.isNaN(tolerance) && policy instanceof Policy.Certified) {
                tally.undecidable++;
            }
        } else {
            tally.differing++;
            measure(position, a, e, tolerance);
            if (policy instanceof Policy.Certified && bound.isAlternative(Math.toIntExact(position), a)) {
                tally.ambiguous++;
            } else if (Double.isNaN(tolerance) && policy instanceof Policy.Certified) {
                tally.undecidable++;
            } else {
                judge(position, a, e, difference, tolerance);
            }
        }
    }

    private void measure(long position, double a, double e, double tolerance) {
        double difference = Math.abs(a - e);
        if (Double.isFinite(difference)) {
            offer(tally.absolute, difference, position, a, e, tolerance);
            if (e != 0) {
                offer(tally.relative, difference / Math.abs(e), position, a, e, tolerance);
            }
            offer(tally.ulp, Ulp.distance(dtype, a, e), position, a, e, tolerance);
        }
    }

    private static void offer(Extreme extreme, double value, long position, double a, double e, double tolerance) {
        if (extreme.isBeatenBy(value)) {
            extreme.set(value, new Element(position, a, e, tolerance));
        }
    }

    private void judge(long position, double a, double e, double difference, double tolerance) {
        boolean finite = Double.isFinite(a) && Double.isFinite(e);
        boolean sameValue = a == e; // and yet looked at: zeros whose signs count
        if (policy instanceof Policy.WithinUlp ulp) {
            long distance = Ulp.distance(dtype, a, e);
            if (distance < 0 || distance > ulp.most()) {
                fail(position, a, e, tolerance);
            }
            return;
        }
        if (finite) {
            double fraction = sameValue ? Double.POSITIVE_INFINITY : difference / tolerance;
            offer(tally.fraction, Double.isNaN(fraction) ? 0 : fraction, position, a, e, tolerance);
        }
        if (!finite || sameValue || !(difference <= tolerance)) {
            fail(position, a, e, tolerance);
        }
    }

    private void fail(long position, double a, double e, double tolerance) {
        tally.failing++;
        if (tally.first.size() < Comparison.LISTED) {
            tally.first.add(new Element(position, a, e, tolerance));
        }
        violation(a, e);
    }

    private void violation(double a, double e) {
        if (nanEqual && Double.isNaN(a) != Double.isNaN(e)) {
            tally.nanLocations++;
        } else if (Double.isInfinite(a) || Double.isInfinite(e)) {
            tally.infValues++;
        } else {
            tally.mismatched++;
            double difference = dtype.round(Math.abs(a - e));
            tally.largestAbsolute = Math.max(tally.largestAbsolute, difference);
            if (e != 0) {
                double relative = dtype.round(difference / Math.abs(e));
                tally.largestRelative = Math.max(tally.largestRelative, relative);
            }
        }
    }
}
