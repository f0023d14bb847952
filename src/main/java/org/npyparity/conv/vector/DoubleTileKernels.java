package org.npyparity.conv.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles for float64. {@link FloatTileKernels} is this file with the other type: a test compares the two.
 *
 * <p>What the JIT of JDK 17 needs, seen in its output: every sum in a local variable of its own (arrays of vectors are
 * boxed); one loop, not two nested ones (their sums are boxed at the outer one); bounds that the loop's counter reaches
 * by a constant step, so that the checks leave the loop.
 */
final class DoubleTileKernels extends TileKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int NARROW = 2 * LANES;
    private static final int WIDE = 4 * LANES;

    static final DoubleTileKernels INSTANCE = new DoubleTileKernels();

    private DoubleTileKernels() {
        super(SPECIES.length(), Registers.areMany(SPECIES));
    }

    @Override
    Object zeros(int length) {
        return new double[length];
    }

    @Override
    void clear(Object elements, int start, int end) {
        Arrays.fill((double[]) elements, start, end, 0);
    }

    @Override
    void rowsTile(
            boolean isWide,
            Object a,
            int[] aRows,
            int firstRow,
            int aShift,
            Object b,
            int bAt,
            int length,
            Object out,
            int[] outRows,
            int firstOut,
            int outShift) {
        double[] left = (double[]) a;
        double[] right = (double[]) b;
        double[] result = (double[]) out;
        if (isWide) {
            wideRows(left, aRows, firstRow, aShift, right, bAt, length, result, outRows, firstOut, outShift);
        } else {
            narrowRows(left, aRows, firstRow, aShift, right, bAt, length, result, outRows, firstOut, outShift);
        }
    }

    @Override
    void columnsTile(Object a, int aAt, int aStep, Object b, int bAt, int length, Object out, int outAt, int outStep) {
        narrowColumns((double[]) a, aAt, aStep, (double[]) b, bAt, length, (double[]) out, outAt, outStep);
    }

    /** 6 rows times 4 vectors. */
    private static void wideRows(
            double[] a,
            int[] aRows,
            int firstRow,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int firstOut,
            int outShift) {
        int a0 = aRows[firstRow] + aShift;
        int a1 = aRows[firstRow + 1] + aShift;
        int a2 = aRows[firstRow + 2] + aShift;
        int a3 = aRows[firstRow + 3] + aShift;
        int a4 = aRows[firstRow + 4] + aShift;
        int a5 = aRows[firstRow + 5] + aShift;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        DoubleVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        DoubleVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        DoubleVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        DoubleVector c40 = zero, c41 = zero, c42 = zero, c43 = zero;
        DoubleVector c50 = zero, c51 = zero, c52 = zero, c53 = zero;
        for (int k = 0; k < length; k++) {
            int at = bAt + k * WIDE;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, at);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, at + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, at + 2 * LANES);
            DoubleVector b3 = DoubleVector.fromArray(SPECIES, b, at + 3 * LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = DoubleVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = DoubleVector.broadcast(SPECIES, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = DoubleVector.broadcast(SPECIES, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
            x = DoubleVector.broadcast(SPECIES, a[a4 + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            c43 = x.fma(b3, c43);
            x = DoubleVector.broadcast(SPECIES, a[a5 + k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            c53 = x.fma(b3, c53);
        }
        addTo(out, outRows[firstOut] + outShift, c00, c01, c02, c03);
        addTo(out, outRows[firstOut + 1] + outShift, c10, c11, c12, c13);
        addTo(out, outRows[firstOut + 2] + outShift, c20, c21, c22, c23);
        addTo(out, outRows[firstOut + 3] + outShift, c30, c31, c32, c33);
        addTo(out, outRows[firstOut + 4] + outShift, c40, c41, c42, c43);
        addTo(out, outRows[firstOut + 5] + outShift, c50, c51, c52, c53);
    }

    /** 6 rows times 2 vectors. */
    private static void narrowRows(
            double[] a,
            int[] aRows,
            int firstRow,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int firstOut,
            int outShift) {
        int a0 = aRows[firstRow] + aShift;
        int a1 = aRows[firstRow + 1] + aShift;
        int a2 = aRows[firstRow + 2] + aShift;
        int a3 = aRows[firstRow + 3] + aShift;
        int a4 = aRows[firstRow + 4] + aShift;
        int a5 = aRows[firstRow + 5] + aShift;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero;
        DoubleVector c10 = zero, c11 = zero;
        DoubleVector c20 = zero, c21 = zero;
        DoubleVector c30 = zero, c31 = zero;
        DoubleVector c40 = zero, c41 = zero;
        DoubleVector c50 = zero, c51 = zero;
        for (int k = 0; k < length; k++) {
            int at = bAt + k * NARROW;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, at);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, at + LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = DoubleVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = DoubleVector.broadcast(SPECIES, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = DoubleVector.broadcast(SPECIES, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = DoubleVector.broadcast(SPECIES, a[a4 + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = DoubleVector.broadcast(SPECIES, a[a5 + k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        addTo(out, outRows[firstOut] + outShift, c00, c01);
        addTo(out, outRows[firstOut + 1] + outShift, c10, c11);
        addTo(out, outRows[firstOut + 2] + outShift, c20, c21);
        addTo(out, outRows[firstOut + 3] + outShift, c30, c31);
        addTo(out, outRows[firstOut + 4] + outShift, c40, c41);
        addTo(out, outRows[firstOut + 5] + outShift, c50, c51);
    }

    /** 6 columns times 2 vectors. */
    private static void narrowColumns(
            double[] a, int aAt, int aStep, double[] b, int bAt, int length, double[] out, int outAt, int outStep) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero;
        DoubleVector c10 = zero, c11 = zero;
        DoubleVector c20 = zero, c21 = zero;
        DoubleVector c30 = zero, c31 = zero;
        DoubleVector c40 = zero, c41 = zero;
        DoubleVector c50 = zero, c51 = zero;
        for (int k = 0; k < length; k++) {
            int at = bAt + k * NARROW;
            int first = aAt + k * aStep;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, at);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, at + LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[first]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = DoubleVector.broadcast(SPECIES, a[first + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = DoubleVector.broadcast(SPECIES, a[first + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = DoubleVector.broadcast(SPECIES, a[first + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = DoubleVector.broadcast(SPECIES, a[first + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = DoubleVector.broadcast(SPECIES, a[first + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        addTo(out, outAt, c00, c01);
        addTo(out, outAt + outStep, c10, c11);
        addTo(out, outAt + 2 * outStep, c20, c21);
        addTo(out, outAt + 3 * outStep, c30, c31);
        addTo(out, outAt + 4 * outStep, c40, c41);
        addTo(out, outAt + 5 * outStep, c50, c51);
    }

    private static void addTo(double[] out, int at, DoubleVector c0, DoubleVector c1) {
        c0.add(DoubleVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c1.add(DoubleVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
    }

    private static void addTo(
            double[] out, int at, DoubleVector c0, DoubleVector c1, DoubleVector c2, DoubleVector c3) {
        addTo(out, at, c0, c1);
        addTo(out, at + NARROW, c2, c3);
    }

    @Override
    void addTile(Object tile, Object out, int[] outRows, int from, int to, int width) {
        double[] sums = (double[]) tile;
        double[] result = (double[]) out;
        for (int r = from; r < to; r++) {
            int start = outRows[r];
            for (int j = 0; j < width; j++) {
                result[start + j] += sums[r * wide + j];
            }
        }
    }

    @Override
    void pack(Object from, int at, int step, PackedMatrix to, int panel, int firstRow, int rows) {
        double[] source = (double[]) from;
        double[] target = (double[]) to.elements;
        int width = to.width(panel);
        int vectors = width - width % LANES;
        for (int k = 0; k < rows; k++) {
            int start = at + k * step + to.firstColumn(panel);
            int start2 = to.at(panel, firstRow + k);
            for (int j = 0; j < vectors; j += LANES) {
                DoubleVector.fromArray(SPECIES, source, start + j).intoArray(target, start2 + j);
            }
            for (int j = vectors; j < width; j++) {
                target[start2 + j] = source[start + j];
            }
        }
    }

    @Override
    void packTransposed(Object from, int at, int step, PackedMatrix to, int panel, int firstRow, int rows) {
        double[] source = (double[]) from;
        double[] target = (double[]) to.elements;
        int pitch = to.paddedWidth(panel);
        for (int j = 0; j < to.width(panel); j++) {
            int start = at + (to.firstColumn(panel) + j) * step;
            int start2 = to.at(panel, firstRow) + j;
            for (int k = 0; k < rows; k++) {
                target[start2 + k * pitch] = source[start + k];
            }
        }
    }

    @Override
    void addBiasAndRelu(Object elements, int at, int step, int rows, Object bias, int from, int to) {
        double[] values = (double[]) elements;
        double[] addend = (double[]) bias;
        for (int row = 0; row < rows; row++) {
            int start = at + row * step;
            for (int j = from; j < to; j++) {
                values[start + j] = Math.max(values[start + j] + addend[j], 0);
            }
        }
    }

    @Override
    boolean isFinite(Object elements, int start, int end) {
        double[] values = (double[]) elements;
        // 0 times a finite number is a zero and times any other NaN, which no addition takes away again.
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector sum = zero;
        int i = start;
        for (; i + LANES <= end; i += LANES) {
            sum = DoubleVector.fromArray(SPECIES, values, i).fma(zero, sum);
        }
        double rest = 0;
        for (; i < end; i++) {
            rest += values[i] * 0;
        }
        for (double lane : sum.toArray()) {
            rest += lane;
        }
        return rest == 0;
    }

    @Override
    void add(Object from, int at, Object to, int toAt, int length) {
        double[] addend = (double[]) from;
        double[] sum = (double[]) to;
        for (int i = 0; i < length; i++) {
            sum[toAt + i] += addend[at + i];
        }
    }
}
