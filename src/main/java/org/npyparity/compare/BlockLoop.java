package org.npyparity.compare;

import java.util.Arrays;
import org.npyparity.array.DType;
import org.npyparity.compare.Tally.Element;
import org.npyparity.compare.Tally.Extreme;

/**
 * Compares a piece of two arrays, block by block.
 *
 * <p>Nearly all elements of a correct array break no record: their differences are not larger, by any measure, than one
 * met before, nor outside the tolerance. {@link Limits} settle them without a division; the others are looked at.
 */
final class BlockLoop {
    static final int BLOCK = 256;

    private final Elements actual;
    private final Elements expected;
    private final DType dtype;
    private final Policy policy;
    private final Bound bound;
    private final boolean vectors;
    private final boolean certified;
    /** Whether equal bits are no proof of parity. */
    private final boolean equalMayFail;
    /** Whether no element may be passed over, not even an equal one. */
    private final boolean lookAtAll;

    private final Tally tally = new Tally();
    private final Limits limits;
    /** A block, from index {@link #first} on: the arrays on the heap themselves, or copies. */
    private final double[] actuals;

    private final double[] expecteds;
    private final boolean inPlace;
    private int first;
    /** What {@code certified} allows; zeros under other policies. */
    private final double[] tolerances = new double[BLOCK];

    /** @param vectors whether to pass over most elements many at a time; the JVM must have the module for it */
    BlockLoop(Elements actual, Elements expected, Policy policy, Bound bound, boolean vectors) {
        this.actual = actual;
        this.expected = expected;
        this.dtype = expected.dtype();
        this.policy = policy;
        this.bound = bound;
        this.vectors = vectors;
        this.certified = policy instanceof Policy.Certified;
        boolean undecidable = certified && bound.anyUndecidable();
        this.equalMayFail = !policy.equalNan() || undecidable;
        this.lookAtAll = policy.signedZeros() || undecidable;
        this.limits = new Limits(dtype, policy);
        if (actual instanceof Elements.OnHeap a && expected instanceof Elements.OnHeap e && dtype == DType.FLOAT64) {
            this.actuals = a.array().doubles();
            this.expecteds = e.array().doubles();
            this.inPlace = true;
        } else {
            this.actuals = new double[BLOCK];
            this.expecteds = new double[BLOCK];
            this.inPlace = false;
        }
    }

    /** Compares the elements [from, to), once. */
    Tally run(long from, long to) {
        for (long start = from; start < to; start += BLOCK) {
            compare(start, (int) Math.min(BLOCK, to - start));
        }
        return tally;
    }

    private void compare(long start, int length) {
        if (inPlace) {
            first = Math.toIntExact(start);
        } else {
            actual.read(start, actuals, length);
            expected.read(start, expecteds, length);
        }
        for (int i = 0; tally.allZero && i < length; i++) {
            tally.allZero = expecteds[first + i] == 0;
        }
        if (!equalMayFail && Arrays.mismatch(actuals, first, first + length, expecteds, first, first + length) < 0) {
            return;
        }
        if (certified) {
            bound.copyTo(Math.toIntExact(start), tolerances, length);
        }
        boolean each = lookAtAll || certified && bound.isAmbiguousWithin(start, start + length);
        if (vectors && !each && length == BLOCK) {
            int differing = SimdScreen.differing(actuals, expecteds, first, tolerances, limits);
            if (differing >= 0) {
                tally.differing += differing;
                return;
            }
        }
        for (int i = each ? 0 : passOver(0, length); i < length; i = each ? i + 1 : passOver(i + 1, length)) {
            look(start + i, actuals[first + i], expecteds[first + i], tolerances[i]);
            limits.follow(tally);
        }
    }

    /** Counts the elements that differ from the first on, up to one that is to be looked at: its index, or {@code to}. */
    private int passOver(int from, int to) {
        // In locals, or the JIT would read the fields again for each element.
        double absolute = limits.absolute();
        double relative = limits.relative();
        double fraction = limits.fraction();
        double atol = limits.atol();
        double rtol = limits.rtol();
        long ulp = limits.ulp();
        int differing = 0;
        int i = from;
        for (; i < to; i++) {
            double a = actuals[first + i];
            double e = expecteds[first + i];
            double difference = Math.abs(a - e);
            double scaled = difference * Limits.SCALE;
            double size = Math.abs(e);
            long apart = Double.doubleToRawLongBits(a) - Double.doubleToRawLongBits(e);
            if (difference <= absolute
                    && scaled <= relative * size
                    && scaled <= tolerances[i] * fraction + (atol + rtol * size)
                    && apart <= ulp
                    && apart >= -ulp) {
                differing += (int) (-Double.doubleToRawLongBits(difference) >>> 63);
            } else if (a != e) {
                break;
            } else if (apart != 0) {
                // Only zeros are equal and not the same; by their bits they are farther apart than any limit.
                tally.zeroSigns++;
            }
        }
        tally.differing += differing;
        return i;
    }

    private void look(long position, double a, double e, double bounded) {
        if (policy.isSame(a, e)) {
            if (Double.isNaN(bounded)) {
                tally.undecidable++;
            }
            if (a == e && Double.doubleToRawLongBits(a) != Double.doubleToRawLongBits(e)) {
                tally.zeroSigns++;
            }
            return;
        }
        double tolerance = tolerance(e, bounded);
        tally.differing++;
        measure(position, a, e, tolerance);
        if (certified && bound.isAlternative(Math.toIntExact(position), a)) {
            tally.ambiguous++;
        } else if (certified && Double.isNaN(tolerance)) {
            tally.undecidable++;
        } else {
            judge(position, a, e, tolerance);
        }
    }

    /** What the policy allows; NaN where it speaks of no difference. */
    private double tolerance(double e, double bounded) {
        if (policy instanceof Policy.AllClose close) {
            return close.tolerance(dtype, e);
        }
        return policy instanceof Policy.WithinUlp ? Double.NaN : bounded;
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

    private void judge(long position, double a, double e, double tolerance) {
        boolean finite = Double.isFinite(a) && Double.isFinite(e);
        boolean sameValue = a == e; // and yet looked at: zeros whose signs count
        if (policy instanceof Policy.WithinUlp ulp) {
            long distance = Ulp.distance(dtype, a, e);
            if (distance < 0 || distance > ulp.most()) {
                fail(position, a, e, tolerance);
            }
            return;
        }
        double difference = Math.abs(a - e);
        if (policy instanceof Policy.AllClose) {
            difference = dtype.round(difference);
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
        if (policy.equalNan() && Double.isNaN(a) != Double.isNaN(e)) {
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
