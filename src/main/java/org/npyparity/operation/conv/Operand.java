package org.npyparity.operation.conv;

import java.util.function.DoubleUnaryOperator;
import org.npyparity.array.NdArray;

/** An array's absolute values in float64, in the forms that bounds are computed from. Not safe for several threads. */
final class Operand {
    /** What stands for an element x. */
    enum Form {
        /** |x|, and 0 for NaN and infinities: what is left decides the bound. */
        FINITE,
        /** |x|: shows which sums a NaN or an infinity reaches. */
        ALL,
        /** 1 for NaN and infinities, else 0. */
        NONFINITE,
        /** 0 for 0, else 1. */
        NONZERO,
        /** 1. */
        ONES
    }

    private final NdArray values;
    private final NdArray all;
    private final NdArray finite;
    private final boolean isFinite;
    private double least = Double.NaN;

    Operand(NdArray values) {
        this.values = values;
        this.all = values.magnitudes();
        this.isFinite = all.isFinite();
        this.finite = isFinite ? all : map(x -> Double.isFinite(x) ? x : 0);
    }

    /** The array itself. */
    NdArray values() {
        return values;
    }

    boolean isFinite() {
        return isFinite;
    }

    NdArray in(Form form) {
        return switch (form) {
            case FINITE -> finite;
            case ALL -> all;
            case NONFINITE -> map(x -> Double.isFinite(x) ? 0 : 1);
            case NONZERO -> map(x -> x == 0 ? 0 : 1);
            case ONES -> map(x -> 1);
        };
    }

    private NdArray map(DoubleUnaryOperator function) {
        double[] from = all.doubles();
        double[] to = new double[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = function.applyAsDouble(from[i]);
        }
        return NdArray.of(to, all.shape());
    }

    /** The least finite magnitude that is not 0; infinite if there is none. */
    double least() {
        if (Double.isNaN(least)) {
            double smallest = Double.POSITIVE_INFINITY;
            for (double x : finite.doubles()) {
                if (x > 0 && x < smallest) {
                    smallest = x;
                }
            }
            least = smallest;
        }
        return least;
    }
}
