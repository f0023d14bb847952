package org.npyparity.compare;

import org.npyparity.array.DType;

/**
 * The certified bound of a sum: how far two correct computations of it can be apart.
 *
 * <p>A sum of n products computed in any order, with or without FMA, in precision u or a wider one, differs from the
 * exact value by at most γ(n) S + n η, where S is the sum of the absolute products, γ(n) = n u / (1 - n u) and η the
 * smallest subnormal (Higham, <i>Accuracy and Stability of Numerical Algorithms</i>, 2nd ed., §3.1 and §2.8 for
 * underflow). Two such computations differ by at most twice that.
 *
 * <p>S itself is computed in float64 by an engine, from n or fewer nonnegative terms, so it is rounded outward: divided
 * by 1 - γ64(n + 2), and the whole right side multiplied by 1 + 2^-50.
 */
public final class RoundingBound {
    /** Past this n · u the first-order analysis is no longer worth trusting, and the verdict is undecidable. */
    public static final double LARGEST_NU = 1.0 / 8;

    private static final double OUTWARD = 1 + 0x1p-50;

    private final DType dtype;

    public RoundingBound(DType dtype) {
        this.dtype = dtype;
    }

    /** γ(n) = n u / (1 - n u); NaN when n u &gt; 1/8. */
    public double gamma(int n) {
        double nu = n * dtype.unitRoundoff();
        return nu > LARGEST_NU ? Double.NaN : nu / (1 - nu);
    }

    /** The exact sum of absolute products is at most this. */
    public static double outward(double sum, int n) {
        double nu = (n + 2) * DType.FLOAT64.unitRoundoff();
        return (sum + n * DType.FLOAT64.smallestSubnormal()) / (1 - nu / (1 - nu)) * OUTWARD;
    }

    /**
     * The tolerance between two computations of a sum.
     *
     * @param sum the sum of the absolute values of its terms, computed in float64, at least 0
     * @param n how many terms are not zero
     * @return 2 γ(n) S + 2 n η rounded outward; NaN (undecidable) when n u &gt; 1/8 or when a partial sum might overflow
     */
    public double between(double sum, int n) {
        if (n == 0) {
            return 0;
        }
        double gamma = gamma(n);
        double most = outward(sum, n);
        // Written so that a NaN anywhere ends here too.
        if (!(most * (1 + gamma) < dtype.largest())) {
            return Double.NaN;
        }
        return 2 * (gamma * most + n * dtype.smallestSubnormal()) * OUTWARD;
    }

    /**
     * {@link #between} for a matrix of sums (rows, columns), in place.
     *
     * @param sums in: the sums of absolute values; out: the tolerances
     * @param terms how many nonzero terms each sum has
     * @return the bound over {@code sums}
     */
    public Bound bound(double[] sums, Terms terms) {
        double noticed = 0;
        int position = 0;
        int rows = terms.columns() == 0 ? 0 : sums.length / terms.columns();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < terms.columns(); column++, position++) {
                int n = terms.at(row, column);
                double sum = sums[position];
                double tolerance = between(sum, n);
                sums[position] = tolerance;
                if (sum > 0 && tolerance * n > noticed * sum) {
                    noticed = tolerance / sum * n;
                }
            }
        }
        return Bound.of(sums, noticed);
    }

    /**
     * {@link #outward(double, int)} for a matrix of sums, in place.
     *
     * @return {@code sums}
     */
    public double[] outward(double[] sums, Terms terms) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = outward(sums[i], terms.at(i / terms.columns(), i % terms.columns()));
        }
        return sums;
    }

    /**
     * How many terms the sums of a matrix have: the smaller of a count for each row and one for each column.
     *
     * @param byRow a count for each row; one element stands for all rows
     * @param byColumn a count for each column; its length is the number of columns
     */
    public record Terms(int[] byRow, int[] byColumn) {
        /** Counts that differ by row only. */
        public static Terms byRow(int[] counts, int columns) {
            int[] unlimited = new int[columns];
            java.util.Arrays.fill(unlimited, Integer.MAX_VALUE);
            return new Terms(counts, unlimited);
        }

        /** Counts that differ by column only. */
        public static Terms byColumn(int[] counts) {
            return new Terms(new int[] {Integer.MAX_VALUE}, counts);
        }

        int columns() {
            return byColumn.length;
        }

        int at(int row, int column) {
            return Math.min(byRow[byRow.length == 1 ? 0 : row], byColumn[column]);
        }
    }
}
