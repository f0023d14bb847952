package org.npyparity.compare;

import org.npyparity.array.DType;

/** Distances in units in the last place: how many representable numbers lie between two, as NumPy counts them. */
public final class Ulp {
    private Ulp() {}

    /**
     * The distance between two numbers of that type; 0 for +0 and -0, saturated at 2^63 - 1.
     *
     * @return -1 if either is NaN
     */
    public static long distance(DType dtype, double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return -1;
        }
        long x = dtype == DType.FLOAT64 ? ordered(a) : ordered((float) a);
        long y = dtype == DType.FLOAT64 ? ordered(b) : ordered((float) b);
        long difference = x - y;
        if (((x ^ y) & (x ^ difference)) < 0 || difference == Long.MIN_VALUE) {
            return Long.MAX_VALUE;
        }
        return Math.abs(difference);
    }

    /** The rank of a number among all of its type: 0 for both zeros, 1 for the smallest subnormal. */
    private static long ordered(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits < 0 ? Long.MIN_VALUE - bits : bits;
    }

    private static long ordered(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits < 0 ? (long) Integer.MIN_VALUE - bits : bits;
    }
}
