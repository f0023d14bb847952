package org.npyparity.conv.vector;

import java.util.Arrays;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/**
 * The layer's passes over one geometry without the (P, Q) matrices.
 *
 * <p>The output rows of all images are counted through, and a few at a time are worked on, a band. Its part of the input
 * is held <em>stacked</em>: for each output row the filterHeight input rows that its windows cover are interleaved by
 * columns, (column, kh, c). There every window is one contiguous run, so that each pass is a matrix product whose
 * factors are read where they lie, at the cost of copying each input row as often as windows overlap vertically instead
 * of copying each window:
 *
 * <ul>
 *   <li>forward: windows (P, Q) times weights (Q, D);
 *   <li>weight gradient: transposed windows (Q, P) times dfilter_data (P, D), a slice of the input channels at a time;
 *   <li>input gradient: dfilter_data (P, D) times transposed weights (D, Q), accumulated to stacked windows of a slice of
 *       channels, which are then added to the input rows that they are made of; of few positions weights (Q, D) times
 *       transposed dfilter_data (D, P).
 * </ul>
 *
 * <p>What is multiplied is what the reference multiplies, padding's zeros included, so infinities and NaN come out the
 * same. Work is cut by the geometry alone, and sums over cuts are added in the order of the cuts. Each thread holds one
 * stacked band, no larger than a padded image and the weights together, and one panel of the right factor, or in the
 * input gradient of several bands or tasks a slice of the transposed weights; the weight gradient also a partial result,
 * of the size of the weights, for each part that the sum is cut into.
 */
final class DirectConvolution {
    /**
     * Steps of a product between two visits to the result: 128 steps of a panel of 4 vectors are 32 KiB with AVX-512 and
     * stay in the first-level cache while all rows of a band pass by.
     */
    static final int DEPTH = 128;

    /** Pixels of a band: enough to load a panel for, few enough that a band stays in the second-level cache. */
    private static final int BAND_PIXELS = 256;

    /** Tasks to cut a pass into where its size allows: what keeps 16 threads busy. */
    private static final int TASKS = 16;

    /** Input channels of a slice at least: whole cache lines, and many tiles to use what is packed for. */
    private static final int SLICE = 32;

    /** Positions, of all images, that are too few to transpose the weights for. */
    private static final int FEW_POSITIONS = 128;

    /** Rows of the weights that are multiplied with one panel after another while they are in a cache. */
    private static final int BLOCK_ROWS = 8 * TileKernels.ROWS;

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
    /** The output rows of all images. */
    private final int allRows;
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
        allRows = batch * outHeight;
        pitch = ceilDiv((outWidth - 1) * strideColumns + filterWidth, strideColumns);
        isPlain = filterHeight == 1
                && filterWidth == 1
                && strideRows == 1
                && strideColumns == 1
                && padRows == 0
                && padColumns == 0;
    }

    /** relu(in_data * weights + bias), (P, D). */
    NdArray forward(NdArray inData, NdArray weights, NdArray bias) {
        NdArray filterData = ConvArray.FILTER_DATA.zeros(g, inData);
        int bandRows = bandRows(allRows, inDepth);
        int bands = ceilDiv(allRows, bandRows);
        int[] windows = windows(bandRows, inDepth);
        int[] pixels = multiples(bandRows * outWidth, outDepth);
        int[] weightRows = weightRows(0, inDepth);
        int pieces = ceilDiv(patchSize, DEPTH);
        int panels = ceilDiv(outDepth, kernels.wide);
        int groups = Math.min(panels, ceilDiv(TASKS, bands));
        workers.run(bands * groups, () -> {
            TileProduct product = new TileProduct(kernels);
            StackedBand band = new StackedBand(inData.elements(), bandRows, inDepth, isPlain);
            PackedMatrix packed = PackedMatrix.onePanel(kernels, kernels.wide, Math.min(DEPTH, patchSize), outDepth);
            return task -> {
                int firstRow = task / groups * bandRows;
                int rows = Math.min(bandRows, allRows - firstRow);
                int firstPanel = part(panels, groups, task % groups);
                int endPanel = part(panels, groups, task % groups + 1);
                int out = firstRow * outWidth * outDepth;
                band.load(firstRow, rows, 0, inDepth);
                for (int piece = 0; piece < pieces; piece++) {
                    int first = part(patchSize, pieces, piece);
                    int length = part(patchSize, pieces, piece + 1) - first;
                    for (int panel = firstPanel; panel < endPanel; panel++) {
                        kernels.pack(weights.elements(), weightRows, first, 0, packed, panel, length);
                        product.left(band.elements, windows, band.start + first)
                                .right(packed, panel, 0, length)
                                .into(filterData.elements(), pixels, out + packed.firstColumn(panel), piece > 0)
                                .byRows(0, rows * outWidth);
                    }
                }
                int from = packed.firstColumn(firstPanel);
                int to = packed.firstColumn(endPanel - 1) + packed.width(endPanel - 1);
                kernels.addBiasAndRelu(
                        filterData.elements(), out, outDepth, rows * outWidth, bias.elements(), from, to);
            };
        });
        return filterData;
    }

    /** The gradient of the weights, (Q, D). */
    NdArray weightGradient(NdArray inData, NdArray dfilterData) {
        NdArray dweights = ConvArray.DWEIGHTS.zeros(g, inData);
        int size = patchSize * outDepth;
        // Cut the sum where it is long and the partial results are small, the result into slices of channels, then into
        // panels.
        int longEnough = Math.min(allRows, allRows * outWidth / DEPTH);
        int chunks = evenly(Math.min(Math.min(TASKS, longEnough), PARTIAL_ELEMENTS / size));
        Object[] partials = new Object[chunks];
        workers.run(chunks, (int chunk) -> partials[chunk] = chunk == 0 ? dweights.elements() : kernels.zeros(size));
        // Each slice packs its right factor anew: where nothing is stacked, let 4 groups of panels share a slice.
        int panels = ceilDiv(outDepth, kernels.wideByColumns);
        int slices = slices(chunks * Math.min(panels, 4));
        int groups = Math.min(panels, ceilDiv(TASKS, chunks * slices));

        int largest = ceilDiv(inDepth, slices);
        int bandRows = bandRows(ceilDiv(allRows, chunks), largest);
        int bandPixels = bandRows * outWidth;
        int[] pixels = multiples(Math.min(DEPTH, bandPixels), outDepth);
        boolean isDirect = isPlain && slices == 1 && inDepth >= TileKernels.ROWS;
        workers.run(chunks * slices * groups, () -> {
            TileProduct product = new TileProduct(kernels);
            StackedBand band = new StackedBand(inData.elements(), bandRows, largest, isDirect);
            PackedMatrix lying = PackedMatrix.asItLies(kernels, dfilterData.elements(), allRows * outWidth, outDepth);
            PackedMatrix packed = lying != null
                    ? lying
                    : PackedMatrix.onePanel(kernels, kernels.wideByColumns, Math.min(DEPTH, bandPixels), outDepth);
            return task -> {
                int chunk = task / (slices * groups);
                int slice = task / groups % slices;
                int firstPanel = part(panels, groups, task % groups);
                int endPanel = part(panels, groups, task % groups + 1);
                int firstChannel = part(inDepth, slices, slice);
                int depth = part(inDepth, slices, slice + 1) - firstChannel;
                int[] windows = windows(bandRows, depth);
                int[] outRows = weightRows(firstChannel, firstChannel + depth);
                int begin = part(allRows, chunks, chunk);
                int end = part(allRows, chunks, chunk + 1);
                for (int row = begin; row < end; row += bandRows) {
                    int rows = Math.min(bandRows, end - row);
                    band.load(row, rows, firstChannel, depth);
                    int pieces = ceilDiv(rows * outWidth, DEPTH);
                    for (int piece = 0; piece < pieces; piece++) {
                        int first = part(rows * outWidth, pieces, piece);
                        int length = part(rows * outWidth, pieces, piece + 1) - first;
                        int position = row * outWidth + first;
                        for (int panel = firstPanel; panel < endPanel; panel++) {
                            if (lying == null) {
                                kernels.pack(
                                        dfilterData.elements(), pixels, 0, position * outDepth, packed, panel, length);
                            }
                            product.left(band.elements, windows, first, band.start)
                                    .right(packed, panel, lying == null ? 0 : position, length)
                                    .into(partials[chunk], outRows, packed.firstColumn(panel), row > begin || piece > 0)
                                    .byColumns(0, outRows.length);
                        }
                    }
                }
            };
        });
        workers.run(chunks == 1 ? 0 : TASKS, (int task) -> {
            int from = part(size, TASKS, task);
            int to = part(size, TASKS, task + 1);
            for (int chunk = 1; chunk < chunks; chunk++) {
                kernels.gather(partials[chunk], from, size, dweights.elements(), from, size, 1, to - from);
            }
        });
        return dweights;
    }

    /** The gradient of in_data, of its shape. */
    NdArray inputGradient(NdArray dfilterData, NdArray weights) {
        if (allRows * outWidth <= Math.min(FEW_POSITIONS, outDepth)) {
            return inputGradientOfFew(dfilterData, weights);
        }
        // A task: a slice of channels of a few small images, or of some input rows of a large one.
        int images = Math.max(1, Math.min(batch, BAND_PIXELS / (outHeight * outWidth)));
        int imageGroups = ceilDiv(batch, images);
        int slices = slices(imageGroups);
        // Windows over the border of two parts are multiplied twice: let that be a small part, or else one border.
        int atLeast = imageGroups * slices == 1 && inHeight >= 4 * filterHeight ? 2 : 1;
        int parts = images > 1
                ? 1
                : evenly(Math.min(
                        ceilDiv(TASKS, imageGroups * slices), Math.max(atLeast, inHeight / (8 * filterHeight))));
        int largest = ceilDiv(inDepth, slices);
        int bandRows = bandRows(images * outHeight, largest);

        NdArray dinData = ConvArray.DIN_DATA.zeros(g, dfilterData);
        int[] pixels = multiples(bandRows * outWidth, outDepth);
        int depthPieces = ceilDiv(outDepth, DEPTH);
        // What a thread has transposed it keeps for further bands, and for further tasks of the slice; where there are
        // none of either, it does not leave the first-level cache.
        int tasksOfSlice = imageGroups * parts;
        boolean keeps = tasksOfSlice > 1 || allRows > bandRows;
        workers.run(slices * tasksOfSlice, () -> {
            TileProduct product = new TileProduct(kernels);
            Object buffer = isPlain ? dinData.elements() : kernels.zeros(bandRows * stackedRow(largest));
            PackedMatrix[] transposed = new PackedMatrix[slices];
            return task -> {
                int slice = task / tasksOfSlice;
                int firstImage = task / parts % imageGroups * images;
                int endImage = Math.min(firstImage + images, batch);
                int firstChannel = part(inDepth, slices, slice);
                int depth = part(inDepth, slices, slice + 1) - firstChannel;
                int firstIn = part(inHeight, parts, task % parts);
                int endIn = part(inHeight, parts, task % parts + 1);
                // The output rows whose windows reach into the task's input rows.
                int row = firstImage * outHeight
                        + Math.max(0, ceilDiv(firstIn + padRows - (filterHeight - 1), strideRows));
                int end = (endImage - 1) * outHeight
                        + Math.min(outHeight, Math.floorDiv(endIn - 1 + padRows, strideRows) + 1);
                if (row >= end) {
                    return; // a stride beyond the filter's size: no window reaches these rows
                }
                int[] windows = isPlain ? multiples(bandRows * outWidth, inDepth) : windows(bandRows, depth);
                int[] weightRows = weightRows(firstChannel, firstChannel + depth);
                int begin = row;
                boolean isNew = transposed[slice] == null;
                if (isNew) {
                    Arrays.fill(transposed, null);
                    transposed[slice] = keeps
                            ? PackedMatrix.whole(kernels, outDepth, weightRows.length)
                            : PackedMatrix.onePanel(
                                    kernels, kernels.wide, Math.min(DEPTH, outDepth), weightRows.length);
                }
                PackedMatrix packed = transposed[slice];
                int[] gradients = pixels;
                int[] places = windows;
                for (; row < end; row += bandRows) {
                    int rows = Math.min(bandRows, end - row);
                    if (gradients == pixels || rows < bandRows) {
                        gradients = apart(pixels, rows * outWidth);
                        places = apart(windows, rows * outWidth);
                    }
                    int start = 0;
                    if (isPlain) {
                        start = row * inWidth * inDepth + firstChannel;
                    } else {
                        kernels.clear(buffer, 0, rows * stackedRow(depth));
                    }
                    for (int piece = 0; piece < depthPieces; piece++) {
                        int first = part(outDepth, depthPieces, piece);
                        int length = part(outDepth, depthPieces, piece + 1) - first;
                        for (int panel = 0; panel < packed.panels(); panel++) {
                            int at = keeps ? first : 0;
                            if (isNew && row == begin) {
                                kernels.packTransposed(
                                        weights.elements(), weightRows, first, packed, panel, at, length);
                            }
                            product.left(dfilterData.elements(), gradients, row * outWidth * outDepth + first)
                                    .right(packed, panel, at, length)
                                    .into(buffer, places, start + packed.firstColumn(panel), piece > 0 || !isPlain)
                                    .byRows(0, rows * outWidth);
                        }
                    }
                    if (!isPlain) {
                        addToInput(buffer, depth, row, rows, dinData.elements(), firstChannel, firstIn, endIn);
                    }
                }
            };
        });
        return dinData;
    }

    /**
     * The gradient of in_data where the positions are few: weights (Q, D) times transposed dfilter_data (D, P), a slice of
     * channels at a time. To transpose the weights would take about as long as to multiply with them.
     */
    private NdArray inputGradientOfFew(NdArray dfilterData, NdArray weights) {
        NdArray dinData = ConvArray.DIN_DATA.zeros(g, dfilterData);
        int positions = allRows * outWidth;
        // Whole vectors: what fills the last one is computed and not used. If that is nearly all of it, as of 49
        // positions, those in it are summed one by one.
        int columns = ceilDiv(positions, kernels.lanes) * kernels.lanes;
        int beyond = positions % kernels.lanes;
        boolean areApart = 4 * beyond <= kernels.lanes && positions > TileKernels.MIN_VECTORS * kernels.lanes;
        int inTiles = areApart ? positions - beyond : columns;
        int[] pixels = multiples(columns, outDepth);
        Arrays.fill(pixels, positions, columns, 0);
        PackedMatrix packed = PackedMatrix.whole(kernels, outDepth, inTiles);
        workers.run(
                packed.panels(),
                (int panel) -> kernels.packTransposed(dfilterData.elements(), pixels, 0, packed, panel, 0, outDepth));
        int slices = Math.max(1, inDepth / SLICE);
        int taps = filterHeight * filterWidth;
        int largest = taps * ceilDiv(inDepth, slices);
        int[] sums = multiples(largest, columns);
        int pieces = ceilDiv(outDepth, DEPTH);
        workers.run(slices, () -> {
            TileProduct product = new TileProduct(kernels);
            Object buffer = kernels.zeros(largest * columns);
            return slice -> {
                int firstChannel = part(inDepth, slices, slice);
                int depth = part(inDepth, slices, slice + 1) - firstChannel;
                int[] weightRows = weightRows(firstChannel, firstChannel + depth);
                for (int from = 0; from < weightRows.length; from += BLOCK_ROWS) {
                    int to = Math.min(from + BLOCK_ROWS, weightRows.length);
                    for (int piece = 0; piece < pieces; piece++) {
                        int first = part(outDepth, pieces, piece);
                        int length = part(outDepth, pieces, piece + 1) - first;
                        for (int panel = 0; panel < packed.panels(); panel++) {
                            product.left(weights.elements(), weightRows, first)
                                    .right(packed, panel, first, length)
                                    .into(buffer, sums, packed.firstColumn(panel), piece > 0)
                                    .byRows(from, to);
                        }
                    }
                    for (int position = inTiles; position < positions; position++) {
                        kernels.multiplyByVector(
                                weights.elements(),
                                weightRows,
                                from,
                                to,
                                dfilterData.elements(),
                                position * outDepth,
                                outDepth,
                                buffer,
                                sums,
                                position);
                    }
                }
                for (int tap = 0; tap < taps; tap++) {
                    for (int position = 0; position < positions; position++) {
                        int inRow = position / outWidth % outHeight * strideRows - padRows + tap % filterHeight;
                        int inColumn = position % outWidth * strideColumns - padColumns + tap / filterHeight;
                        if (inRow >= 0 && inRow < inHeight && inColumn >= 0 && inColumn < inWidth) {
                            int image = position / (outHeight * outWidth);
                            kernels.gather(
                                    buffer,
                                    tap * depth * columns + position,
                                    columns,
                                    dinData.elements(),
                                    ((image * inHeight + inRow) * inWidth + inColumn) * inDepth + firstChannel,
                                    1,
                                    depth,
                                    1);
                        }
                    }
                }
            };
        });
        return dinData;
    }

    /** Adds stacked output rows of a slice of channels to the input rows {@code firstIn} to {@code endIn} of each image. */
    private void addToInput(
            Object stacked,
            int depth,
            int firstRow,
            int rows,
            Object dinData,
            int firstChannel,
            int firstIn,
            int endIn) {
        int columns = Math.min(inWidth, pitch * strideColumns - padColumns);
        for (int r = 0; r < rows; r++) {
            int image = (firstRow + r) / outHeight;
            int top = (firstRow + r) % outHeight * strideRows - padRows;
            for (int kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
                int inRow = top + kernelRow;
                if (inRow >= firstIn && inRow < endIn) {
                    kernels.gather(
                            stacked,
                            r * stackedRow(depth) + (padColumns * filterHeight + kernelRow) * depth,
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

    /**
     * Slices of the input channels: as many as there are panels' widths, for a band of a slice to stay in a cache; where
     * nothing is stacked no more than {@code others} tasks leave to be wished for.
     */
    private int slices(int others) {
        int most = Math.max(1, inDepth / Math.max(SLICE, kernels.wide));
        return isPlain ? Math.min(most, ceilDiv(TASKS, others)) : most;
    }

    /** The largest power of 2 up to {@code parts}, or 1: as many parts as that keep 2, 4, 8 and 16 threads alike. */
    private static int evenly(int parts) {
        return Integer.highestOneBit(Math.max(1, parts));
    }

    /**
     * The output rows of a band of {@code depth} channels: some {@value #BAND_PIXELS} pixels, no more than there are, and
     * no more elements than a padded image and the weights have, but for the one row that it takes.
     */
    private int bandRows(int available, int depth) {
        long elements = (long) g.paddedHeight() * g.paddedWidth() * inDepth + (long) patchSize * outDepth;
        long fitting = isPlain ? available : elements / stackedRow(depth);
        return (int) Math.max(1, Math.min(Math.min(available, BAND_PIXELS / outWidth), fitting));
    }

    /** Elements of an output row of a stacked band. */
    private int stackedRow(int depth) {
        return Math.multiplyExact(pitch * strideColumns, filterHeight * depth);
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

    /**
     * The first {@code count} of {@code starts}, so ordered that the rows of a tile lie apart: neighbouring windows
     * overlap, and a processor that adds to one waits until what it has added to the other is written.
     */
    private static int[] apart(int[] starts, int count) {
        int[] ordered = Arrays.copyOf(starts, count);
        int tiles = count / TileKernels.ROWS;
        for (int i = 0; i < tiles * TileKernels.ROWS; i++) {
            ordered[i] = starts[i % TileKernels.ROWS * tiles + i / TileKernels.ROWS];
        }
        return ordered;
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
        private final int size;
        private final Object zeroRow;
        /** The output row and the input channels that the band starts with, and its depth; none at first. */
        private int loaded = -1;

        private int firstChannel;
        private int depth;

        final Object elements;
        /** Where the band starts in {@link #elements}. */
        int start;

        /** A place for {@code rows} output rows of {@code depth} input channels at most. */
        StackedBand(Object source, int rows, int depth, boolean isSource) {
            this.source = source;
            this.isSource = isSource;
            this.depth = depth;
            zeroRow = kernels.zeros(isSource || padRows == 0 ? 0 : inWidth * depth);
            size = isSource ? 0 : Math.multiplyExact(rows, stackedRow(depth));
            // A tile of columns reads past a short window.
            elements = isSource ? source : kernels.zeros(Math.addExact(size, TileKernels.ROWS));
        }

        /** Makes the windows of {@code rows} output rows contiguous, {@code depth} input channels of them. */
        void load(int firstRow, int rows, int firstChannel, int depth) {
            if (isSource) {
                start = firstRow * inWidth * inDepth;
                return;
            }
            if (firstRow == loaded && firstChannel == this.firstChannel && depth == this.depth) {
                return;
            }
            if (depth != this.depth) {
                kernels.clear(elements, 0, size);
            }
            this.firstChannel = firstChannel;
            this.depth = depth;
            loaded = firstRow;
            int columns = Math.min(inWidth, pitch * strideColumns - padColumns);
            for (int r = 0; r < rows; r++) {
                int image = (firstRow + r) / outHeight;
                int top = (firstRow + r) % outHeight * strideRows - padRows;
                for (int kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
                    int inRow = top + kernelRow;
                    boolean isInside = inRow >= 0 && inRow < inHeight;
                    // The zeros beside the row are never written to.
                    kernels.spread(
                            isInside ? source : zeroRow,
                            isInside ? (image * inHeight + inRow) * inWidth * inDepth + firstChannel : 0,
                            isInside ? inDepth : depth,
                            elements,
                            r * stackedRow(depth) + (padColumns * filterHeight + kernelRow) * depth,
                            filterHeight * depth,
                            columns,
                            depth);
                }
            }
        }
    }
}
