package org.npyparity.conv.vector;

import org.npyparity.array.DType;

/**
 * What runs over elements: the tiles of a {@link TileProduct}, {@value #ROWS} rows of the result times a few vectors of
 * its columns that stay in registers while the common dimension runs by, and passes that copy and add. The one place that
 * multiplies; its two subclasses differ in the element type only.
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

    TileKernels(int lanes, boolean hasManyRegisters) {
        this.lanes = lanes;
        this.hasManyRegisters = hasManyRegisters;
        wide = 4 * lanes;
        wideByColumns = (hasManyRegisters ? 4 : 2) * lanes;
        unit = (hasManyRegisters ? 1 : 2) * lanes;
    }

    static TileKernels of(DType dtype) {
        return dtype == DType.FLOAT64 ? DoubleTileKernels.INSTANCE : FloatTileKernels.INSTANCE;
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

    /** Fills a panel's first rows: row k from the matrix row that starts at fromRows[firstRow + k] + shift. */
    abstract void pack(Object from, int[] fromRows, int firstRow, int shift, PackedMatrix to, int panel, int rows);

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

    /** The tile of rows i to i + {@value #ROWS} of a product by rows. */
    abstract void rowsTile(TileProduct p, int i);

    /** The tile of rows i to i + {@value #ROWS} of a product by columns. */
    abstract void columnsTile(TileProduct p, int i);

    /** Adds rows {@code from} to {@code to} of a tile that lies by itself to a product's, whose row i is the tile's first. */
    abstract void addTile(Object tile, int from, int to, TileProduct p, int i);
}
