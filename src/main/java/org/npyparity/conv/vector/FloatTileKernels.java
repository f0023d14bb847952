package org.npyparity.conv.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles for float32. {@link DoubleTileKernels} is this file with the other type: a test compares the two.
 *
 * <p>What the JIT of JDK 17 needs, seen in its output: every sum in a local variable of its own (arrays of vectors are
 * boxed); one loop, not two nested ones (their sums are boxed at the outer one); bounds that the loop's counter reaches
 * by a constant step, so that the checks leave the loop; no helper that takes a vector (after this many operations the
 * JIT inlines only the Vector API's own methods, and an argument of a call is boxed).
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
    void columnsTile(
            Object a,
            int aAt,
            int aStep,
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
        narrowColumns(left, aAt, aStep, right, bAt, length, result, outRows, firstOut, outShift);
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
            int step = bAt + k * WIDE;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, step);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, step + LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, step + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, step + 3 * LANES);
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
        int at = outRows[firstOut] + outShift;
        c00.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c01.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        c02.add(FloatVector.fromArray(SPECIES, out, at + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c03.add(FloatVector.fromArray(SPECIES, out, at + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[firstOut + 1] + outShift;
        c10.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c11.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        c12.add(FloatVector.fromArray(SPECIES, out, at + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c13.add(FloatVector.fromArray(SPECIES, out, at + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[firstOut + 2] + outShift;
        c20.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c21.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        c22.add(FloatVector.fromArray(SPECIES, out, at + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c23.add(FloatVector.fromArray(SPECIES, out, at + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[firstOut + 3] + outShift;
        c30.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c31.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        c32.add(FloatVector.fromArray(SPECIES, out, at + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c33.add(FloatVector.fromArray(SPECIES, out, at + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[firstOut + 4] + outShift;
        c40.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c41.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        c42.add(FloatVector.fromArray(SPECIES, out, at + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c43.add(FloatVector.fromArray(SPECIES, out, at + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[firstOut + 5] + outShift;
        c50.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c51.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        c52.add(FloatVector.fromArray(SPECIES, out, at + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c53.add(FloatVector.fromArray(SPECIES, out, at + 3 * LANES)).intoArray(out, at + 3 * LANES);
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
            int step = bAt + k * NARROW;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, step);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, step + LANES);
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
        int at = outRows[firstOut] + outShift;
        c00.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c01.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 1] + outShift;
        c10.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c11.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 2] + outShift;
        c20.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c21.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 3] + outShift;
        c30.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c31.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 4] + outShift;
        c40.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c41.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 5] + outShift;
        c50.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c51.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
    }

    /** 6 columns times 2 vectors. */
    private static void narrowColumns(
            float[] a,
            int aAt,
            int aStep,
            float[] b,
            int bAt,
            int length,
            float[] out,
            int[] outRows,
            int firstOut,
            int outShift) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        FloatVector c50 = zero, c51 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * NARROW;
            int first = aAt + k * aStep;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, step);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, step + LANES);
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
        int at = outRows[firstOut] + outShift;
        c00.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c01.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 1] + outShift;
        c10.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c11.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 2] + outShift;
        c20.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c21.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 3] + outShift;
        c30.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c31.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 4] + outShift;
        c40.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c41.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
        at = outRows[firstOut + 5] + outShift;
        c50.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
        c51.add(FloatVector.fromArray(SPECIES, out, at + LANES)).intoArray(out, at + LANES);
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
    void pack(Object from, int[] fromRows, int firstRow, int shift, PackedMatrix to, int panel, int row, int rows) {
        float[] source = (float[]) from;
        float[] target = (float[]) to.elements;
        int column = to.firstColumn(panel) + shift;
        int width = to.width(panel);
        int inVectors = width - width % LANES;
        for (int k = 0; k < rows; k++) {
            int start = fromRows[firstRow + k] + column;
            int at = to.at(panel, row + k);
            for (int j = 0; j < inVectors; j += LANES) {
                FloatVector.fromArray(SPECIES, source, start + j).intoArray(target, at + j);
            }
            for (int j = inVectors; j < width; j++) {
                target[at + j] = source[start + j];
            }
        }
    }

    @Override
    void packTransposed(Object from, int[] fromColumns, PackedMatrix to, int panel) {
        float[] source = (float[]) from;
        float[] target = (float[]) to.elements;
        int column = to.firstColumn(panel);
        int width = to.width(panel);
        int step = to.paddedWidth(panel);
        int start = to.at(panel, 0);
        int j = 0;
        // Four columns at a time: as many streams to read, and writes that share a cache line.
        for (; j + 4 <= width; j += 4) {
            int c0 = fromColumns[column + j];
            int c1 = fromColumns[column + j + 1];
            int c2 = fromColumns[column + j + 2];
            int c3 = fromColumns[column + j + 3];
            for (int k = 0; k < to.depth; k++) {
                int at = start + j + k * step;
                target[at] = source[c0 + k];
                target[at + 1] = source[c1 + k];
                target[at + 2] = source[c2 + k];
                target[at + 3] = source[c3 + k];
            }
        }
        for (; j < width; j++) {
            int c = fromColumns[column + j];
            for (int k = 0; k < to.depth; k++) {
                target[start + j + k * step] = source[c + k];
            }
        }
    }

    @Override
    void spread(Object from, int at, Object to, int toAt, int toStep, int runs, int length) {
        float[] source = (float[]) from;
        float[] target = (float[]) to;
        int inVectors = length - length % LANES;
        for (int run = 0; run < runs; run++) {
            int start = at + run * length;
            int toStart = toAt + run * toStep;
            for (int i = 0; i < inVectors; i += LANES) {
                FloatVector.fromArray(SPECIES, source, start + i).intoArray(target, toStart + i);
            }
            for (int i = inVectors; i < length; i++) {
                target[toStart + i] = source[start + i];
            }
        }
    }

    @Override
    void gather(Object from, int at, int step, Object to, int toAt, int toStep, int runs, int length) {
        float[] source = (float[]) from;
        float[] target = (float[]) to;
        int inVectors = length - length % LANES;
        for (int run = 0; run < runs; run++) {
            int start = at + run * step;
            int toStart = toAt + run * toStep;
            for (int i = 0; i < inVectors; i += LANES) {
                FloatVector.fromArray(SPECIES, target, toStart + i)
                        .add(FloatVector.fromArray(SPECIES, source, start + i))
                        .intoArray(target, toStart + i);
            }
            for (int i = inVectors; i < length; i++) {
                target[toStart + i] += source[start + i];
            }
        }
    }

    @Override
    void addBiasAndRelu(Object elements, int at, int step, int rows, Object bias, int from, int to) {
        float[] values = (float[]) elements;
        float[] addend = (float[]) bias;
        int inVectors = from + (to - from) - (to - from) % LANES;
        for (int row = 0; row < rows; row++) {
            int start = at + row * step;
            for (int j = from; j < inVectors; j += LANES) {
                FloatVector.fromArray(SPECIES, values, start + j)
                        .add(FloatVector.fromArray(SPECIES, addend, j))
                        .max(0)
                        .intoArray(values, start + j);
            }
            for (int j = inVectors; j < to; j++) {
                values[start + j] = Math.max(values[start + j] + addend[j], 0);
            }
        }
    }

    @Override
    void copyWhereActive(Object from, Object activation, Object to, int start, int end) {
        float[] source = (float[]) from;
        float[] active = (float[]) activation;
        float[] target = (float[]) to;
        int i = start;
        for (; i + LANES <= end; i += LANES) {
            FloatVector.fromArray(SPECIES, source, i)
                    .blend(0, FloatVector.fromArray(SPECIES, active, i).compare(VectorOperators.LE, 0))
                    .intoArray(target, i);
        }
        for (; i < end; i++) {
            target[i] = active[i] <= 0 ? 0 : source[i];
        }
    }

    @Override
    void sumRows(Object from, int at, int rows, int width, Object to, int toAt) {
        float[] source = (float[]) from;
        float[] sums = (float[]) to;
        int j = 0;
        for (; j + WIDE <= width; j += WIDE) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int row = 0; row < rows; row++) {
                int start = at + row * width + j;
                s0 = s0.add(FloatVector.fromArray(SPECIES, source, start));
                s1 = s1.add(FloatVector.fromArray(SPECIES, source, start + LANES));
                s2 = s2.add(FloatVector.fromArray(SPECIES, source, start + 2 * LANES));
                s3 = s3.add(FloatVector.fromArray(SPECIES, source, start + 3 * LANES));
            }
            s0.intoArray(sums, toAt + j);
            s1.intoArray(sums, toAt + j + LANES);
            s2.intoArray(sums, toAt + j + 2 * LANES);
            s3.intoArray(sums, toAt + j + 3 * LANES);
        }
        for (int row = 0; row < rows; row++) {
            int start = at + row * width;
            for (int i = j; i < width; i++) {
                sums[toAt + i] += source[start + i];
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
}
