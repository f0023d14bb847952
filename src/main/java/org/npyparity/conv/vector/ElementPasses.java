package org.npyparity.conv.vector;

import static org.npyparity.conv.vector.DirectConvolution.part;

import org.npyparity.array.NdArray;

/** The stages that visit each element once. */
final class ElementPasses {
    /** Elements of a task: some 20 µs. */
    private static final int TASK_ELEMENTS = 1 << 16;

    private final TileKernels kernels;
    private final Workers workers;

    ElementPasses(TileKernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /** to[i] = activation[i] &lt;= 0 ? 0 : from[i]. */
    void copyWhereActive(NdArray from, NdArray activation, NdArray to) {
        int size = from.size();
        int tasks = Math.max(1, size / TASK_ELEMENTS);
        workers.run(
                tasks,
                (int task) -> kernels.copyWhereActive(
                        from.elements(),
                        activation.elements(),
                        to.elements(),
                        part(size, tasks, task),
                        part(size, tasks, task + 1)));
    }

    /** to (1, D) = the column sums of (P, D): of pieces that the shape alone determines, then of the pieces. */
    void sumRows(NdArray from, NdArray to) {
        int rows = from.shape()[0];
        int width = from.shape()[1];
        int pieces = Math.max(1, Math.min(rows, from.size() / TASK_ELEMENTS));
        Object partials = pieces == 1 ? to.elements() : kernels.zeros(pieces * width);
        workers.run(pieces, (int piece) -> {
            int first = part(rows, pieces, piece);
            int end = part(rows, pieces, piece + 1);
            kernels.sumRows(from.elements(), first * width, end - first, width, partials, piece * width);
        });
        if (pieces > 1) {
            kernels.sumRows(partials, 0, pieces, width, to.elements(), 0);
        }
    }
}
