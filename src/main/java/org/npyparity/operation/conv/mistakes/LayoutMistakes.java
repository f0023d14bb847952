package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.operation.conv.mistakes.Change.argument;
import static org.npyparity.operation.conv.mistakes.Change.read;
import static org.npyparity.operation.conv.mistakes.Change.result;
import static org.npyparity.operation.conv.mistakes.Change.written;
import static org.npyparity.operation.conv.mistakes.Entry.COL2IM;
import static org.npyparity.operation.conv.mistakes.Entry.IM2COL;
import static org.npyparity.operation.conv.mistakes.Entry.LINEAR_RELU;
import static org.npyparity.operation.conv.mistakes.Entry.RELU_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.TO_FEATURE_MAP;
import static org.npyparity.operation.conv.mistakes.Entry.UNPAD;
import static org.npyparity.operation.conv.mistakes.Entry.WEIGHT_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WINDOW_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import org.npyparity.conv.ConvArray;
import org.npyparity.operation.conv.mistakes.Change.Alteration;
import org.npyparity.operation.conv.mistakes.Change.Axes;

/** In which order an array's axes lie in memory. */
final class LayoutMistakes {
    private static final int[] NCHW = {0, 3, 1, 2};
    private static final int[] WIDTH_FIRST = {0, 2, 1, 3};

    private LayoutMistakes() {}

    static List<Entry> all() {
        return List.of(
                mistake("in_data in NCHW", "The input is read with its channels outermost, as PyTorch stores it.")
                        .in(argument(IN_DATA, read(Axes.INPUT, NCHW)), IM2COL),
                mistake("in_data width first", "The input is read as (batch, width, height, channel): x before y.")
                        .in(argument(IN_DATA, read(Axes.INPUT, WIDTH_FIRST)), IM2COL),
                mistake("in_data batch last", "The input is read as HWCN, the layout of cuda-convnet and MATLAB.")
                        .in(argument(IN_DATA, read(Axes.INPUT, 1, 2, 3, 0)), IM2COL),
                mistake("out_data in NCHW", "The output is stored with its channels outermost.")
                        .in(result(written(Axes.OUTPUT, NCHW)), TO_FEATURE_MAP),
                mistake("out_data width first", "The output is stored as (batch, width, height, channel).")
                        .in(result(written(Axes.OUTPUT, WIDTH_FIRST)), TO_FEATURE_MAP),
                mistake("dout_data in NCHW", "The incoming gradient is read with its channels outermost.")
                        .in(argument(DOUT_DATA, read(Axes.OUTPUT, NCHW)), RELU_GRADIENT),
                mistake("dout_data width first", "The incoming gradient is read as (batch, width, height, channel).")
                        .in(argument(DOUT_DATA, read(Axes.OUTPUT, WIDTH_FIRST)), RELU_GRADIENT),
                mistake("mask in NCHW", "The mask is taken from an output that has its channels outermost.")
                        .in(argument(FILTER_DATA, read(Axes.OUTPUT, NCHW)), RELU_GRADIENT),
                mistake("din_data in NCHW", "The input gradient is stored with its channels outermost.")
                        .in(result(written(Axes.INPUT, NCHW)), UNPAD),
                mistake("din_data width first", "The input gradient is stored as (batch, width, height, channel).")
                        .in(result(written(Axes.INPUT, WIDTH_FIRST)), UNPAD),
                patches(
                        "patches in (c, kh, kw)",
                        "The entries of a window are ordered by channel first, as torch.nn.functional.unfold has them.",
                        Axes.PATCHES,
                        NCHW),
                patches(
                        "patches in (c, kw, kh)",
                        "The entries of a window are in column-major order, as MATLAB's im2col has them.",
                        Axes.PATCHES,
                        0,
                        3,
                        2,
                        1),
                patches(
                        "windows column by column",
                        "The rows of the matrix follow the output's columns, then its rows: the loops swapped.",
                        Axes.WINDOWS,
                        WIDTH_FIRST),
                weights(
                        "weights in (c, kh, kw)",
                        "The rows of weights are ordered by channel first: PyTorch's weights as a transposed matrix.",
                        2,
                        0,
                        1,
                        3),
                weights(
                        "weights in OIHW",
                        "PyTorch's weights (d, c, kh, kw) are reshaped to (Q, D) as they lie in memory.",
                        3,
                        2,
                        0,
                        1),
                weights(
                        "weights in OHWI",
                        "The weights are read column by column: TFLite's (d, kh, kw, c), or a BLAS that is"
                                + " column-major.",
                        3,
                        0,
                        1,
                        2),
                weights(
                        "weights in HWOI",
                        "The weights have their channels swapped: the layout of a transposed convolution.",
                        0,
                        1,
                        3,
                        2),
                weights("weights in (kw, kh)", "The rows of weights are ordered by kernel column first.", 1, 0, 2, 3),
                mistake("flipped weights", "The kernels were turned by 180 degrees, but not the windows they meet.")
                        .in(argument(ConvArray.WEIGHTS, flipped()), LINEAR_RELU, WINDOW_GRADIENT)
                        .in(result(flipped()), WEIGHT_GRADIENT),
                mistake("weights reshaped for transposed", "dmatric_data is dfilter_data times weights.reshape(D, Q).")
                        .in(argument(ConvArray.WEIGHTS, read(Axes.WEIGHTS, 3, 0, 1, 2)), WINDOW_GRADIENT),
                mistake("matric_data reshaped for transposed", "dweights is matric_data.reshape(Q, P) times dfilter_data.")
                        .in(argument(MATRIC_DATA, read(ConvArray.MATRIC_DATA::shape, 1, 0)), WEIGHT_GRADIENT),
                mistake(
                                "dweights reshaped for transposed",
                                "The transposed weight gradient (D, Q) is reshaped to (Q, D).")
                        .in(result(written(Axes.WEIGHTS, 3, 0, 1, 2)), WEIGHT_GRADIENT));
    }

    private static Entry patches(String name, String description, Axes axes, int... memoryOrder) {
        return mistake(name, description)
                .in(result(written(axes, memoryOrder)), IM2COL)
                .in(argument(DMATRIC_DATA, read(axes, memoryOrder)), COL2IM);
    }

    private static Entry weights(String name, String description, int... memoryOrder) {
        return mistake(name, description)
                .in(argument(ConvArray.WEIGHTS, read(Axes.WEIGHTS, memoryOrder)), LINEAR_RELU, WINDOW_GRADIENT)
                .in(result(written(Axes.WEIGHTS, memoryOrder)), WEIGHT_GRADIENT);
    }

    private static Alteration flipped() {
        return (g, weights) -> {
            int tap = g.inDepth() * g.outDepth();
            int last = g.filterSize() * g.filterSize() - 1;
            return Elements.gather(weights, i -> (last - i / tap) * tap + i % tap, weights.shape());
        };
    }
}
