package org.npyparity.conv.vector;

import org.jspecify.annotations.Nullable;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/**
 * The layer's passes over one geometry without the (P, Q) matrices.
 *
 * <p>A few output rows at a time are worked on, a band. Their part of the input is held <em>stacked</em>: for each output
 * row the filterHeight input rows that its windows cover are interleaved by columns, (column, kh, c). There every window
 * is one contiguous run of Q elements, so that each pass is a matrix product whose factors are read where they lie, at
 * the cost of copying each input row as often as windows overlap vertically instead of copying each window:
 *
 * <ul>
 *   <li>forward: windows (P, Q) times weights (Q, D);
 *   <li>weight gradient: transposed windows (Q, P) times dfilter_data (P, D);
 *   <li>input gradient: dfilter_data (P, D) times transposed weights (D, Q), accumulated to stacked windows, which are
 *       then added to the input rows that they are made of.
 * </ul>
 *
 * <p>What is multiplied is what the reference multiplies, padding's zeros included, so infinities and NaN come out the
 * same. Work is cut by the geometry alone, and sums over cuts are added in the order of the cuts. Each thread holds one
 * stacked band and one panel of weights (the input gradient: all threads together one packed copy of the weights).
 */
final class DirectConvolution {
    /**
     * Steps of a product between two visits to the result: 128 steps of a panel of 4 vectors are 32 KiB with AVX-512 and
     * stay in the first-level cache while all rows of a band pass by.
     */
    static final int DEPTH = 128;

    /** Pixels of a band: enough to load a panel for, few enough that a band of 512 channels stays in the L2 cache. */
    private static final int BAND_PIXELS = 256;

    /** Tasks to cut a pass into where its size allows: what keeps 16 threads busy. */
    private static final int TASKS = 16;

    /** Input channels of a task of the input gradient: a whole number of cache lines and of panels in a window. */
    private static final int SLICE = 32;

    /** Rows of the weight gradient in a task: 8 tiles. */
    private static final int TASK_ROWS = 8 * TileKernels.ROWS;

    /** Elements of all partial weight gradients together. */
    private static final int PARTIAL_ELEMENTS = 1 << 18;

    /** Multiplications below which waking other threads takes longer than it saves: some 10 µs. */
    private static final long MIN_PARALLEL = 1 << 18;

    private static final Workers CALLER = new Workers(1);

    private final TileKernels kernels;
    private final Workers workers;
    private final ConvGeometry g;

    private final int batch;
    private final int inHeight;
    private final int inWidth;
    private final int inDepth;
    private final int outHeight;
    private final int outWidth;
    private final int outDepth;
    private final int filterHeight;
    private final int filterWidth;
    private final int strideRows;
    private final int strideColumns;
    private final int padRows;
    private final int padColumns;
    private final int patchSize;
    /** Output rows of a band. */
    private final int bandRows;
    /** Steps from one output row of a stacked band to the next, in windows: those past outWidth reach over the end. */
    private final int pitch;
    /** Whether the input is stacked as it lies. */
    private final boolean isPlain;

    DirectConvolution(ConvGeometry geometry, TileKernels kernels, Workers workers) {
        this.kernels = kernels;
        g = geometry;
        batch = g.batch();
        inHeight = g.inHeight();
        inWidth = g.inWidth();
        inDepth = g.inDepth();
        outHeight = g.outHeight();
        outWidth = g.outWidth();
        outDepth = g.outDepth();
        filterHeight = g.filterSize();
        filterWidth = g.filterSize();
        strideRows = g.stride();
        strideColumns = g.stride();
        padRows = g.padding();
        padColumns = g.padding();
        patchSize = g.patchSize();
        this.workers = workersFor((long) g.positions() * patchSize * outDepth, workers);
        bandRows = Math.min(outHeight, Math.max(1, BAND_PIXELS / outWidth));
        pitch = ceilDiv((outWidth - 1) * strideColumns + filterWidth, strideColumns);
        isPlain = filterHeight == 1
                && filterWidth == 1
                && strideRows == 1
                && strideColumns == 1
                && padRows == 0
                && padColumns == 0;
    }

    /** relu(in_data * weights + bias), (P, D); without a bias the convolution alone. */
    NdArray forward(NdArray inData, NdArray weights, @Nullable NdArray bias) {
        NdArray filterData = ConvArray.FILTER_DATA.zeros(g, inData);
        int bands = ceilDiv(outHeight, bandRows);
        int[] windows = windows(bandRows, inDepth);
        int[] pixels = multiples(bandRows * outWidth, outDepth);
        int[] weightRows = weightRows(0, inDepth);
        int pieces = ceilDiv(patchSize, DEPTH);
        int panels = ceilDiv(outDepth, kernels.wide);
        int groups = Math.min(panels, ceilDiv(TASKS, batch * bands));
        workers.run(batch * bands * groups, () -> {
            TileKernels.Scratch scratch = kernels.newScratch();
            StackedBand band = new StackedBand(inData.elements(), bandRows, isPlain);
            PackedMatrix packed = PackedMatrix.forRows(kernels, Math.min(DEPTH, patchSize), outDepth);
            return task -> {
                int image = task / groups / bands;
                int firstRow = task / groups % bands * bandRows;
                int rows = Math.min(bandRows, outHeight - firstRow);
                int firstPanel = part(panels, groups, task % groups);
                int endPanel = part(panels, groups, task % groups + 1);
                int out = (image * outHeight + firstRow) * outWidth * outDepth;
                band.load(image, firstRow, rows);
                for (int piece = 0; piece < pieces; piece++) {
                    int first = part(patchSize, pieces, piece);
                    int length = part(patchSize, pieces, piece + 1) - first;
                    for (int panel = firstPanel; panel < endPanel; panel++) {
                        kernels.pack(weights.elements(), weightRows, first, 0, packed, panel, 0, length);
                        kernels.multiplyRows(
                                band.elements,
                                windows,
                                band.start + first,
                                packed,
                                panel,
                                0,
                                length,
                                filterData.elements(),
                                pixels,
                                out + packed.firstColumn(panel),
                                0,
                                rows * outWidth,
                                scratch);
                    }
                }
                if (bias != null) {
                    int from = packed.firstColumn(firstPanel);
                    int to = packed.firstColumn(endPanel - 1) + packed.width(endPanel - 1);
                    kernels.addBiasAndRelu(
                            filterData.elements(), out, outDepth, rows * outWidth, bias.elements(), from, to);
                }
            };
        });
        return filterData;
    }

    /** The gradient of the weights, (Q, D). */
    NdArray weightGradient(NdArray inData, NdArray dfilterData) {
        NdArray dweights = ConvArray.DWEIGHTS.zeros(g, inData);
        int size = patchSize * outDepth;
        int allRows = batch * outHeight;
        // Cut the sum where the partial results are small, else the result.
        int chunks = Math.max(1, Math.min(Math.min(TASKS, allRows), PARTIAL_ELEMENTS / size));
        Object partials = chunks == 1 ? dweights.elements() : kernels.zeros(chunks * size);
        int panels = ceilDiv(outDepth, kernels.narrow);
        int panelGroups = Math.min(panels, ceilDiv(TASKS, chunks));
        int rowGroups = Math.min(Math.max(1, patchSize / TASK_ROWS), ceilDiv(TASKS, chunks * panelGroups));
        int groups = panelGroups * rowGroups;

        boolean isDirect = isPlain && inDepth >= TileKernels.ROWS;
        // A long row in pieces, or several short rows at once: the windows of one row lead to those of the next by the
        // same step if the gradients of those that reach over the end are zeros.
        int columnPieces = ceilDiv(outWidth, DEPTH);
        int pieceColumns = ceilDiv(outWidth, columnPieces);
        int step = isDirect || columnPieces > 1 ? pieceColumns : pitch;
        int blockRows = Math.max(1, DEPTH / step);
        int[] windows = windows(blockRows, inDepth);
        int[] outRows = weightRows(0, inDepth);
        int[] pixels = multiples(blockRows * outWidth, outDepth);
        workers.run(chunks * groups, () -> {
            TileKernels.Scratch scratch = kernels.newScratch();
            StackedBand band = new StackedBand(inData.elements(), blockRows, isDirect);
            PackedMatrix packed = PackedMatrix.forColumns(kernels, blockRows * step, outDepth);
            return task -> {
                int chunk = task / groups;
                int panelGroup = task % groups / rowGroups;
                int rowGroup = task % rowGroups;
                int firstPanel = part(panels, panelGroups, panelGroup);
                int endPanel = part(panels, panelGroups, panelGroup + 1);
                int from = part(patchSize, rowGroups, rowGroup);
                int to = part(patchSize, rowGroups, rowGroup + 1);
                int end = part(allRows, chunks, chunk + 1);
                int row = part(allRows, chunks, chunk);
                while (row < end) {
                    int firstRow = row % outHeight;
                    int rows = Math.min(Math.min(blockRows, outHeight - firstRow), end - row);
                    band.load(row / outHeight, firstRow, rows);
                    // Zeros times infinity would be NaN where the reference has none.
                    boolean asOne = rows > 1 && (step == outWidth || band.isFinite(rows));
                    int runs = asOne ? 1 : rows;
                    for (int column = 0; column < outWidth; column += pieceColumns) {
                        int columns = Math.min(pieceColumns, outWidth - column);
                        int length = asOne ? (rows - 1) * step + columns : columns;
                        for (int panel = firstPanel; panel < endPanel; panel++) {
                            for (int r = 0; r < rows; r++) {
                                kernels.pack(
                                        dfilterData.elements(),
                                        pixels,
                                        r * outWidth + column,
                                        row * outWidth * outDepth,
                                        packed,
                                        panel,
                                        r * step,
                                        columns);
                            }
                            for (int r = 0; r < runs; r++) {
                                kernels.multiplyColumns(
                                        band.elements,
                                        band.start + windows[r * outWidth + column],
                                        strideColumns * filterHeight * inDepth,
                                        packed,
                                        panel,
                                        r * step,
                                        length,
                                        partials,
                                        outRows,
                                        chunk * size + packed.firstColumn(panel),
                                        from,
                                        to,
                                        scratch);
                            }
                        }
                    }
                    row += rows;
                }
            };
        });
        if (chunks > 1) {
            kernels.sumRows(partials, 0, chunks, size, dweights.elements(), 0);
        }
        return dweights;
    }

    /** The gradient of in_data, of its shape. */
    NdArray inputGradient(NdArray dfilterData, NdArray weights) {
        int pieces = ceilDiv(TASKS, batch);
        int slices = Math.min(pieces, Math.max(1, inDepth / SLICE));
        // Windows over the border of two bands are multiplied twice: let that be a small part.
        int bands = Math.min(ceilDiv(pieces, slices), Math.max(1, inHeight / (8 * filterHeight)));

        PackedMatrix[] packed = new PackedMatrix[slices];
        for (int slice = 0; slice < slices; slice++) {
            int depth = part(inDepth, slices, slice + 1) - part(inDepth, slices, slice);
            packed[slice] = PackedMatrix.whole(kernels, outDepth, filterHeight * filterWidth * depth);
        }
        workers.run(slices, (int slice) -> {
            int[] weightRows = weightRows(part(inDepth, slices, slice), part(inDepth, slices, slice + 1));
            for (int panel = 0; panel < packed[slice].panels(); panel++) {
                kernels.packTransposed(weights.elements(), weightRows, packed[slice], panel);
            }
        });

        NdArray dinData = ConvArray.DIN_DATA.zeros(g, dfilterData);
        int[] pixels = multiples(bandRows * outWidth, outDepth);
        int depthPieces = ceilDiv(outDepth, DEPTH);
        workers.run(batch * slices * bands, () -> {
            TileKernels.Scratch scratch = kernels.newScratch();
            int largest = isPlain ? 0 : bandRows * pitch * strideColumns * filterHeight * ceilDiv(inDepth, slices);
            Object buffer = isPlain ? dinData.elements() : kernels.zeros(largest);
            return task -> {
                int image = task / (slices * bands);
                int slice = task / bands % slices;
                int firstChannel = part(inDepth, slices, slice);
                int depth = part(inDepth, slices, slice + 1) - firstChannel;
                int firstIn = part(inHeight, bands, task % bands);
                int endIn = part(inHeight, bands, task % bands + 1);
                // The output rows whose windows reach into the task's input rows.
                int row = Math.max(0, ceilDiv(firstIn + padRows - (filterHeight - 1), strideRows));
                int end = Math.min(outHeight, Math.floorDiv(endIn - 1 + padRows, strideRows) + 1);
                int[] windows = isPlain ? multiples(bandRows * outWidth, inDepth) : windows(bandRows, depth);
                for (; row < end; row += bandRows) {
                    int rows = Math.min(bandRows, end - row);
                    int start = 0;
                    if (isPlain) {
                        start = (image * inHeight + row) * inWidth * inDepth + firstChannel;
                    } else {
                        kernels.clear(buffer, 0, rows * pitch * strideColumns * filterHeight * depth);
                    }
                    for (int piece = 0; piece < depthPieces; piece++) {
                        int first = part(outDepth, depthPieces, piece);
                        int length = part(outDepth, depthPieces, piece + 1) - first;
                        for (int panel = 0; panel < packed[slice].panels(); panel++) {
                            kernels.multiplyRows(
                                    dfilterData.elements(),
                                    pixels,
                                    (image * outHeight + row) * outWidth * outDepth + first,
                                    packed[slice],
                                    panel,
                                    first,
                                    length,
                                    buffer,
                                    windows,
                                    start + packed[slice].firstColumn(panel),
                                    0,
                                    rows * outWidth,
                                    scratch);
                        }
                    }
                    if (!isPlain) {
                        addToInput(buffer, depth, row, rows, dinData.elements(), image, firstChannel, firstIn, endIn);
                    }
                }
            };
        });
        return dinData;
    }

    /** Adds stacked output rows of a slice of channels to the input rows {@code firstIn} to {@code endIn}. */
    private void addToInput(
            Object stacked,
            int depth,
            int firstRow,
            int rows,
            Object dinData,
            int image,
            int firstChannel,
            int firstIn,
            int endIn) {
        int stackedColumns = pitch * strideColumns;
        int columns = Math.min(inWidth, stackedColumns - padColumns);
        for (int r = 0; r < rows; r++) {
            for (int kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
                int inRow = (firstRow + r) * strideRows + kernelRow - padRows;
                if (inRow >= firstIn && inRow < endIn) {
                    kernels.gather(
                            stacked,
                            ((r * stackedColumns + padColumns) * filterHeight + kernelRow) * depth,
                            filterHeight * depth,
                            dinData,
                            (image * inHeight + inRow) * inWidth * inDepth + firstChannel,
                            inDepth,
                            columns,
                            depth);
                }
            }
        }
    }

    /** Where the windows of some output rows start in a stacked band of {@code depth} channels. */
    private int[] windows(int rows, int depth) {
        int[] windows = new int[rows * outWidth];
        int column = filterHeight * depth;
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < outWidth; i++) {
                windows[row * outWidth + i] = (row * pitch + i) * strideColumns * column;
            }
        }
        return windows;
    }

    /** For each element (kw, kh, c) of a stacked window of some channels where its row of weights starts. */
    private int[] weightRows(int firstChannel, int endChannel) {
        int[] rows = new int[filterWidth * filterHeight * (endChannel - firstChannel)];
        int i = 0;
        for (int kernelColumn = 0; kernelColumn < filterWidth; kernelColumn++) {
            for (int kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
                for (int channel = firstChannel; channel < endChannel; channel++) {
                    rows[i++] = ((kernelRow * filterWidth + kernelColumn) * inDepth + channel) * outDepth;
                }
            }
        }
        return rows;
    }

    static int[] multiples(int count, int step) {
        int[] multiples = new int[count];
        for (int i = 0; i < count; i++) {
            multiples[i] = i * step;
        }
        return multiples;
    }

    /** {@code workers}, or the caller alone if the work is small. */
    static Workers workersFor(long multiplications, Workers workers) {
        return multiplications < MIN_PARALLEL ? CALLER : workers;
    }

    static int ceilDiv(int dividend, int divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }

    /** Where part {@code index} of {@code size} things in {@code parts} nearly equal parts starts. */
    static int part(int size, int parts, int index) {
        return (int) ((long) size * index / parts);
    }

    /** The input of some output rows with each window contiguous: a copy, or the input itself where it is so already. */
    private final class StackedBand {
        private final Object source;
        private final boolean isSource;
        private final Object zeroRow;
        final Object elements;
        /** Where the band starts in {@link #elements}. */
        int start;

        StackedBand(Object source, int rows, boolean isSource) {
            this.source = source;
            this.isSource = isSource;
            zeroRow = kernels.zeros(isSource || padRows == 0 ? 0 : inWidth * inDepth);
            // A tile of columns reads past a short window.
            elements = isSource
                    ? source
                    : kernels.zeros(Math.addExact(Math.multiplyExact(rows, stackedRow()), TileKernels.ROWS));
        }

        private int stackedRow() {
            return pitch * strideColumns * filterHeight * inDepth;
        }

        /** Makes the windows of {@code rows} output rows of an image contiguous. */
        void load(int image, int firstRow, int rows) {
            if (isSource) {
                start = (image * inHeight + firstRow) * inWidth * inDepth;
                return;
            }
            int columns = Math.min(inWidth, pitch * strideColumns - padColumns);
            for (int r = 0; r < rows; r++) {
                for (int kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
                    int inRow = (firstRow + r) * strideRows + kernelRow - padRows;
                    boolean isInside = inRow >= 0 && inRow < inHeight;
                    // The zeros beside the row are never written to.
                    kernels.spread(
                            isInside ? source : zeroRow,
                            isInside ? (image * inHeight + inRow) * inWidth * inDepth : 0,
                            elements,
                            r * stackedRow() + (padColumns * filterHeight + kernelRow) * inDepth,
                            filterHeight * inDepth,
                            columns,
                            inDepth);
                }
            }
        }

        boolean isFinite(int rows) {
            return kernels.isFinite(elements, start, start + rows * (isSource ? outWidth * inDepth : stackedRow()));
        }
    }
}
