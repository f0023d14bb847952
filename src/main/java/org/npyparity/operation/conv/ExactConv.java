package org.npyparity.operation.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.DPADDING_DATA;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;

import java.math.BigDecimal;
import java.util.function.Function;
import org.npyparity.array.NdArray;
import org.npyparity.compare.ExactValue;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/**
 * Single elements of the layer in exact arithmetic. As in the document's code, padding and masked zeros are multiplied:
 * an infinite weight times padding is NaN.
 *
 * <p>It shares no code with the engines: elements are found by the layer's definition, index by index.
 */
final class ExactConv {
    /** A matrix that need not exist: an element for each row and column. */
    interface Matrix {
        double at(int row, int column);
    }

    private final ConvGeometry g;
    private final Function<ConvArray, NdArray> arrays;

    /** @param arrays those that the asked elements depend on */
    ExactConv(ConvGeometry geometry, Function<ConvArray, NdArray> arrays) {
        this.g = geometry;
        this.arrays = arrays;
    }

    /** Sums products; those with a NaN or an infinity apart, for they decide the value alone. */
    private static final class Dot {
        private BigDecimal sum = BigDecimal.ZERO;
        private double special;

        void addProduct(double a, double b) {
            if (!Double.isFinite(a) || !Double.isFinite(b)) {
                special += a * b;
            } else if (a != 0 && b != 0) {
                // A double is a decimal fraction, and so is a product of two: nothing is rounded.
                sum = sum.add(new BigDecimal(a).multiply(new BigDecimal(b)));
            }
        }

        ExactValue value() {
            return special == 0 ? ExactValue.of(sum) : ExactValue.of(special);
        }
    }

    /** An array as a matrix whose rows have the length of its last axis. */
    Matrix matrix(ConvArray array) {
        NdArray values = arrays.apply(array);
        int[] shape = array.shape(g);
        int columns = shape[shape.length - 1];
        return (row, column) -> values.get(row * columns + column);
    }

    /** matric_data (P, Q) as in_data has it: the windows of the padded input. */
    Matrix windows() {
        NdArray inData = arrays.apply(IN_DATA);
        return (row, column) -> {
            int pixel = pixel(row, column / g.inDepth());
            int image = pixel / (g.paddedHeight() * g.paddedWidth());
            int inRow = pixel / g.paddedWidth() % g.paddedHeight() - g.padding();
            int inColumn = pixel % g.paddedWidth() - g.padding();
            return inRow < 0 || inRow >= g.inHeight() || inColumn < 0 || inColumn >= g.inWidth()
                    ? 0
                    : inData.get(((image * g.inHeight() + inRow) * g.inWidth() + inColumn) * g.inDepth()
                            + column % g.inDepth());
        };
    }

    /** The pixel of the padded images that a window's tap sees. */
    private int pixel(int window, int tap) {
        int image = window / (g.outHeight() * g.outWidth());
        int outRow = window / g.outWidth() % g.outHeight();
        int outColumn = window % g.outWidth();
        int row = image * g.paddedHeight() + outRow * g.stride() + tap / g.filterSize();
        return row * g.paddedWidth() + outColumn * g.stride() + tap % g.filterSize();
    }

    /** matric_data · weights + bias, before the ReLU. */
    ExactValue z(Matrix matricData, int row, int column) {
        Matrix weights = matrix(WEIGHTS);
        Dot dot = new Dot();
        for (int entry = 0; entry < g.patchSize(); entry++) {
            dot.addProduct(matricData.at(row, entry), weights.at(entry, column));
        }
        dot.addProduct(arrays.apply(BIAS).get(column), 1);
        return dot.value();
    }

    /** dfilter_data (P, D): the gradient where the ReLU lets it pass. */
    Matrix reluGradient() {
        Matrix dout = matrix(DOUT_DATA);
        Matrix filterData = matrix(FILTER_DATA);
        return (row, column) -> filterData.at(row, column) <= 0 ? 0 : dout.at(row, column);
    }

    /** (Q, D): matric_dataᵀ · dfilter_data. */
    ExactValue dweights(Matrix matricData, Matrix dfilterData, int row, int column) {
        Dot dot = new Dot();
        for (int window = 0; window < g.positions(); window++) {
            dot.addProduct(matricData.at(window, row), dfilterData.at(window, column));
        }
        return dot.value();
    }

    ExactValue dbias(Matrix dfilterData, int column) {
        Dot dot = new Dot();
        for (int window = 0; window < g.positions(); window++) {
            dot.addProduct(dfilterData.at(window, column), 1);
        }
        return dot.value();
    }

    /** (P, Q): dfilter_data · weightsᵀ. */
    ExactValue dmatricData(Matrix dfilterData, int row, int column) {
        Dot dot = new Dot();
        addWindow(dot, dfilterData, row, column);
        return dot.value();
    }

    private void addWindow(Dot dot, Matrix dfilterData, int row, int column) {
        Matrix weights = matrix(WEIGHTS);
        for (int channel = 0; channel < g.outDepth(); channel++) {
            dot.addProduct(dfilterData.at(row, channel), weights.at(column, channel));
        }
    }

    /** Is told of every entry of dmatric_data that belongs to a pixel. */
    private interface Entry {
        void visit(int row, int column);
    }

    private void windowsOver(int pixel, int channel, Entry entry) {
        int image = pixel / (g.paddedHeight() * g.paddedWidth());
        int windowsInImage = g.outHeight() * g.outWidth();
        for (int window = image * windowsInImage; window < (image + 1) * windowsInImage; window++) {
            for (int tap = 0; tap < g.filterSize() * g.filterSize(); tap++) {
                if (pixel(window, tap) == pixel) {
                    entry.visit(window, tap * g.inDepth() + channel);
                }
            }
        }
    }

    /** An element of dpadding_data, from dfilter_data. */
    ExactValue dpaddingData(Matrix dfilterData, int position) {
        Dot dot = new Dot();
        windowsOver(
                position / g.inDepth(),
                position % g.inDepth(),
                (row, column) -> addWindow(dot, dfilterData, row, column));
        return dot.value();
    }

    /** An element of dpadding_data, from dmatric_data. */
    ExactValue col2im(int position) {
        Matrix dmatricData = matrix(DMATRIC_DATA);
        Dot dot = new Dot();
        windowsOver(
                position / g.inDepth(),
                position % g.inDepth(),
                (row, column) -> dot.addProduct(dmatricData.at(row, column), 1));
        return dot.value();
    }

    /** Where an element of din_data stands in dpadding_data. */
    int padded(int position) {
        int channel = position % g.inDepth();
        int pixel = position / g.inDepth();
        int column = pixel % g.inWidth() + g.padding();
        int row = pixel / g.inWidth() % g.inHeight() + g.padding();
        int image = pixel / (g.inWidth() * g.inHeight());
        return ((image * g.paddedHeight() + row) * g.paddedWidth() + column) * g.inDepth() + channel;
    }

    /** An element of the output of a stage, from the arrays that it reads. */
    ExactValue stage(String stage, int position) {
        int row = position / g.outDepth();
        int column = position % g.outDepth();
        return switch (stage) {
            case "im2col" -> ExactValue.of(windows().at(position / g.patchSize(), position % g.patchSize()));
            case "to-feature-map" -> ExactValue.of(arrays.apply(FILTER_DATA).get(position));
            case "relu-gradient" -> ExactValue.of(reluGradient().at(row, column));
            case "unpad" -> ExactValue.of(arrays.apply(DPADDING_DATA).get(padded(position)));
            case "linear-relu" -> z(matrix(MATRIC_DATA), row, column).relu();
            case "direct-forward" -> z(windows(), row, column).relu();
            case "weight-gradient" -> dweights(matrix(MATRIC_DATA), matrix(DFILTER_DATA), row, column);
            case "direct-weight-gradient" -> dweights(windows(), matrix(DFILTER_DATA), row, column);
            case "bias-gradient" -> dbias(matrix(DFILTER_DATA), column);
            case "window-gradient" ->
                dmatricData(matrix(DFILTER_DATA), position / g.patchSize(), position % g.patchSize());
            case "col2im" -> col2im(position);
            case "direct-padded-gradient" -> dpaddingData(matrix(DFILTER_DATA), position);
            case "direct-input-gradient" -> dpaddingData(matrix(DFILTER_DATA), padded(position));
            default -> throw new IllegalArgumentException("no stage of the layer is called " + stage);
        };
    }

    /**
     * An element of an array, from the inputs alone.
     *
     * @param matricData (P, Q)
     * @param dfilterData (P, D), with the mask of the exact z
     */
    ExactValue endToEnd(String array, Matrix matricData, Matrix dfilterData, int position) {
        int row = position / g.outDepth();
        int column = position % g.outDepth();
        return switch (array) {
            case "matric_data" -> ExactValue.of(matricData.at(position / g.patchSize(), position % g.patchSize()));
            case "filter_data", "out_data" -> z(matricData, row, column).relu();
            case "dfilter_data" -> ExactValue.of(dfilterData.at(row, column));
            case "dweights" -> dweights(matricData, dfilterData, row, column);
            case "dbias" -> dbias(dfilterData, column);
            case "dmatric_data" -> dmatricData(dfilterData, position / g.patchSize(), position % g.patchSize());
            case "dpadding_data" -> dpaddingData(dfilterData, position);
            case "din_data" -> dpaddingData(dfilterData, padded(position));
            default -> throw new IllegalArgumentException("no array of the layer is called " + array);
        };
    }
}
