package org.npyparity.compare;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far each element of an array may be from its expected value.
 *
 * <p>Made by {@link RoundingBound} from the rounding-error analysis of a sum, or {@link #exact} for a copy. Immutable
 * and safe for use by several threads.
 */
public final class Bound {
    /** A tolerance for each element, in C order. */
    interface Tolerances {
        /** How many elements there are. */
        int size();

        /** The tolerance at a position; NaN where nothing can be proven. */
        double at(int position);

        /** Copies the tolerances of [start, start + length) into {@code to}. */
        void copyTo(int start, double[] to, int length);

        /** Whether one of them is NaN. */
        boolean anyUndecidable();
    }

    private static final int[] NOWHERE = {};
    private static final double[] NOTHING = {};

    private static final Bound EXACT = new Bound(null, null, 0, NOWHERE, NOTHING);

    private final @Nullable Tolerances tolerances;
    /** What may come on top because the two sides may sum different terms. */
    private final double @Nullable [] choice;

    private final double noticedDrop;
    private final int[] ambiguous;
    private final double[] alternatives;

    private Bound(
            @Nullable Tolerances tolerances,
            double @Nullable [] choice,
            double noticedDrop,
            int[] ambiguous,
            double[] alternatives) {
        this.tolerances = tolerances;
        this.choice = choice;
        this.noticedDrop = noticedDrop;
        this.ambiguous = ambiguous;
        this.alternatives = alternatives;
    }

    /** No difference at all: the bound of a copy. */
    public static Bound exact() {
        return EXACT;
    }

    static Bound of(Tolerances tolerances, double noticedDrop) {
        return new Bound(tolerances, null, noticedDrop, NOWHERE, NOTHING);
    }

    /**
     * A tolerance for each element, in C order, not copied; NaN or infinite where nothing can be proven: what allows
     * everything is no pass.
     *
     * @param noticedDrop see {@link #noticedDrop()}
     */
    public static Bound of(double[] tolerances, double noticedDrop) {
        return of(new Given(tolerances), noticedDrop);
    }

    private record Given(double[] values, boolean anyUndecidable) implements Tolerances {
        Given(double[] values) {
            this(values, !allFinite(values));
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public double at(int position) {
            return values[position];
        }

        @Override
        public void copyTo(int start, double[] to, int length) {
            System.arraycopy(values, start, to, 0, length);
            for (int i = 0; anyUndecidable && i < length; i++) {
                to[i] = finiteOrNaN(to[i]);
            }
        }
    }

    /**
     * This bound, but at some elements another value is as right as the expected one.
     *
     * @param positions in C order, ascending
     * @param values the other value at each of them
     */
    public Bound orElse(int[] positions, double[] values) {
        return new Bound(tolerances, choice, noticedDrop, positions, values);
    }

    /**
     * This bound, widened because the two sides may choose different terms to sum.
     *
     * @param apart how far apart the choices can move each sum, not copied; NaN or infinite where that is not known
     * @param power see {@link #noticedDrop()}, of the whole
     * @throws IllegalStateException for the bound of a copy
     */
    public Bound plusChoice(double[] apart, double power) {
        if (tolerances == null) {
            throw new IllegalStateException("a copy chooses nothing: expected the bound of a sum");
        }
        return new Bound(tolerances, apart, power, ambiguous, alternatives);
    }

    /** The largest |actual - expected| allowed at a position in C order; NaN where nothing can be proven. */
    public double at(int position) {
        return tolerances == null ? 0 : finiteOrNaN(tolerances.at(position) + choice(position));
    }

    /**
     * How far one correct computation can be from the exact value: rounding counts once and not for two sides.
     *
     * @return NaN where nothing can be proven
     */
    public double oneSided(int position) {
        return tolerances == null ? 0 : finiteOrNaN(tolerances.at(position) / 2 + choice(position));
    }

    private double choice(int position) {
        return choice == null ? 0 : choice[position];
    }

    private static double finiteOrNaN(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }

    /** Copies the tolerances of [start, start + length) into {@code to}. */
    public void copyTo(int start, double[] to, int length) {
        if (tolerances == null) {
            Arrays.fill(to, 0, length, 0);
            return;
        }
        tolerances.copyTo(start, to, length);
        if (choice != null) {
            for (int i = 0; i < length; i++) {
                to[i] = finiteOrNaN(to[i] + choice[start + i]);
            }
        }
    }

    /** Whether {@code value} is the other right value at that position. */
    public boolean isAlternative(int position, double value) {
        int i = Arrays.binarySearch(ambiguous, position);
        return i >= 0 && (alternatives[i] == value || Double.isNaN(alternatives[i]) && Double.isNaN(value));
    }

    /** Whether an element of [from, to) has two right values. */
    boolean isAmbiguousWithin(long from, long to) {
        if (ambiguous.length == 0) {
            return false;
        }
        int next = Arrays.binarySearch(ambiguous, Math.toIntExact(from));
        next = next < 0 ? -next - 1 : next;
        return next < ambiguous.length && ambiguous[next] < to;
    }

    /** How many elements have two right values. */
    public int ambiguous() {
        return ambiguous.length;
    }

    public boolean isExact() {
        return tolerances == null;
    }

    /** Whether nothing can be proven of some element. */
    boolean anyUndecidable() {
        return tolerances != null && (tolerances.anyUndecidable() || choice != null && !allFinite(choice));
    }

    private static boolean allFinite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The power of the bound: the tolerance as a multiple of the mean absolute term of its sum, at the element where
     * that is largest. A dropped term smaller than that may pass; one of twice that never does, for the roundings on
     * both sides can hide as much as the tolerance. 0 for a copy, where everything is noticed; undecidable elements, and
     * sums of zeros only, do not count.
     */
    public double noticedDrop() {
        return noticedDrop;
    }

    void requireSize(long size) {
        if (tolerances != null && tolerances.size() != size) {
            throw new IllegalArgumentException(
                    "the bound has " + tolerances.size() + " tolerances: the arrays have " + size + " elements");
        }
    }
}
