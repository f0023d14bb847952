package org.npyparity.compare;

import org.npyparity.array.DType;

/**
 * How far apart two elements can be that change nothing in a tally but its count of differing elements: by no measure
 * farther than two before them, and within the tolerance. Within means within all limits.
 *
 * <p>The limits follow the tally's records and err on the side of looking at an element. They need no division, and are
 * compared times {@link #SCALE}, which keeps products of a limit and a tiny number out of the subnormal range, where they
 * would be rounded away.
 */
final class Limits {
    /** More than 1 / u; see {@link Limits}. */
    static final double SCALE = 0x1p60;

    /** Past this a difference is always looked at: times {@link #SCALE} it might overflow. */
    private static final double LARGEST = 0x1p960;

    private static final long MOST_ULP = 1L << 61;

    private final DType dtype;
    private final Policy policy;

    private double absolute;
    private double relative;
    private double fraction;
    private double atol;
    private double rtol;
    private long ulp;

    Limits(DType dtype, Policy policy) {
        this.dtype = dtype;
        this.policy = policy;
    }

    /** Takes over the records. */
    void follow(Tally tally) {
        // Lowered by more than the rounding in a comparison, and under allclose in NumPy's own formula.
        double lowered = 1 - (policy instanceof Policy.AllClose && dtype == DType.FLOAT32 ? 0x1p-20 : 0x1p-40);
        double largest = tally.fraction.largest();
        fraction = Math.min(1, largest) * lowered * SCALE;
        absolute = Math.min(tally.absolute.largest(), LARGEST);
        relative = Math.min(0.5, tally.relative.largest()) * lowered * SCALE;
        long most = (long) tally.ulp.largest();
        if (policy instanceof Policy.WithinUlp within) {
            most = Math.min(most, within.most());
            atol = Double.MAX_VALUE;
        } else if (largest == 0) {
            absolute = 0;
        }
        // A ULP of float32 is at least 2^29 of float64.
        ulp = dtype == DType.FLOAT64 ? Math.min(most, MOST_ULP) : Math.min(most, MOST_ULP >> 29) << 29;
        if (policy instanceof Policy.AllClose close) {
            // rtol · |e| may be rounded down by half a subnormal. An infinite setting leaves all fractions 0, so each
            // element is looked at; a product that overflows is that of a record so large that none within the absolute
            // and the relative limit breaks it.
            atol = (close.atol() - dtype.smallestSubnormal()) * fraction;
            rtol = close.rtol() * fraction;
        }
    }

    /** The largest |a - e|; 0 while every element that differs is to be looked at. */
    double absolute() {
        return absolute;
    }

    /** {@link #SCALE} times the largest |a - e| / |e|, at most 1/2: so two numbers within it have one sign. */
    double relative() {
        return relative;
    }

    /** {@link #SCALE} times the largest |a - e| / tolerance, at most 1. */
    double fraction() {
        return fraction;
    }

    /** {@link #fraction} · tolerance, where the policy gives the tolerance, is at least this and {@link #rtol} · |e|. */
    double atol() {
        return atol;
    }

    /** See {@link #atol}. */
    double rtol() {
        return rtol;
    }

    /** The largest distance of two numbers of one sign, as the difference of their bits in float64. */
    long ulp() {
        return ulp;
    }
}
