package org.npyparity.conv.vector;

import org.npyparity.array.DType;

/**
 * Products of matrices by tiles: {@value #ROWS} rows of the result times a few vectors of its columns stay in registers
 * while the common dimension runs by. The one place that multiplies; its two subclasses differ in the element type only.
 *
 * <p>The right factor is packed. The left one is read where it lies, in one of two ways:
 *
 * <ul>
 *   <li>{@link #multiplyRows} takes rows that start anywhere and run on: windows of an image, pixels, rows of a matrix;
 *   <li>{@link #multiplyColumns} takes neighbouring columns of a matrix whose rows start anywhere: the transpose of the
 *       above.
 * </ul>
 *
 * Both add to the result, or write it without reading what was there. The order of summation follows from the arguments alone.
 */
abstract class TileKernels {
    /**
     * Rows of a tile. The JIT loads all rows' broadcasts before the first of the vectors, so with 4 vectors a tile holds
     * 16 sums, 4 broadcasts and 2 vectors in 32 registers (AVX-512, NEON), with 2 vectors 8 + 4 + 2 in 16 (AVX2). By rows
     * 4 vectors are 2 times 2 rows there.
     */
    static final int ROWS = 4;

    /** Vectors of a tile at least. */
    static final int MIN_VECTORS = 2;

    /** Elements in a vector. */
    final int lanes;
    /** The widest tile by rows, in elements. */
    final int wide;
    /** The widest tile by columns. */
    final int wideByColumns;
    /** What panels differ by at most: where registers are few there is no good tile of 3 vectors. */
    final int unit;

    final boolean hasManyRegisters;
    /** Where the rows of a tile lie in {@link #newScratch()}. */
    private final int[] scratchRows;

    TileKernels(int lanes, boolean hasManyRegisters) {
        this.lanes = lanes;
        this.hasManyRegisters = hasManyRegisters;
        wide = 4 * lanes;
        wideByColumns = (hasManyRegisters ? 4 : 2) * lanes;
        unit = (hasManyRegisters ? 1 : 2) * lanes;
        scratchRows = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            scratchRows[row] = row * wide;
        }
    }

    static TileKernels of(DType dtype) {
        return dtype == DType.FLOAT64 ? DoubleTileKernels.INSTANCE : FloatTileKernels.INSTANCE;
    }

    /** Buffers of one thread for tiles that reach over the edge of the result. */
    final class Scratch {
        private final Object tile = zeros(ROWS * wide);
        private final int[] leftRows = new int[ROWS];
        private final int[] outRows = new int[ROWS];
    }

    final Scratch newScratch() {
        return new Scratch();
    }

    /**
     * out[outRows[i] + outShift + j] += sum over k of a[aRows[i] + aShift + k] · b[row + k, panel's column j].
     *
     * @param from the first row i of the product
     * @param to the end of the rows
     * @param row the first row of {@code b}
     * @param length the range of k
     * @param adds whether to add to {@code out}: if not, it is overwritten
     */
    final void multiplyRows(
            Object a,
            int[] aRows,
            int aShift,
            PackedMatrix b,
            int panel,
            int row,
            int length,
            Object out,
            int[] outRows,
            int outShift,
            int from,
            int to,
            boolean adds,
            Scratch scratch) {
        int vectors = b.paddedWidth(panel) / lanes;
        boolean fills = b.width(panel) == b.paddedWidth(panel);
        int at = b.at(panel, row);
        int i = from;
        if (fills) {
            for (; i + ROWS <= to; i += ROWS) {
                rowsTile(vectors, a, aRows, i, aShift, b.elements, at, length, out, outRows, i, outShift, adds);
            }
        }
        for (; i < to; i += ROWS) {
            int rows = Math.min(ROWS, to - i);
            for (int r = 0; r < ROWS; r++) {
                int inside = Math.min(r, rows - 1);
                scratch.leftRows[r] = aRows[i + inside] + aShift;
                scratch.outRows[r] = outRows[i + inside] + outShift;
            }
            rowsTile(
                    vectors, a, scratch.leftRows, 0, 0, b.elements, at, length, scratch.tile, scratchRows, 0, 0, false);
            addTile(scratch.tile, out, scratch.outRows, 0, rows, b.width(panel), adds);
        }
    }

    /**
     * out[outRows[i] + outShift + j] += sum over k of a[aColumns[firstColumn + k] + aShift + i] · b[row + k, panel's
     * column j].
     *
     * <p>Where the rows are fewer than {@value #ROWS}, as many elements of {@code a} are read beyond them.
     *
     * @param from the first row i of the product
     * @param to the end of the rows
     * @param row the first row of {@code b}
     * @param length the range of k
     * @param adds whether to add to {@code out}: if not, it is overwritten
     */
    final void multiplyColumns(
            Object a,
            int[] aColumns,
            int firstColumn,
            int aShift,
            PackedMatrix b,
            int panel,
            int row,
            int length,
            Object out,
            int[] outRows,
            int outShift,
            int from,
            int to,
            boolean adds,
            Scratch scratch) {
        int vectors = b.paddedWidth(panel) / lanes;
        int width = b.width(panel);
        int at = b.at(panel, row);
        int i = from;
        if (width == b.paddedWidth(panel)) {
            for (; i + ROWS <= to; i += ROWS) {
                columnsTile(
                        vectors,
                        a,
                        aColumns,
                        firstColumn,
                        aShift + i,
                        b.elements,
                        at,
                        length,
                        out,
                        outRows,
                        i,
                        outShift,
                        adds);
            }
        }
        for (; i < to; i += ROWS) {
            // A last tile that is not full reaches back instead of past the end.
            int start = Math.max(from, Math.min(i, to - ROWS));
            int rows = Math.min(ROWS, to - start);
            for (int r = 0; r < rows; r++) {
                scratch.outRows[r] = outRows[start + r] + outShift;
            }
            columnsTile(
                    vectors,
                    a,
                    aColumns,
                    firstColumn,
                    aShift + start,
                    b.elements,
                    at,
                    length,
                    scratch.tile,
                    scratchRows,
                    0,
                    0,
                    false);
            addTile(scratch.tile, out, scratch.outRows, i - start, rows, width, adds);
        }
    }

    /**
     * out[outRows[i] + outShift] = sum over k of a[aRows[i] + k] · b[bAt + k].
     *
     * @param from the first row i of the product
     * @param to the end of the rows
     * @param length the range of k
     */
    abstract void multiplyByVector(
            Object a,
            int[] aRows,
            int from,
            int to,
            Object b,
            int bAt,
            int length,
            Object out,
            int[] outRows,
            int outShift);

    abstract Object zeros(int length);

    abstract void clear(Object elements, int start, int end);

    /** Fills rows of a panel: {@code row + k} from the matrix row that starts at fromRows[firstRow + k] + shift. */
    abstract void pack(
            Object from, int[] fromRows, int firstRow, int shift, PackedMatrix to, int panel, int row, int rows);

    /** Fills rows of a panel, from {@code row} on, with a transpose: column j runs on from fromColumns[j] + shift. */
    abstract void packTransposed(
            Object from, int[] fromColumns, int shift, PackedMatrix to, int panel, int row, int rows);

    /** Copies runs of {@code length} elements, {@code step} apart, to places {@code toStep} apart. */
    abstract void spread(Object from, int at, int step, Object to, int toAt, int toStep, int runs, int length);

    /** Adds runs of {@code length} elements, {@code step} apart, to places {@code toStep} apart. */
    abstract void gather(Object from, int at, int step, Object to, int toAt, int toStep, int runs, int length);

    /**
     * elements[at + i · step + j] = max(itself + bias[j], 0) for i &lt; {@code rows}, {@code from} &lt;= j &lt; {@code to};
     * NaN stays NaN.
     */
    abstract void addBiasAndRelu(Object elements, int at, int step, int rows, Object bias, int from, int to);

    /** to[i] = activation[i] &lt;= 0 ? 0 : from[i]; a NaN activation is not &lt;= 0. */
    abstract void copyWhereActive(Object from, Object activation, Object to, int start, int end);

    /** to[toAt + j] = the sum of from[at + i · width + j] over i &lt; {@code rows}, in that order; it was 0. */
    abstract void sumRows(Object from, int at, int rows, int width, Object to, int toAt);

    abstract void rowsTile(
            int vectors,
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
            int outShift,
            boolean adds);

    abstract void columnsTile(
            int vectors,
            Object a,
            int[] aColumns,
            int firstColumn,
            int aShift,
            Object b,
            int bAt,
            int length,
            Object out,
            int[] outRows,
            int firstOut,
            int outShift,
            boolean adds);

    /** Adds rows {@code from} to {@code to} of a tile in the scratch buffer, {@code width} elements each. */
    abstract void addTile(Object tile, Object out, int[] outRows, int from, int to, int width, boolean adds);
}
