package org.npyparity.operation.conv;

import java.util.Arrays;
import org.npyparity.array.NdArray;
import org.npyparity.conv.MatrixEngine;

/**
 * The layer on float64 in one loop that even a JVM just started turns into SIMD: what bounds are computed by. It is on
 * trial nowhere, so it is not among the engines.
 */
final class PlainEngine extends MatrixEngine {
    /** Terms that are added to a row of sums in one pass over it. */
    private static final int TERMS = 4;

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public String description() {
        return "im2col, matrix products in plain loops, col2im; one thread";
    }

    @Override
    protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        int rows = c.shape()[0];
        int columns = c.shape()[1];
        int terms = a.shape()[transposeA ? 0 : 1];
        double[] right = transposeB ? transposed(b) : b.doubles();
        double[] left = a.doubles();
        double[] sums = c.doubles();
        Arrays.fill(sums, 0);
        if (transposeA) {
            for (int term = 0; term < terms; term += TERMS) {
                for (int row = 0; row < rows; row++) {
                    add(sums, row * columns, columns, left, row, rows, term, terms, right);
                }
            }
        } else {
            for (int row = 0; row < rows; row++) {
                for (int term = 0; term < terms; term += TERMS) {
                    add(sums, row * columns, columns, left, row * terms, 1, term, terms, right);
                }
            }
        }
    }

    /**
     * Adds {@value #TERMS} terms, or as many as are left, to a row of sums.
     *
     * @param left the factors of the row stand at first + term · step
     */
    private static void add(
            double[] sums,
            int start,
            int columns,
            double[] left,
            int first,
            int step,
            int term,
            int terms,
            double[] right) {
        int at = first + term * step;
        int from = term * columns;
        if (term + TERMS <= terms) {
            double a = left[at];
            double b = left[at + step];
            double c = left[at + 2 * step];
            double d = left[at + 3 * step];
            add(sums, start, columns, right, from, a, b, c, d);
            return;
        }
        for (int rest = term; rest < terms; rest++, at += step, from += columns) {
            for (int i = 0; i < columns; i++) {
                sums[start + i] += left[at] * right[from + i];
            }
        }
    }

    private static void add(
            double[] sums, int start, int columns, double[] right, int from, double a, double b, double c, double d) {
        int second = from + columns;
        int third = second + columns;
        int fourth = third + columns;
        for (int i = 0; i < columns; i++) {
            sums[start + i] +=
                    (a * right[from + i] + b * right[second + i]) + (c * right[third + i] + d * right[fourth + i]);
        }
    }

    private static double[] transposed(NdArray matrix) {
        int columns = matrix.shape()[1];
        double[] from = matrix.doubles();
        double[] to = new double[from.length];
        int rows = from.length / columns;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[column * rows + row] = from[row * columns + column];
            }
        }
        return to;
    }
}
