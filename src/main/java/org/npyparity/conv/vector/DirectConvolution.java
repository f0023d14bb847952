package org.npyparity.conv.vector;

import org.jspecify.annotations.Nullable;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/**
 * The layer's passes over one geometry without the (P, Q) matrices.
 *
 * <p>In NHWC one row of a window, (kw, c), is contiguous. So each pass is a sum over kernel rows of products whose
 * factors can be read where they lie, in the padded image and in the output's feature map:
 *
 * <ul>
 *   <li>forward: window rows (P, K·C) times weights (K·C, D);
 *   <li>input gradient: pixels (P, D) times transposed weights (D, K·C), added to the window rows they belong to;
 *   <li>weight gradient: transposed window rows (K·C, P) times pixels (P, D).
 * </ul>
 *
 * <p>What is multiplied is what the reference multiplies, padding's zeros included, so infinities and NaN come out the
 * same. Work is cut by the geometry alone, and sums over cuts are added in the order of the cuts.
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

    /** Elements of all partial weight gradients together. */
    private static final int PARTIAL_ELEMENTS = 1 << 18;

    /** Multiplications below which waking other threads takes longer than it saves: some 10 µs. */
    private static final long MIN_PARALLEL = 1 << 18;

    private static final Workers CALLER = new Workers(1);

    private final ConvGeometry g;
    private final TileKernels kernels;
    private final Workers workers;

    private final int filterRows;
    private final int strideRows;
    private final int strideColumns;
    private final int padRows;
    private final int padColumns;
    private final int outHeight;
    private final int outWidth;
    private final int depth;
    private final int outDepth;
    /** The pixels of one output image. */
    private final int pixels;
    /** The elements of one row of the padded image. */
    private final int paddedRow;
    /** The elements of one row of a window. */
    private final int windowRow;
    /** The elements of one input image. */
    private final int image;
    /** For each pixel of an output image where its window starts in the padded image. */
    private final int[] windows;
    /** For each pixel of an output image where its channels start. */
    private final int[] outPixels;

    DirectConvolution(ConvGeometry geometry, TileKernels kernels, Workers workers) {
        g = geometry;
        this.kernels = kernels;
        filterRows = g.filterSize();
        strideRows = g.stride();
        strideColumns = g.stride();
        padRows = g.padding();
        padColumns = g.padding();
        outHeight = g.outHeight();
        outWidth = g.outWidth();
        depth = g.inDepth();
        outDepth = g.outDepth();
        pixels = outHeight * outWidth;
        paddedRow = (g.inWidth() + 2 * padColumns) * depth;
        windowRow = g.filterSize() * depth;
        image = g.inHeight() * g.inWidth() * depth;
        this.workers = workersFor((long) g.positions() * g.patchSize() * outDepth, workers);
        windows = new int[pixels];
        outPixels = new int[pixels];
        for (int pixel = 0; pixel < pixels; pixel++) {
            windows[pixel] = pixel / outWidth * strideRows * paddedRow + pixel % outWidth * strideColumns * depth;
            outPixels[pixel] = pixel * outDepth;
        }
    }

    /** relu(in_data * weights + bias), (P, D); without a bias the convolution alone. */
    NdArray forward(NdArray inData, NdArray weights, @Nullable NdArray bias) {
        PackedMatrix packed = new PackedMatrix(kernels, g.patchSize(), outDepth, kernels.wide, kernels.narrow);
        workers.run(
                packed.panels(),
                (int panel) -> kernels.pack(weights.elements(), 0, outDepth, packed, panel, 0, packed.depth));

        NdArray filterData = ConvArray.FILTER_DATA.zeros(g, inData);
        int bandRows = rowsOfBand();
        int bands = ceilDiv(outHeight, bandRows);
        int groups = Math.min(packed.panels(), ceilDiv(TASKS, g.batch() * bands));
        workers.run(g.batch() * bands * groups, () -> {
            TileKernels.Scratch scratch = kernels.newScratch();
            PaddedBand band = new PaddedBand(inData.elements(), bandRows, padRows > 0 || padColumns > 0);
            return task -> {
                int imageIndex = task / groups / bands;
                int firstRow = task / groups % bands * bandRows;
                int endRow = Math.min(firstRow + bandRows, outHeight);
                int firstPanel = part(packed.panels(), groups, task % groups);
                int endPanel = part(packed.panels(), groups, task % groups + 1);
                band.load(imageIndex, firstRow, endRow);
                int firstPixel = firstRow * outWidth;
                int endPixel = endRow * outWidth;
                int out = imageIndex * pixels * outDepth;
                int pieces = ceilDiv(windowRow, DEPTH);
                for (int kernelRow = 0; kernelRow < filterRows; kernelRow++) {
                    for (int piece = 0; piece < pieces; piece++) {
                        int first = part(windowRow, pieces, piece);
                        int length = part(windowRow, pieces, piece + 1) - first;
                        for (int panel = firstPanel; panel < endPanel; panel++) {
                            kernels.multiplyRows(
                                    band.elements,
                                    windows,
                                    band.shift + kernelRow * paddedRow + first,
                                    packed,
                                    panel,
                                    kernelRow * windowRow + first,
                                    length,
                                    filterData.elements(),
                                    outPixels,
                                    out + packed.firstColumn(panel),
                                    firstPixel,
                                    endPixel,
                                    scratch);
                        }
                    }
                }
                if (bias != null) {
                    kernels.addBiasAndRelu(
                            filterData.elements(),
                            out + firstPixel * outDepth,
                            outDepth,
                            endPixel - firstPixel,
                            bias.elements(),
                            packed.firstColumn(firstPanel),
                            packed.firstColumn(endPanel - 1) + packed.width(endPanel - 1));
                }
            };
        });
        return filterData;
    }

    /** The gradient of in_data, of its shape. */
    NdArray inputGradient(NdArray dfilterData, NdArray weights) {
        PackedMatrix[] packed = new PackedMatrix[filterRows];
        for (int kernelRow = 0; kernelRow < filterRows; kernelRow++) {
            packed[kernelRow] = new PackedMatrix(kernels, outDepth, windowRow, kernels.wide, kernels.narrow);
        }
        int panels = packed[0].panels();
        workers.run(filterRows * panels, (int task) -> {
            int at = task / panels * windowRow * outDepth;
            kernels.packTransposed(weights.elements(), at, outDepth, packed[task / panels], task % panels, 0, outDepth);
        });

        NdArray dinData = ConvArray.DIN_DATA.zeros(g, dfilterData);
        int bandRows = Math.min(rowsOfBand() * strideRows, g.inHeight());
        int bands = ceilDiv(g.inHeight(), bandRows);
        boolean isPadded = padRows > 0 || padColumns > 0;
        int bandElements = isPadded ? Math.multiplyExact(bandRows, paddedRow) : 0;
        workers.run(g.batch() * bands, () -> {
            TileKernels.Scratch scratch = kernels.newScratch();
            Object buffer = isPadded ? kernels.zeros(bandElements) : dinData.elements();
            return task -> {
                int imageIndex = task / bands;
                int firstRow = task % bands * bandRows;
                int endRow = Math.min(firstRow + bandRows, g.inHeight());
                // Where row 0 of the padded image would lie in the buffer.
                int origin = imageIndex * image;
                if (isPadded) {
                    kernels.clear(buffer, 0, bandElements);
                    origin = -(firstRow + padRows) * paddedRow;
                }
                int pieces = ceilDiv(outDepth, DEPTH);
                for (int kernelRow = 0; kernelRow < filterRows; kernelRow++) {
                    // The output rows whose windows have this row of theirs in the band.
                    int firstOut = Math.max(0, ceilDiv(firstRow + padRows - kernelRow, strideRows));
                    int endOut = Math.min(outHeight, Math.floorDiv(endRow - 1 + padRows - kernelRow, strideRows) + 1);
                    for (int piece = 0; piece < pieces && firstOut < endOut; piece++) {
                        int first = part(outDepth, pieces, piece);
                        int length = part(outDepth, pieces, piece + 1) - first;
                        for (int panel = 0; panel < panels; panel++) {
                            kernels.multiplyRows(
                                    dfilterData.elements(),
                                    outPixels,
                                    imageIndex * pixels * outDepth + first,
                                    packed[kernelRow],
                                    panel,
                                    first,
                                    length,
                                    buffer,
                                    windows,
                                    origin + kernelRow * paddedRow + packed[kernelRow].firstColumn(panel),
                                    firstOut * outWidth,
                                    endOut * outWidth,
                                    scratch);
                        }
                    }
                }
                if (isPadded) {
                    int row = g.inWidth() * depth;
                    for (int i = firstRow; i < endRow; i++) {
                        System.arraycopy(
                                buffer,
                                (i - firstRow) * paddedRow + padColumns * depth,
                                dinData.elements(),
                                imageIndex * image + i * row,
                                row);
                    }
                }
            };
        });
        return dinData;
    }

    /** The gradient of the weights, (Q, D). */
    NdArray weightGradient(NdArray inData, NdArray dfilterData) {
        NdArray dweights = ConvArray.DWEIGHTS.zeros(g, inData);
        int size = g.patchSize() * outDepth;
        int allRows = g.batch() * outHeight;
        // Cut the sum where the partial results are small, else the result.
        int chunks = Math.max(1, Math.min(Math.min(TASKS, allRows), PARTIAL_ELEMENTS / size));
        Object partials = chunks == 1 ? dweights.elements() : kernels.zeros(chunks * size);
        int panels = ceilDiv(outDepth, kernels.narrow);
        int groups = Math.min(panels * filterRows, ceilDiv(TASKS, chunks));

        // The columns of a row, or several rows at once, whose pixels make one product.
        int columnPieces = ceilDiv(outWidth, DEPTH);
        int blockColumns = ceilDiv(outWidth, columnPieces);
        // With stride 1 the windows of consecutive rows follow each other at one step if those over the row's end,
        // whose
        // gradients are zeros, are let in.
        boolean rowsFollow = strideRows == 1 && strideColumns == 1 && columnPieces == 1;
        int pitch = rowsFollow ? paddedRow / depth : blockColumns;
        int blockRows = Math.max(1, DEPTH / pitch);
        int bandRows = Math.min(ceilDiv(allRows, chunks), outHeight);
        boolean needsCopy = padRows > 0 || padColumns > 0 || windowRow < TileKernels.ROWS;

        workers.run(chunks * groups, () -> {
            TileKernels.Scratch scratch = kernels.newScratch();
            PaddedBand band = new PaddedBand(inData.elements(), bandRows, needsCopy);
            PackedMatrix packed =
                    new PackedMatrix(kernels, blockRows * pitch, outDepth, kernels.narrow, kernels.narrow);
            return task -> {
                int chunk = task / groups;
                int firstUnit = part(panels * filterRows, groups, task % groups);
                int endUnit = part(panels * filterRows, groups, task % groups + 1);
                int end = part(allRows, chunks, chunk + 1);
                int row = part(allRows, chunks, chunk);
                while (row < end) {
                    int imageIndex = row / outHeight;
                    int firstRow = row % outHeight;
                    int endRow = Math.min(firstRow + Math.min(end - row, bandRows), outHeight);
                    band.load(imageIndex, firstRow, endRow);
                    boolean asOne = rowsFollow && (pitch == outWidth || band.isFinite(endRow - firstRow));
                    for (int blockRow = firstRow; blockRow < endRow; blockRow += blockRows) {
                        int rows = Math.min(blockRows, endRow - blockRow);
                        for (int column = 0; column < outWidth; column += blockColumns) {
                            int columns = Math.min(blockColumns, outWidth - column);
                            int pixel = blockRow * outWidth + column;
                            int from = (imageIndex * pixels + pixel) * outDepth;
                            for (int panel = firstUnit / filterRows; panel <= (endUnit - 1) / filterRows; panel++) {
                                for (int r = 0; r < rows; r++) {
                                    kernels.pack(
                                            dfilterData.elements(),
                                            from + r * outWidth * outDepth,
                                            outDepth,
                                            packed,
                                            panel,
                                            r * pitch,
                                            columns);
                                }
                            }
                            for (int unit = firstUnit; unit < endUnit; unit++) {
                                int panel = unit / filterRows;
                                int kernelRow = unit % filterRows;
                                int out = chunk * size + kernelRow * windowRow * outDepth + packed.firstColumn(panel);
                                for (int r = 0; r < (asOne ? 1 : rows); r++) {
                                    kernels.multiplyColumns(
                                            band.elements,
                                            band.shift + windows[pixel + r * outWidth] + kernelRow * paddedRow,
                                            strideColumns * depth,
                                            packed,
                                            panel,
                                            r * pitch,
                                            asOne ? (rows - 1) * pitch + columns : columns,
                                            partials,
                                            out,
                                            outDepth,
                                            windowRow,
                                            scratch);
                                }
                            }
                        }
                    }
                    row += endRow - firstRow;
                }
            };
        });
        if (chunks > 1) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                kernels.add(partials, chunk * size, dweights.elements(), 0, size);
            }
        }
        return dweights;
    }

    private int rowsOfBand() {
        return Math.min(outHeight, Math.max(1, BAND_PIXELS / outWidth));
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

    /** Rows of one padded input image: a copy with its zeros, or the input itself where it has none. */
    private final class PaddedBand {
        private final Object source;
        private final boolean copies;
        final Object elements;
        /** Add this to an element's place in the padded image: that is its place in {@link #elements}. */
        int shift;

        PaddedBand(Object source, int outRows, boolean copies) {
            this.source = source;
            this.copies = copies;
            // A tile of columns reads past a short row.
            elements = copies
                    ? kernels.zeros(Math.addExact(Math.multiplyExact(inputRows(outRows), paddedRow), TileKernels.ROWS))
                    : source;
        }

        private int inputRows(int outRows) {
            return (outRows - 1) * strideRows + filterRows;
        }

        /** Makes the rows at hand that the windows of output rows {@code first} to {@code end} cover. */
        void load(int imageIndex, int first, int end) {
            if (!copies) {
                shift = imageIndex * image;
                return;
            }
            int top = first * strideRows;
            shift = -top * paddedRow;
            int row = g.inWidth() * depth;
            for (int i = 0; i < inputRows(end - first); i++) {
                int inputRow = top + i - padRows;
                if (inputRow < 0 || inputRow >= g.inHeight()) {
                    kernels.clear(elements, i * paddedRow, (i + 1) * paddedRow);
                } else {
                    // The zeros beside the row are never written to.
                    int from = imageIndex * image + inputRow * row;
                    System.arraycopy(source, from, elements, i * paddedRow + padColumns * depth, row);
                }
            }
        }

        boolean isFinite(int outRows) {
            int start = copies ? 0 : shift;
            return kernels.isFinite(elements, start, start + inputRows(outRows) * paddedRow);
        }
    }
}
