package org.npyparity.conv.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles for float64. The build makes {@code FloatTileKernels}, for float32, of this file by replacing the type: see
 * pom.xml.
 *
 * <p>What the JIT of JDK 17 needs, seen in its output: every sum in a local variable of its own (arrays of vectors are
 * boxed); one loop, not two nested ones (their sums are boxed at the outer one); bounds that the loop's counter reaches
 * by a constant step, so that the checks leave the loop, or else all checks before the first sum of a step changes (a
 * check in between keeps the old sums alive beside the new ones, more than there are registers: half the speed); no
 * helper that takes a vector (after this many operations the JIT inlines only the Vector API's own methods, and an
 * argument of a call is boxed).
 */
final class DoubleTileKernels extends TileKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Elements of a run that is too short for a loop of its own. */
    private static final int SHORT_RUN = 2 * LANES;

    /** What a tile that does not add finds before it: 0. */
    private static final double[] ZEROS = new double[4 * LANES];

    static final DoubleTileKernels INSTANCE = new DoubleTileKernels(Registers.areMany(SPECIES));

    /** Kernels for this processor's vectors, and as many of its registers as are said. */
    DoubleTileKernels(boolean hasManyRegisters) {
        super(SPECIES.length(), hasManyRegisters);
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
    void rowsTile(TileProduct p, int i) {
        double[] a = (double[]) p.left;
        double[] b = (double[]) p.right;
        double[] out = (double[]) p.out;
        int[] aRows = p.leftStarts;
        int[] outRows = p.outRows;
        int aShift = p.leftShift;
        int bAt = p.rightAt;
        int length = p.length;
        int outShift = p.outShift;
        boolean adds = p.adds;
        switch (p.vectors) {
            case 4 -> {
                if (hasManyRegisters) {
                    fourRows(a, aRows, aShift, b, bAt, length, out, outRows, outShift, i, adds);
                } else {
                    halfOfFourRows(a, aRows, aShift, b, bAt, length, out, outRows, outShift, i, adds);
                    halfOfFourRows(a, aRows, aShift, b, bAt, length, out, outRows, outShift, i + 2, adds);
                }
            }
            case 3 -> threeRows(a, aRows, aShift, b, bAt, length, out, outRows, outShift, i, adds);
            default -> twoRows(a, aRows, aShift, b, bAt, length, out, outRows, outShift, i, adds);
        }
    }

    @Override
    void columnsTile(TileProduct p, int i) {
        double[] a = (double[]) p.left;
        double[] b = (double[]) p.right;
        double[] out = (double[]) p.out;
        int[] aColumns = p.leftStarts;
        int[] outRows = p.outRows;
        int first = p.firstStart;
        int aShift = p.leftShift + i;
        int bAt = p.rightAt;
        int length = p.length;
        int outShift = p.outShift;
        boolean adds = p.adds;
        switch (p.vectors) {
            case 4 -> fourColumns(a, aColumns, first, aShift, b, bAt, length, out, outRows, outShift, i, adds);
            case 3 -> threeColumns(a, aColumns, first, aShift, b, bAt, length, out, outRows, outShift, i, adds);
            default -> twoColumns(a, aColumns, first, aShift, b, bAt, length, out, outRows, outShift, i, adds);
        }
    }

    /** 4 rows times 4 vectors. */
    private static void fourRows(
            double[] a,
            int[] aRows,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        int a0 = aRows[i] + aShift;
        int a1 = aRows[i + 1] + aShift;
        int a2 = aRows[i + 2] + aShift;
        int a3 = aRows[i + 3] + aShift;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        DoubleVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        DoubleVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        DoubleVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (4 * LANES);
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, step + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, step + 2 * LANES);
            DoubleVector b3 = DoubleVector.fromArray(SPECIES, b, step + 3 * LANES);
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
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c02.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c03.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c12.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c13.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 2] + outShift;
        was = adds ? at : 0;
        c20.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c21.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c22.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c23.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 3] + outShift;
        was = adds ? at : 0;
        c30.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c31.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c32.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c33.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
    }

    /**
     * 2 rows times 4 vectors, for AVX2's 16 registers. Each vector is named where both rows use it: in any other order the
     * JIT of JDK 17 or that of JDK 25 holds more of them than there are registers.
     */
    private static void halfOfFourRows(
            double[] a,
            int[] aRows,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        int a0 = aRows[i] + aShift;
        int a1 = aRows[i + 1] + aShift;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        DoubleVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (4 * LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + k]);
            DoubleVector y = DoubleVector.broadcast(SPECIES, a[a1 + k]);
            DoubleVector v = DoubleVector.fromArray(SPECIES, b, step);
            c00 = x.fma(v, c00);
            c10 = y.fma(v, c10);
            v = DoubleVector.fromArray(SPECIES, b, step + LANES);
            c01 = x.fma(v, c01);
            c11 = y.fma(v, c11);
            v = DoubleVector.fromArray(SPECIES, b, step + 2 * LANES);
            c02 = x.fma(v, c02);
            c12 = y.fma(v, c12);
            v = DoubleVector.fromArray(SPECIES, b, step + 3 * LANES);
            c03 = x.fma(v, c03);
            c13 = y.fma(v, c13);
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c02.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c03.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c12.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c13.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
    }

    /** 4 rows times 3 vectors. */
    private static void threeRows(
            double[] a,
            int[] aRows,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        int a0 = aRows[i] + aShift;
        int a1 = aRows[i + 1] + aShift;
        int a2 = aRows[i + 2] + aShift;
        int a3 = aRows[i + 3] + aShift;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero, c02 = zero;
        DoubleVector c10 = zero, c11 = zero, c12 = zero;
        DoubleVector c20 = zero, c21 = zero, c22 = zero;
        DoubleVector c30 = zero, c31 = zero, c32 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (3 * LANES);
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, step + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, step + 2 * LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = DoubleVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = DoubleVector.broadcast(SPECIES, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = DoubleVector.broadcast(SPECIES, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c02.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c12.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        at = outRows[i + 2] + outShift;
        was = adds ? at : 0;
        c20.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c21.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c22.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        at = outRows[i + 3] + outShift;
        was = adds ? at : 0;
        c30.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c31.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c32.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
    }

    /** 4 rows times 2 vectors. */
    private static void twoRows(
            double[] a,
            int[] aRows,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        int a0 = aRows[i] + aShift;
        int a1 = aRows[i + 1] + aShift;
        int a2 = aRows[i + 2] + aShift;
        int a3 = aRows[i + 3] + aShift;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero;
        DoubleVector c10 = zero, c11 = zero;
        DoubleVector c20 = zero, c21 = zero;
        DoubleVector c30 = zero, c31 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (2 * LANES);
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, step + LANES);
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
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        at = outRows[i + 2] + outShift;
        was = adds ? at : 0;
        c20.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c21.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        at = outRows[i + 3] + outShift;
        was = adds ? at : 0;
        c30.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c31.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
    }

    /** 4 columns times 4 vectors. */
    private static void fourColumns(
            double[] a,
            int[] aColumns,
            int firstColumn,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        DoubleVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        DoubleVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        DoubleVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (4 * LANES);
            int first = aColumns[firstColumn + k] + aShift;
            double a0 = a[first + 0];
            double a3 = a[first + 3];
            double a1 = a[first + 1];
            double a2 = a[first + 2];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, step + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, step + 2 * LANES);
            DoubleVector b3 = DoubleVector.fromArray(SPECIES, b, step + 3 * LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a0);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = DoubleVector.broadcast(SPECIES, a1);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = DoubleVector.broadcast(SPECIES, a2);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = DoubleVector.broadcast(SPECIES, a3);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c02.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c03.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c12.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c13.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 2] + outShift;
        was = adds ? at : 0;
        c20.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c21.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c22.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c23.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
        at = outRows[i + 3] + outShift;
        was = adds ? at : 0;
        c30.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c31.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c32.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        c33.add(DoubleVector.fromArray(SPECIES, before, was + 3 * LANES)).intoArray(out, at + 3 * LANES);
    }

    /** 4 columns times 3 vectors. */
    private static void threeColumns(
            double[] a,
            int[] aColumns,
            int firstColumn,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero, c02 = zero;
        DoubleVector c10 = zero, c11 = zero, c12 = zero;
        DoubleVector c20 = zero, c21 = zero, c22 = zero;
        DoubleVector c30 = zero, c31 = zero, c32 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (3 * LANES);
            int first = aColumns[firstColumn + k] + aShift;
            double a0 = a[first + 0];
            double a3 = a[first + 3];
            double a1 = a[first + 1];
            double a2 = a[first + 2];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, step + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, step + 2 * LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a0);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = DoubleVector.broadcast(SPECIES, a1);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = DoubleVector.broadcast(SPECIES, a2);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = DoubleVector.broadcast(SPECIES, a3);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c02.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c12.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        at = outRows[i + 2] + outShift;
        was = adds ? at : 0;
        c20.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c21.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c22.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
        at = outRows[i + 3] + outShift;
        was = adds ? at : 0;
        c30.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c31.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        c32.add(DoubleVector.fromArray(SPECIES, before, was + 2 * LANES)).intoArray(out, at + 2 * LANES);
    }

    /** 4 columns times 2 vectors. */
    private static void twoColumns(
            double[] a,
            int[] aColumns,
            int firstColumn,
            int aShift,
            double[] b,
            int bAt,
            int length,
            double[] out,
            int[] outRows,
            int outShift,
            int i,
            boolean adds) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector c00 = zero, c01 = zero;
        DoubleVector c10 = zero, c11 = zero;
        DoubleVector c20 = zero, c21 = zero;
        DoubleVector c30 = zero, c31 = zero;
        for (int k = 0; k < length; k++) {
            int step = bAt + k * (2 * LANES);
            int first = aColumns[firstColumn + k] + aShift;
            double a0 = a[first + 0];
            double a3 = a[first + 3];
            double a1 = a[first + 1];
            double a2 = a[first + 2];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, step + LANES);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a0);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = DoubleVector.broadcast(SPECIES, a1);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = DoubleVector.broadcast(SPECIES, a2);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = DoubleVector.broadcast(SPECIES, a3);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        double[] before = adds ? out : ZEROS;
        int at = outRows[i] + outShift;
        int was = adds ? at : 0;
        c00.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c01.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        at = outRows[i + 1] + outShift;
        was = adds ? at : 0;
        c10.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c11.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        at = outRows[i + 2] + outShift;
        was = adds ? at : 0;
        c20.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c21.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
        at = outRows[i + 3] + outShift;
        was = adds ? at : 0;
        c30.add(DoubleVector.fromArray(SPECIES, before, was)).intoArray(out, at);
        c31.add(DoubleVector.fromArray(SPECIES, before, was + LANES)).intoArray(out, at + LANES);
    }

    @Override
    void multiplyByVector(
            Object a,
            int[] aRows,
            int from,
            int to,
            Object b,
            int bAt,
            int length,
            Object out,
            int[] outRows,
            int outShift) {
        double[] left = (double[]) a;
        double[] right = (double[]) b;
        double[] result = (double[]) out;
        double[] sums = new double[2 * LANES];
        // Two rows at a time; a last one that is alone is summed twice.
        for (int i = from; i < to; i += 2) {
            int next = Math.min(i + 1, to - 1);
            int a0 = aRows[i];
            int a1 = aRows[next];
            DoubleVector c0 = DoubleVector.zero(SPECIES);
            DoubleVector c1 = c0;
            int k = 0;
            for (; k <= length - LANES; k += LANES) {
                DoubleVector x = DoubleVector.fromArray(SPECIES, right, bAt + k);
                c0 = x.fma(DoubleVector.fromArray(SPECIES, left, a0 + k), c0);
                c1 = x.fma(DoubleVector.fromArray(SPECIES, left, a1 + k), c1);
            }
            c0.intoArray(sums, 0);
            c1.intoArray(sums, LANES);
            double s0 = 0;
            double s1 = 0;
            for (int j = 0; j < LANES; j++) {
                s0 += sums[j];
                s1 += sums[LANES + j];
            }
            for (; k < length; k++) {
                s0 += left[a0 + k] * right[bAt + k];
                s1 += left[a1 + k] * right[bAt + k];
            }
            result[outRows[i] + outShift] = s0;
            result[outRows[next] + outShift] = s1;
        }
    }

    @Override
    void addTile(Object tile, int from, int to, TileProduct p, int i) {
        double[] sums = (double[]) tile;
        double[] out = (double[]) p.out;
        double[] before = p.adds ? out : ZEROS;
        int inVectors = p.width - p.width % LANES;
        for (int r = from; r < to; r++) {
            int start = p.outRows[i + r] + p.outShift;
            int was = p.adds ? start : 0;
            int tileRow = r * wide;
            for (int j = 0; j < inVectors; j += LANES) {
                DoubleVector.fromArray(SPECIES, before, was + j)
                        .add(DoubleVector.fromArray(SPECIES, sums, tileRow + j))
                        .intoArray(out, start + j);
            }
            for (int j = inVectors; j < p.width; j++) {
                out[start + j] = before[was + j] + sums[tileRow + j];
            }
        }
    }

    @Override
    void pack(Object from, int[] fromRows, int firstRow, int shift, PackedMatrix to, int panel, int rows) {
        double[] source = (double[]) from;
        double[] target = (double[]) to.elements;
        int column = to.firstColumn(panel) + shift;
        int width = to.width(panel);
        int inVectors = width - width % LANES;
        int first = to.at(panel, 0);
        // A loop along so short a row is all overhead: most panels are as wide as this, others go by columns.
        if (width == 4 * LANES) {
            for (int k = 0; k < rows; k++) {
                int start = fromRows[firstRow + k] + column;
                int at = first + k * (4 * LANES);
                DoubleVector v0 = DoubleVector.fromArray(SPECIES, source, start);
                DoubleVector v1 = DoubleVector.fromArray(SPECIES, source, start + LANES);
                DoubleVector v2 = DoubleVector.fromArray(SPECIES, source, start + 2 * LANES);
                DoubleVector v3 = DoubleVector.fromArray(SPECIES, source, start + 3 * LANES);
                v0.intoArray(target, at);
                v1.intoArray(target, at + LANES);
                v2.intoArray(target, at + 2 * LANES);
                v3.intoArray(target, at + 3 * LANES);
            }
            return;
        }
        int step = to.paddedWidth(panel);
        for (int j = 0; j < inVectors; j += LANES) {
            for (int k = 0; k < rows; k++) {
                DoubleVector.fromArray(SPECIES, source, fromRows[firstRow + k] + column + j)
                        .intoArray(target, first + k * step + j);
            }
        }
        for (int j = inVectors; j < width; j++) {
            for (int k = 0; k < rows; k++) {
                target[first + k * step + j] = source[fromRows[firstRow + k] + column + j];
            }
        }
    }

    @Override
    void packTransposed(Object from, int[] fromColumns, int shift, PackedMatrix to, int panel, int row, int rows) {
        double[] source = (double[]) from;
        double[] target = (double[]) to.elements;
        int column = to.firstColumn(panel);
        int width = to.width(panel);
        int step = to.paddedWidth(panel);
        int start = to.at(panel, row);
        int j = 0;
        // Four columns at a time: as many streams to read, and writes that share a cache line.
        for (; j + 4 <= width; j += 4) {
            int c0 = fromColumns[column + j] + shift;
            int c1 = fromColumns[column + j + 1] + shift;
            int c2 = fromColumns[column + j + 2] + shift;
            int c3 = fromColumns[column + j + 3] + shift;
            for (int k = 0; k < rows; k++) {
                int at = start + j + k * step;
                target[at] = source[c0 + k];
                target[at + 1] = source[c1 + k];
                target[at + 2] = source[c2 + k];
                target[at + 3] = source[c3 + k];
            }
        }
        for (; j < width; j++) {
            int c = fromColumns[column + j] + shift;
            for (int k = 0; k < rows; k++) {
                target[start + j + k * step] = source[c + k];
            }
        }
    }

    @Override
    void spread(Object from, int at, int step, Object to, int toAt, int toStep, int runs, int length) {
        double[] source = (double[]) from;
        double[] target = (double[]) to;
        int inVectors = length - length % LANES;
        int along = inVectors > SHORT_RUN ? inVectors : 0;
        for (int run = 0; run < runs; run++) {
            int start = at + run * step;
            int toStart = toAt + run * toStep;
            for (int i = 0; i < along; i += LANES) {
                DoubleVector.fromArray(SPECIES, source, start + i).intoArray(target, toStart + i);
            }
        }
        // Short runs and what fills no vector go by columns: a loop along the run would be all overhead.
        for (int i = along; i < inVectors; i += LANES) {
            for (int run = 0; run < runs; run++) {
                DoubleVector.fromArray(SPECIES, source, at + i + run * step).intoArray(target, toAt + i + run * toStep);
            }
        }
        for (int i = inVectors; i < length; i++) {
            for (int run = 0; run < runs; run++) {
                target[toAt + i + run * toStep] = source[at + i + run * step];
            }
        }
    }

    @Override
    void gather(Object from, int at, int step, Object to, int toAt, int toStep, int runs, int length) {
        double[] source = (double[]) from;
        double[] target = (double[]) to;
        int inVectors = length - length % LANES;
        int along = inVectors > SHORT_RUN ? inVectors : 0;
        for (int run = 0; run < runs; run++) {
            int start = at + run * step;
            int toStart = toAt + run * toStep;
            for (int i = 0; i < along; i += LANES) {
                DoubleVector.fromArray(SPECIES, target, toStart + i)
                        .add(DoubleVector.fromArray(SPECIES, source, start + i))
                        .intoArray(target, toStart + i);
            }
        }
        // Short runs and what fills no vector go by columns: a loop along the run would be all overhead.
        for (int i = along; i < inVectors; i += LANES) {
            for (int run = 0; run < runs; run++) {
                int place = toAt + i + run * toStep;
                DoubleVector.fromArray(SPECIES, target, place)
                        .add(DoubleVector.fromArray(SPECIES, source, at + i + run * step))
                        .intoArray(target, place);
            }
        }
        for (int i = inVectors; i < length; i++) {
            for (int run = 0; run < runs; run++) {
                target[toAt + i + run * toStep] += source[at + i + run * step];
            }
        }
    }

    @Override
    void addBiasAndRelu(Object elements, int at, int step, int rows, Object bias, int from, int to) {
        double[] values = (double[]) elements;
        double[] addend = (double[]) bias;
        int inVectors = from + (to - from) - (to - from) % LANES;
        for (int row = 0; row < rows; row++) {
            int start = at + row * step;
            for (int j = from; j < inVectors; j += LANES) {
                DoubleVector.fromArray(SPECIES, values, start + j)
                        .add(DoubleVector.fromArray(SPECIES, addend, j))
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
        double[] source = (double[]) from;
        double[] active = (double[]) activation;
        double[] target = (double[]) to;
        int i = start;
        for (; i + LANES <= end; i += LANES) {
            DoubleVector.fromArray(SPECIES, source, i)
                    .blend(0, DoubleVector.fromArray(SPECIES, active, i).compare(VectorOperators.LE, 0))
                    .intoArray(target, i);
        }
        for (; i < end; i++) {
            target[i] = active[i] <= 0 ? 0 : source[i];
        }
    }

    @Override
    void sumRows(Object from, int at, int rows, int width, Object to, int toAt) {
        double[] source = (double[]) from;
        double[] sums = (double[]) to;
        int j = 0;
        for (; j + 4 * LANES <= width; j += 4 * LANES) {
            DoubleVector s0 = DoubleVector.zero(SPECIES);
            DoubleVector s1 = s0;
            DoubleVector s2 = s0;
            DoubleVector s3 = s0;
            for (int row = 0; row < rows; row++) {
                int start = at + row * width + j;
                s0 = s0.add(DoubleVector.fromArray(SPECIES, source, start));
                s1 = s1.add(DoubleVector.fromArray(SPECIES, source, start + LANES));
                s2 = s2.add(DoubleVector.fromArray(SPECIES, source, start + 2 * LANES));
                s3 = s3.add(DoubleVector.fromArray(SPECIES, source, start + 3 * LANES));
            }
            s0.intoArray(sums, toAt + j);
            s1.intoArray(sums, toAt + j + LANES);
            s2.intoArray(sums, toAt + j + 2 * LANES);
            s3.intoArray(sums, toAt + j + 3 * LANES);
        }
        for (; j + LANES <= width; j += LANES) {
            DoubleVector sum = DoubleVector.zero(SPECIES);
            for (int row = 0; row < rows; row++) {
                sum = sum.add(DoubleVector.fromArray(SPECIES, source, at + row * width + j));
            }
            sum.intoArray(sums, toAt + j);
        }
        for (int row = 0; row < rows; row++) {
            int start = at + row * width;
            for (int i = j; i < width; i++) {
                sums[toAt + i] += source[start + i];
            }
        }
    }
}
