package org.npyparity.compare;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;

/**
 * The certified bound of a sum: how far two correct computations of it can be apart.
 *
 * <p>A sum of n products, computed in any order, with or without FMA, in precision u or a wider one, differs from the
 * exact value by at most γ(n) S + n η. S is the sum of the absolute products, γ(n) = n u / (1 - n u), and η the smallest
 * subnormal: a product that underflows is off by η/2 at most, and a sum never underflows (Higham, <i>Accuracy and
 * Stability of Numerical Algorithms</i>, 2nd ed., §3.1 for γ, §2.8 for underflow). Two such computations differ by at
 * most twice that.
 *
 * <p>S is computed in float64 from n nonnegative terms and so may come out too small: it is divided by 1 - γ64(n + 2)
 * after n η64 was added. All constants are multiplied by 1 + 2^-50, a multiple of the few roundings in their own
 * computation.
 */
public final class RoundingBound {
    /** Past this n · u the bound is worth nothing, and the verdict is undecidable. */
    public static final double LARGEST_NU = 1.0 / 8;

    private static final double OUTWARD = 1 + 0x1p-50;

    private final DType dtype;

    public RoundingBound(DType dtype) {
        this.dtype = dtype;
    }

    private static double gamma(double n, DType dtype) {
        double nu = n * dtype.unitRoundoff();
        return nu > LARGEST_NU ? Double.NaN : nu / (1 - nu);
    }

    /** γ(n) = n u / (1 - n u), rounded to nearest; NaN when n u &gt; 1/8. */
    public double gamma(int n) {
        return gamma(n, dtype);
    }

    /** How much too small a float64 sum of n nonnegative terms can be, as a factor of at least 1. */
    private static double outwardFactor(int n) {
        return OUTWARD / (1 - gamma(n + 2.0, DType.FLOAT64));
    }

    /**
     * An upper limit of a sum of n nonnegative terms.
     *
     * @param sum what float64 arithmetic made of it, in any order
     * @param n how many terms are not zero
     */
    public static double outward(double sum, int n) {
        return n == 0 ? 0 : (sum + n * DType.FLOAT64.smallestSubnormal()) * outwardFactor(n) * OUTWARD;
    }

    /** 2 γ(n) S + 2 n η as a straight line over the float64 value of S. NaN when n u &gt; 1/8. */
    private double slope(int n) {
        return 2 * gamma(n) * outwardFactor(n) * OUTWARD;
    }

    /** The line's value at 0. */
    private double intercept(int n) {
        return (slope(n) * (n * DType.FLOAT64.smallestSubnormal()) + 2 * (n * dtype.smallestSubnormal())) * OUTWARD;
    }

    /** A partial sum, at most S (1 + γ(n)), cannot overflow while the float64 value of S is below this. */
    private double limit(int n) {
        double gamma = gamma(n);
        return Double.isNaN(gamma) ? 0 : dtype.largest() / (outwardFactor(n) * OUTWARD * (1 + gamma));
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
        // Written so that a NaN ends here too.
        return sum < limit(n) ? slope(n) * sum + intercept(n) : Double.NaN;
    }

    /**
     * {@link #between} for a matrix of sums (rows, columns).
     *
     * @param sums the sums of absolute values, computed in float64; not copied, and not to be changed any more
     * @param terms how many nonzero terms each sum has
     * @param zeroIsExact whether a sum that is 0 has no term but zeros, and not products that underflowed to 0 in
     *     float64. Then every correct computation gives 0, and the tolerance there is 0. Asked of a sum's position, the
     *     first time before this method returns
     * @param decided where a NaN or an infinity decides the value whatever is rounded, so that the tolerance is 0 unless
     *     nothing can be proven; null for nowhere
     */
    public Bound bound(double[] sums, Terms terms, IntPredicate zeroIsExact, boolean @Nullable [] decided) {
        Lines lines = new Lines(this, sums, terms, zeroIsExact, decided);
        return Bound.of(lines, lines.noticedDrop);
    }

    /**
     * How many nonzero terms, at most, the sums of a matrix have: the smaller of a count for each row and one for each
     * column.
     *
     * @param byRow a count for each row; one element stands for all rows
     * @param byColumn a count for each column; its length is the number of columns
     */
    public record Terms(int[] byRow, int[] byColumn) {
        /** Counts that differ by row only. */
        public static Terms byRow(int[] counts, int columns) {
            int[] unlimited = new int[columns];
            Arrays.fill(unlimited, Integer.MAX_VALUE);
            return new Terms(counts, unlimited);
        }

        /** Counts that differ by column only. */
        public static Terms byColumn(int[] counts) {
            return new Terms(new int[] {Integer.MAX_VALUE}, counts);
        }

        int columns() {
            return byColumn.length;
        }

        /** Whether the columns have one count. */
        boolean areAlikeInEachRow() {
            for (int count : byColumn) {
                if (count != byColumn[0]) {
                    return false;
                }
            }
            return true;
        }

        /** The count of the sum at a position in C order. */
        public int at(int position) {
            return at(position / columns(), position % columns());
        }

        int at(int row, int column) {
            return Math.min(byRow[byRow.length == 1 ? 0 : row], byColumn[column]);
        }
    }

    /** Tolerances as lines over the sums, computed where they are asked for: a second matrix would only cost memory. */
    private static final class Lines implements Bound.Tolerances {
        private final RoundingBound rounding;
        private final double[] sums;
        private final Terms terms;
        private final IntPredicate zeroIsExact;
        private final boolean @Nullable [] decided;
        private final int columns;
        /** For each row: the line of all its elements; NaN where they differ or one is no point of the line. */
        private final double[] slopes;

        private final double[] intercepts;
        private boolean undecidable;
        private double noticedDrop;

        Lines(
                RoundingBound rounding,
                double[] sums,
                Terms terms,
                IntPredicate zeroIsExact,
                boolean @Nullable [] decided) {
            this.rounding = rounding;
            this.sums = sums;
            this.terms = terms;
            this.zeroIsExact = zeroIsExact;
            this.decided = decided;
            this.columns = terms.columns();
            this.slopes = new double[sums.length / columns];
            this.intercepts = new double[slopes.length];
            int last = -1;
            double slope = 0;
            double intercept = 0;
            double limit = 0;
            boolean regular = decided == null && terms.areAlikeInEachRow();
            for (int row = 0; row < slopes.length; row++) {
                slopes[row] = Double.NaN;
                int n = terms.at(row, 0);
                if (regular && n > 0) {
                    if (n != last) {
                        slope = rounding.slope(n);
                        intercept = rounding.intercept(n);
                        limit = rounding.limit(n);
                        last = n;
                    }
                    double least = Double.POSITIVE_INFINITY;
                    double most = 0;
                    for (int i = row * columns; i < (row + 1) * columns; i++) {
                        least = Math.min(least, sums[i]);
                        most = Math.max(most, sums[i]);
                    }
                    if (least > 0 && most < limit) {
                        slopes[row] = slope;
                        intercepts[row] = intercept;
                        noticedDrop = Math.max(noticedDrop, n * (slope + intercept / least));
                        continue;
                    }
                }
                look(row);
            }
        }

        /** Looks at each element of a row. */
        private void look(int row) {
            for (int column = 0; column < columns; column++) {
                int i = row * columns + column;
                double tolerance = at(i);
                undecidable |= Double.isNaN(tolerance);
                if (sums[i] > 0 && tolerance > 0) {
                    noticedDrop = Math.max(noticedDrop, tolerance / sums[i] * terms.at(row, column));
                }
            }
        }

        @Override
        public int size() {
            return sums.length;
        }

        @Override
        public double at(int position) {
            if (sums[position] == 0 && zeroIsExact.test(position)) {
                return 0;
            }
            double tolerance = rounding.between(sums[position], terms.at(position));
            return decided != null && decided[position] && !Double.isNaN(tolerance) ? 0 : tolerance;
        }

        @Override
        public void copyTo(int start, double[] to, int length) {
            int row = start / columns;
            for (int done = 0; done < length; row++) {
                double slope = slopes[row];
                double intercept = intercepts[row];
                // Rows of one line as one: a row may be short, and a loop has its costs.
                while ((row + 1L) * columns - start < length
                        && slopes[row + 1] == slope
                        && intercepts[row + 1] == intercept) {
                    row++;
                }
                int end = (int) Math.min(length, (row + 1L) * columns - start);
                if (Double.isNaN(slope)) {
                    for (int i = done; i < end; i++) {
                        to[i] = at(start + i);
                    }
                } else {
                    System.arraycopy(sums, start + done, to, done, end - done);
                    for (int i = done; i < end; i++) {
                        to[i] = slope * to[i] + intercept;
                    }
                }
                done = end;
            }
        }

        @Override
        public boolean anyUndecidable() {
            return undecidable;
        }
    }
}
