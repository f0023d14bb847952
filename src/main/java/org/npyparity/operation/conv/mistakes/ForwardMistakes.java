package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;
import static org.npyparity.operation.conv.mistakes.Change.argument;
import static org.npyparity.operation.conv.mistakes.Change.instead;
import static org.npyparity.operation.conv.mistakes.Entry.LINEAR_RELU;
import static org.npyparity.operation.conv.mistakes.Entry.RELU_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;

/** Bias and activation. */
final class ForwardMistakes {
    private static final double LEAK = 0.01;
    private static final double CEILING = 6;

    private ForwardMistakes() {}

    static List<Entry> all() {
        return List.of(
                mistake("missing bias", "The bias is never added: the layer is taken for one with bias=False.")
                        .in(argument(BIAS, (g, bias) -> Elements.map(bias, b -> 0)), LINEAR_RELU),
                mistake("bias after the ReLU", "The bias is added to the activation instead of its argument.")
                        .in(
                                instead((g, a) -> {
                                    NdArray bias = a.get(BIAS);
                                    return plus(
                                            a.resultWith(BIAS, Elements.map(bias, b -> 0)), bias, i -> i % bias.size());
                                }),
                                LINEAR_RELU),
                mistake("bias added twice", "The bias is the product's start value and added again: beta = 1 in GEMM.")
                        .in(argument(BIAS, (g, bias) -> Elements.map(bias, b -> b + b)), LINEAR_RELU),
                mistake("first bias for all", "The bias is taken for a number: one value for all output channels.")
                        .in(argument(BIAS, (g, bias) -> Elements.gather(bias, i -> 0, bias.shape())), LINEAR_RELU),
                mistake("bias by row", "The bias runs along the windows: a row added as a column.")
                        .in(activated(z -> Math.max(z, 0), (g, i) -> i / g.outDepth() % g.outDepth()), LINEAR_RELU),
                mistake("missing ReLU", "The product is passed on without its activation.")
                        .in(activated(z -> z, ForwardMistakes::channel), LINEAR_RELU),
                mistake("leaky ReLU", "Negative values are kept at a slope of 0.01, forward and backward.")
                        .in(activated(z -> z < 0 ? LEAK * z : z, ForwardMistakes::channel), LINEAR_RELU)
                        .in(MaskMistakes.mask((dout, f) -> f <= 0 ? LEAK * dout : dout), RELU_GRADIENT),
                mistake("ReLU6", "The activation ends at 6, and so does its gradient: MobileNet's for a plain ReLU.")
                        .in(activated(z -> Math.min(Math.max(z, 0), CEILING), ForwardMistakes::channel), LINEAR_RELU)
                        .in(MaskMistakes.mask((dout, f) -> f <= 0 || f >= CEILING ? 0 : dout), RELU_GRADIENT));
    }

    /** Which element of the bias is added to an element of the product. */
    private interface BiasIndex {
        int of(ConvGeometry g, int position);
    }

    private static int channel(ConvGeometry g, int position) {
        return position % g.outDepth();
    }

    private static Change activated(DoubleUnaryOperator activation, BiasIndex index) {
        return instead((g, a) -> Elements.map(
                plus(new EjmlEngine().linear(g, a.get(MATRIC_DATA), a.get(WEIGHTS)), a.get(BIAS), i -> index.of(g, i)),
                activation));
    }

    private static NdArray plus(NdArray z, NdArray bias, IntUnaryOperator index) {
        return Elements.combine(z, Elements.gather(bias, index, z.shape()), Double::sum);
    }
}
