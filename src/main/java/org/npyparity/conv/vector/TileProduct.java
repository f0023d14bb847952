package org.npyparity.conv.vector;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A product of matrices, tile by tile, of one thread: {@code product.left(…).right(…).into(…).byRows(from, to)}. What has
 * been said stays until it is said anew.
 *
 * <p>The right factor is a panel that has been packed. The left one is read where it lies, in one of two ways:
 *
 * <ul>
 *   <li>{@link #byRows}: rows that start anywhere and run on: windows of an image, pixels, rows of a matrix;
 *   <li>{@link #byColumns}: neighbouring columns of a matrix whose rows start anywhere: the transpose of the above.
 * </ul>
 *
 * Both add to the result, or write it without reading what was there. The order of summation follows from the arguments
 * alone.
 */
final class TileProduct {
    private static final int ROWS = TileKernels.ROWS;

    private final TileKernels kernels;
    /** The product that a tile at the edge of the result takes part in: into a buffer; null in that one itself. */
    private final @Nullable TileProduct edge;

    /** Where the rows of the left factor start that a tile at the edge has. */
    private final int[] edgeStarts = new int[ROWS];

    Object left;
    int[] leftStarts;
    int firstStart;
    int leftShift;

    Object right;
    int rightAt;
    int vectors;
    int width;
    int length;

    Object out;
    int[] outRows;
    int outShift;
    boolean adds;

    TileProduct(TileKernels kernels) {
        this(kernels, new TileProduct(kernels, null));
    }

    private TileProduct(TileKernels kernels, @Nullable TileProduct edge) {
        this.kernels = kernels;
        this.edge = edge;
        boolean isEdge = edge == null;
        out = kernels.zeros(isEdge ? ROWS * kernels.wide : 0);
        outRows = isEdge ? DirectConvolution.multiples(ROWS, kernels.wide) : new int[0];
        leftStarts = edgeStarts;
        left = out;
        right = out;
    }

    /** The left factor: row i by rows, or step k by columns, starts at {@code starts[i] + shift} of {@code elements}. */
    TileProduct left(Object elements, int[] starts, int shift) {
        return left(elements, starts, 0, shift);
    }

    /** The left factor by columns: step k starts at {@code starts[first + k] + shift} of {@code elements}. */
    TileProduct left(Object elements, int[] starts, int first, int shift) {
        left = elements;
        leftStarts = starts;
        firstStart = first;
        leftShift = shift;
        return this;
    }

    /** The right factor: {@code length} rows of a panel, from {@code row} on, as many as there are steps k. */
    TileProduct right(PackedMatrix packed, int panel, int row, int length) {
        right = packed.elements;
        rightAt = packed.at(panel, row);
        vectors = packed.paddedWidth(panel) / kernels.lanes;
        width = packed.width(panel);
        this.length = length;
        return this;
    }

    /** The result: row i starts at {@code rows[i] + shift} of {@code elements}, and is added to or overwritten. */
    TileProduct into(Object elements, int[] rows, int shift, boolean adds) {
        out = elements;
        outRows = rows;
        outShift = shift;
        this.adds = adds;
        return this;
    }

    /** out[outRows[i] + outShift + j] += sum over k of left[starts[i] + leftShift + k] · right[k, j], for i of a range. */
    void byRows(int from, int to) {
        int i = from;
        if (fills()) {
            for (; i + ROWS <= to; i += ROWS) {
                kernels.rowsTile(this, i);
            }
        }
        for (; i < to; i += ROWS) {
            int rows = Math.min(ROWS, to - i);
            TileProduct last = edge();
            last.leftStarts = edgeStarts;
            last.leftShift = leftShift;
            for (int r = 0; r < ROWS; r++) {
                edgeStarts[r] = leftStarts[i + Math.min(r, rows - 1)];
            }
            kernels.rowsTile(last, 0);
            kernels.addTile(last.out, 0, rows, this, i);
        }
    }

    /**
     * out[outRows[i] + outShift + j] += sum over k of left[starts[first + k] + leftShift + i] · right[k, j], for i of a
     * range. Where it is shorter than {@link TileKernels#ROWS}, as many elements of the left factor are read beyond it.
     */
    void byColumns(int from, int to) {
        int i = from;
        if (fills()) {
            for (; i + ROWS <= to; i += ROWS) {
                kernels.columnsTile(this, i);
            }
        }
        for (; i < to; i += ROWS) {
            // A last tile that is not full reaches back instead of past the end.
            int start = Math.max(from, Math.min(i, to - ROWS));
            TileProduct last = edge();
            last.leftStarts = leftStarts;
            last.firstStart = firstStart;
            last.leftShift = leftShift + start;
            kernels.columnsTile(last, 0);
            kernels.addTile(last.out, i - start, Math.min(ROWS, to - start), this, start);
        }
    }

    private boolean fills() {
        return width == vectors * kernels.lanes;
    }

    /** The edge's product, of the same factors but for where the left one starts. */
    private TileProduct edge() {
        TileProduct last = Objects.requireNonNull(edge);
        last.left = left;
        last.right = right;
        last.rightAt = rightAt;
        last.vectors = vectors;
        last.length = length;
        return last;
    }
}
