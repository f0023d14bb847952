package org.npyparity.operation.conv.mistakes;

import java.util.function.DoubleBinaryOperator;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/**
 * im2col and col2im over any idea of where windows lie. What an idea places outside of a buffer is not moved: a port
 * that survives such an access reads zeros or writes nowhere.
 *
 * @param reads which tap's pixel a tap takes
 * @param row of the padded image that a tap of a window reads
 * @param column of the padded image that a tap of a window reads
 * @param pixel the address of a pixel (image, row, column) among the pixels of the padded batch
 * @param window the address of a window (image, row, column) among the rows of matric_data
 */
record Windows(Mixup reads, Reach row, Reach column, Address pixel, Address window) {

    /** Windows as they are. */
    static final Windows CORRECT = new Windows(
            (g, tap) -> tap,
            Axis::reach,
            Axis::reach,
            (g, image, row, column) -> (image * g.paddedHeight() + row) * g.paddedWidth() + column,
            (g, image, row, column) -> (image * g.outHeight() + row) * g.outWidth() + column);

    /** Takes one tap for another. */
    interface Mixup {
        Tap of(ConvGeometry g, Tap tap);
    }

    /** The position along an axis of the padded image that a tap of a window reads. */
    interface Reach {
        int at(Axis axis, int window, int tap);
    }

    /** An index in a buffer. */
    interface Address {
        int of(ConvGeometry g, int image, int row, int column);
    }

    /**
     * One spatial axis.
     *
     * @param in extent of the input
     * @param out extent of the output
     */
    record Axis(int in, int out, int filterSize, int stride, int padding) {
        static Axis rows(ConvGeometry g) {
            return new Axis(g.inHeight(), g.outHeight(), g.filterSize(), g.stride(), g.padding());
        }

        static Axis columns(ConvGeometry g) {
            return new Axis(g.inWidth(), g.outWidth(), g.filterSize(), g.stride(), g.padding());
        }

        /** Extent of the padded input. */
        int padded() {
            return in + 2 * padding;
        }

        /** What every engine computes. */
        int reach(int window, int tap) {
            return window * stride + tap;
        }

        /** How many positions at the end no window reaches. */
        int tail() {
            return (padded() - filterSize) % stride;
        }
    }

    Windows reads(Mixup other) {
        return new Windows(other, row, column, pixel, window);
    }

    /** Another reach along both axes. */
    Windows reach(Reach other) {
        return new Windows(reads, other, other, pixel, window);
    }

    Windows row(Reach other) {
        return new Windows(reads, other, column, pixel, window);
    }

    Windows column(Reach other) {
        return new Windows(reads, row, other, pixel, window);
    }

    Windows pixel(Address other) {
        return new Windows(reads, row, column, other, window);
    }

    Windows window(Address other) {
        return new Windows(reads, row, column, pixel, other);
    }

    NdArray im2col(ConvGeometry g, NdArray inData) {
        NdArray padded = pad(g, inData);
        NdArray matricData = ConvArray.MATRIC_DATA.zeros(g, inData);
        forEach(g, (entry, element) -> matricData.set(entry, padded.get(element)));
        return matricData;
    }

    /** col2im that joins the gradients of overlapping windows by {@code join(sofar, next)}. */
    NdArray col2im(ConvGeometry g, NdArray dmatricData, DoubleBinaryOperator join) {
        NdArray dpaddingData = ConvArray.DPADDING_DATA.zeros(g, dmatricData);
        forEach(
                g,
                (entry, element) -> dpaddingData.set(
                        element, join.applyAsDouble(dpaddingData.get(element), dmatricData.get(entry))));
        return dpaddingData;
    }

    private static NdArray pad(ConvGeometry g, NdArray inData) {
        NdArray padded = ConvArray.DPADDING_DATA.zeros(g, inData);
        for (int i = 0; i < inData.size(); i++) {
            int[] index = inData.indexOf(i);
            padded.set(
                    padded.positionOf(index[0], index[1] + g.padding(), index[2] + g.padding(), index[3]),
                    inData.get(i));
        }
        return padded;
    }

    private interface Visitor {
        void visit(int entry, int element);
    }

    /** Calls for each tap: its entry in matric_data, and its element in the padded batch. */
    private void forEach(ConvGeometry g, Visitor visitor) {
        Axis rows = Axis.rows(g);
        Axis columns = Axis.columns(g);
        int pixels = g.batch() * rows.padded() * columns.padded();
        for (int image = 0; image < g.batch(); image++) {
            for (int outRow = 0; outRow < g.outHeight(); outRow++) {
                for (int outColumn = 0; outColumn < g.outWidth(); outColumn++) {
                    int p = window.of(g, image, outRow, outColumn);
                    for (int q = 0; p < g.positions() && q < g.patchSize(); q++) {
                        int place = q / g.inDepth();
                        Tap tap = reads.of(
                                g,
                                new Tap(
                                        image,
                                        outRow,
                                        outColumn,
                                        place / g.filterSize(),
                                        place % g.filterSize(),
                                        q % g.inDepth()));
                        int y = row.at(rows, tap.row(), tap.kernelRow());
                        int x = column.at(columns, tap.column(), tap.kernelColumn());
                        if (y >= 0 && y < rows.padded() && x >= 0 && x < columns.padded()) {
                            int at = pixel.of(g, tap.image(), y, x);
                            if (at < pixels) {
                                visitor.visit(p * g.patchSize() + q, at * g.inDepth() + tap.channel());
                            }
                        }
                    }
                }
            }
        }
    }
}
