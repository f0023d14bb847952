package org.npyparity.conv.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles for float32. {@link DoubleTileKernels} is this file with the other type: a test compares the two.
 *
 * <p>What the JIT of JDK 17 needs, seen in its output: every sum in a local variable of its own (arrays of vectors are
 * boxed); one loop, not two nested ones (their sums are boxed at the outer one); bounds that the loop's counter reaches
 * by a constant step, so that the checks leave the loop.
 */
final class FloatTileKernels extends TileKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int NARROW = 2 * LANES;
    private static final int WIDE = 4 * LANES;

    static final FloatTileKernels INSTANCE = new FloatTileKernels();

    private FloatTileKernels() {
        super(SPECIES.length(), Registers.areMany(SPECIES));
    }

    @Override
    Object zeros(int length) {
        return new float[length];
    }

    @Override
    void clear(Object elements, int start, int end) {
        Arrays.fill((float[]) elements, start, end, 0);
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
        float[] left = (float[]) a;
        float[] right = (float[]) b;
        float[] result = (float[]) out;
        if (isWide) {
            wideRows(left, aRows, firstRow, aShift, right, bAt, length, result, outRows, firstOut, outShift);
        } else {
            narrowRows(left, aRows, firstRow, aShift, right, bAt, length, result, outRows, firstOut, outShift);
        }
    }

    @Override
    void columnsTile(Object a, int aAt, int aStep, Object b, int bAt, int length, Object out, int outAt, int outStep) {
        narrowColumns((float[]) a, aAt, aStep, (float[]) b, bAt, length, (float[]) out, outAt, outStep);
    }

    /** 6 rows times 4 vectors. */
    private static void wideRows(
            float[] a,
            int[] aRows,
            int firstRow,
            int aShift,
            float[] b,
            int bAt,
            int length,
            float[] out,
            int[] outRows,
            int firstOut,
            int outShift) {
        int a0 = aRows[firstRow] + aShift;
        int a1 = aRows[firstRow + 1] + aShift;
        int a2 = aRows[firstRow + 2] + aShift;
        int a3 = aRows[firstRow + 3] + aShift;
        int a4 = aRows[firstRow + 4] + aShift;
        int a5 = aRows[firstRow + 5] + aShift;
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        FloatVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        FloatVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        FloatVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        FloatVector c40 = zero, c41 = zero, c42 = zero, c43 = zero;
        FloatVector c50 = zero, c51 = zero, c52 = zero, c53 = zero;
        for (int k = 0; k < length; k++) {
            int at = bAt + k * WIDE;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, at + 3 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(SPECIES, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(SPECIES, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
            x = FloatVector.broadcast(SPECIES, a[a4 + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            c43 = x.fma(b3, c43);
            x = FloatVector.broadcast(SPECIES, a[a5 + k]);
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
            float[] a,
            int[] aRows,
            int firstRow,
            int aShift,
            float[] b,
            int bAt,
            int length,
            float[] out,
            int[] outRows,
            int firstOut,
            int outShift) {
        int a0 = aRows[firstRow] + aShift;
        int a1 = aRows[firstRow + 1] + aShift;
        int a2 = aRows[firstRow + 2] + aShift;
        int a3 = aRows[firstRow + 3] + aShift;
        int a4 = aRows[firstRow + 4] + aShift;
        int a5 = aRows[firstRow + 5] + aShift;
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        FloatVector c50 = zero, c51 = zero;
        for (int k = 0; k < length; k++) {
            int at = bAt + k * NARROW;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, at + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(SPECIES, a[a4 + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(SPECIES, a[a5 + k]);
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
            float[] a, int aAt, int aStep, float[] b, int bAt, int length, float[] out, int outAt, int outStep) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        FloatVector c50 = zero, c51 = zero;
        for (int k = 0; k < length; k++) {
            int at = bAt + k * NARROW;
            int first = aAt + k * aStep;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, at + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[first]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, a[first + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, a[first + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, a[first + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(SPECIES, a[first + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(SPECIES, a[first + 5]);
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

    private static void addTo(float[] out, int at, FloatVector c0, FloatVector c1) {
        c0.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c1.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
    }

    private static void addTo(float[] out, int at, FloatVector c0, FloatVector c1, FloatVector c2, FloatVector c3) {
        addTo(out, at, c0, c1);
        addTo(out, at + NARROW, c2, c3);
    }

    @Override
    void addTile(Object tile, Object out, int[] outRows, int from, int to, int width) {
        float[] sums = (float[]) tile;
        float[] result = (float[]) out;
        for (int r = from; r < to; r++) {
            int start = outRows[r];
            for (int j = 0; j < width; j++) {
                result[start + j] += sums[r * wide + j];
            }
        }
    }

    @Override
    void pack(Object from, int at, int step, PackedMatrix to, int panel, int firstRow, int rows) {
        float[] source = (float[]) from;
        float[] target = (float[]) to.elements;
        int width = to.width(panel);
        int vectors = width - width % LANES;
        for (int k = 0; k < rows; k++) {
            int start = at + k * step + to.firstColumn(panel);
            int start2 = to.at(panel, firstRow + k);
            for (int j = 0; j < vectors; j += LANES) {
                FloatVector.fromArray(SPECIES, source, start + j).intoArray(target, start2 + j);
            }
            for (int j = vectors; j < width; j++) {
                target[start2 + j] = source[start + j];
            }
        }
    }

    @Override
    void packTransposed(Object from, int at, int step, PackedMatrix to, int panel, int firstRow, int rows) {
        float[] source = (float[]) from;
        float[] target = (float[]) to.elements;
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
        float[] values = (float[]) elements;
        float[] addend = (float[]) bias;
        for (int row = 0; row < rows; row++) {
            int start = at + row * step;
            for (int j = from; j < to; j++) {
                values[start + j] = Math.max(values[start + j] + addend[j], 0);
            }
        }
    }

    @Override
    boolean isFinite(Object elements, int start, int end) {
        float[] values = (float[]) elements;
        // 0 times a finite number is a zero and times any other NaN, which no addition takes away again.
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = zero;
        int i = start;
        for (; i + LANES <= end; i += LANES) {
            sum = FloatVector.fromArray(SPECIES, values, i).fma(zero, sum);
        }
        float rest = 0;
        for (; i < end; i++) {
            rest += values[i] * 0;
        }
        for (float lane : sum.toArray()) {
            rest += lane;
        }
        return rest == 0;
    }

    @Override
    void add(Object from, int at, Object to, int toAt, int length) {
        float[] addend = (float[]) from;
        float[] sum = (float[]) to;
        for (int i = 0; i < length; i++) {
            sum[toAt + i] += addend[at + i];
        }
    }
}
