package org.npyparity.compare;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How far each element of an array may be from its expected value.
 *
 * <p>Made by {@link RoundingBound} from the rounding-error analysis of a sum, or {@link #exact} for a copy.
 */
public final class Bound {
    private final double @Nullable [] tolerances;
    private final double noticedDrop;
    private final int[] ambiguous;
    private final double[] alternatives;

    private Bound(double @Nullable [] tolerances, double noticedDrop, int[] ambiguous, double[] alternatives) {
        this.tolerances = tolerances;
        this.noticedDrop = noticedDrop;
        this.ambiguous = ambiguous;
        this.alternatives = alternatives;
    }

    /** No difference at all: the bound of a copy. */
    public static Bound exact() {
        return new Bound(null, 0, new int[0], new double[0]);
    }

    /**
     * A tolerance for each element, in C order; NaN where nothing can be proven.
     *
     * @param noticedDrop the power: the largest, over the elements, of tolerance / mean absolute term
     */
    public static Bound of(double[] tolerances, double noticedDrop) {
        return new Bound(tolerances, noticedDrop, new int[0], new double[0]);
    }

    /**
     * This bound, but at some elements another value is as right as the expected one.
     *
     * @param positions in C order, ascending
     * @param values the other value at each of them
     */
    public Bound orElse(int[] positions, double[] values) {
        return new Bound(tolerances, noticedDrop, positions, values);
    }

    /** This bound with another tolerance array, made from this one's by {@code change}; a copy's stays as it is. */
    public Bound map(UnaryOperator<double[]> change) {
        return tolerances == null ? this : of(change.apply(tolerances), noticedDrop);
    }

    /** This bound with each tolerance enlarged by {@code extra}; NaN (undecidable) where that is not finite. */
    public Bound plus(double[] extra) {
        return map(old -> {
            double[] sum = old.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] = Double.isFinite(extra[i]) ? sum[i] + extra[i] : Double.NaN;
            }
            return sum;
        });
    }

    /** The largest |actual - expected| allowed at a position in C order; NaN where nothing can be proven. */
    public double at(int position) {
        return tolerances == null ? 0 : tolerances[position];
    }

    /** Copies the tolerances of [start, start + length) into {@code to}. */
    void copyTo(int start, double[] to, int length) {
        if (tolerances == null) {
            Arrays.fill(to, 0, length, 0);
        } else {
            System.arraycopy(tolerances, start, to, 0, length);
        }
    }

    /** Whether {@code actual} is the other right value at that position. */
    public boolean isAlternative(int position, double actual) {
        int i = Arrays.binarySearch(ambiguous, position);
        return i >= 0 && (alternatives[i] == actual || Double.isNaN(alternatives[i]) && Double.isNaN(actual));
    }

    /** How many elements have two right values. */
    public int ambiguous() {
        return ambiguous.length;
    }

    public boolean isExact() {
        return tolerances == null;
    }

    /**
     * The power of the bound: a term dropped from a sum is noticed for sure if it exceeds this many times the mean
     * absolute term of that sum. The worst element counts; 0 for a copy, where everything is noticed.
     */
    public double noticedDrop() {
        return noticedDrop;
    }

    /** How many elements have a tolerance, of {@code size}. */
    int requireSize(int size) {
        if (tolerances != null && tolerances.length != size) {
            throw new IllegalArgumentException(
                    "the bound has " + tolerances.length + " tolerances: the arrays have " + size + " elements");
        }
        return size;
    }
}
