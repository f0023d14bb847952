package org.npyparity.conv.vector;

import static org.npyparity.conv.vector.DirectConvolution.DEPTH;
import static org.npyparity.conv.vector.DirectConvolution.ceilDiv;
import static org.npyparity.conv.vector.DirectConvolution.multiples;
import static org.npyparity.conv.vector.DirectConvolution.part;

import org.npyparity.array.NdArray;

/** Products of whole matrices, for the stages that are asked for the (P, Q) matrices. */
final class MatrixProduct {
    /** Rows of the result in a task: 16 tiles. */
    private static final int TASK_ROWS = 16 * TileKernels.ROWS;

    private final TileKernels kernels;
    private final Workers workers;

    MatrixProduct(TileKernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /** c = a · b, each operand transposed on request; one of them at most. */
    void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        int rows = c.shape()[0];
        int columns = c.shape()[1];
        int common = a.shape()[transposeA ? 0 : 1];
        Workers some = DirectConvolution.workersFor((long) rows * columns * common, workers);
        if (transposeA) {
            multiplyTransposed(a, b.elements(), c.elements(), rows, columns, common, some);
            return;
        }
        PackedMatrix packed = PackedMatrix.whole(kernels, common, columns);
        int[] bStarts = multiples(transposeB ? columns : common, transposeB ? common : columns);
        some.run(packed.panels(), (int panel) -> {
            if (transposeB) {
                kernels.packTransposed(b.elements(), bStarts, 0, packed, panel, 0, common);
            } else {
                kernels.pack(b.elements(), bStarts, 0, 0, packed, panel, common);
            }
        });
        int[] aRows = multiples(rows, common);
        int[] cRows = multiples(rows, columns);
        int pieces = ceilDiv(common, DEPTH);
        some.run(ceilDiv(rows, TASK_ROWS), () -> {
            TileProduct product = new TileProduct(kernels);
            return task -> {
                int from = task * TASK_ROWS;
                int to = Math.min(from + TASK_ROWS, rows);
                for (int piece = 0; piece < pieces; piece++) {
                    int first = part(common, pieces, piece);
                    int length = part(common, pieces, piece + 1) - first;
                    for (int panel = 0; panel < packed.panels(); panel++) {
                        int column = packed.firstColumn(panel);
                        product.left(a.elements(), aRows, first)
                                .right(packed, panel, first, length)
                                .into(c.elements(), cRows, column, piece > 0)
                                .byRows(from, to);
                    }
                }
            };
        });
    }

    /** c (rows, columns) += aᵀ · b for a (common, rows). */
    private void multiplyTransposed(NdArray a, Object b, Object c, int rows, int columns, int common, Workers some) {
        Object left = a.elements();
        if (rows < TileKernels.ROWS) {
            // A tile reads past such a row, and so past the last one's end.
            left = kernels.zeros(a.size() + TileKernels.ROWS);
            System.arraycopy(a.elements(), 0, left, 0, a.size());
        }
        Object aElements = left;
        int bands = Math.max(1, rows / TASK_ROWS);
        int panels = ceilDiv(columns, kernels.wideByColumns);
        int[] aStarts = multiples(Math.min(DEPTH, common), rows);
        int[] bStarts = multiples(Math.min(DEPTH, common), columns);
        int[] cRows = multiples(rows, columns);
        some.run(bands * panels, () -> {
            TileProduct product = new TileProduct(kernels);
            PackedMatrix packed =
                    PackedMatrix.onePanel(kernels, kernels.wideByColumns, Math.min(DEPTH, common), columns);
            return task -> {
                int panel = task / bands;
                int from = part(rows, bands, task % bands);
                int to = part(rows, bands, task % bands + 1);
                for (int first = 0; first < common; first += DEPTH) {
                    int length = Math.min(DEPTH, common - first);
                    kernels.pack(b, bStarts, 0, first * columns, packed, panel, length);
                    product.left(aElements, aStarts, first * rows)
                            .right(packed, panel, 0, length)
                            .into(c, cRows, packed.firstColumn(panel), first > 0)
                            .byColumns(from, to);
                }
            };
        });
    }
}
