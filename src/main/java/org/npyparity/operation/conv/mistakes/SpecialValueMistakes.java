package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;
import static org.npyparity.operation.conv.mistakes.Change.instead;
import static org.npyparity.operation.conv.mistakes.Change.result;
import static org.npyparity.operation.conv.mistakes.Entry.BIAS_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.COL2IM;
import static org.npyparity.operation.conv.mistakes.Entry.LINEAR_RELU;
import static org.npyparity.operation.conv.mistakes.Entry.RELU_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WEIGHT_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WINDOW_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.operation.conv.mistakes.Change.Computation;

/** What NaN, infinities and subnormals become. */
final class SpecialValueMistakes {
    private SpecialValueMistakes() {}

    static List<Entry> all() {
        return List.of(
                mistake(
                                "mask by the sign bit",
                                "The gradient passes at +0 but not at -0: a test of the sign bit for <= 0.")
                        .in(MaskMistakes.mask((dout, f) -> Math.copySign(1, f) < 0 ? 0 : dout), RELU_GRADIENT),
                mistake("mask stops NaN", "The gradient passes where filter_data > 0, which a NaN is not.")
                        .in(MaskMistakes.mask((dout, f) -> f > 0 ? dout : 0), RELU_GRADIENT),
                mistake("mask multiplies", "The mask is a factor of 0 or 1: an infinite gradient times 0 is NaN.")
                        .in(MaskMistakes.mask((dout, f) -> dout * (f <= 0 ? 0 : 1)), RELU_GRADIENT),
                mistake("ReLU stops NaN", "The activation is z > 0 ? z : 0, which makes NaN 0, and not np.maximum.")
                        .in(result((g, array) -> Elements.map(array, z -> z > 0 ? z : 0)), LINEAR_RELU),
                mistake(
                                "zeros skipped",
                                "Products with 0 are left out, padding's among them: an infinite factor no longer makes"
                                        + " NaN.")
                        .in(
                                sparse((g, a) -> Elements.combine(
                                        sparse(a.get(MATRIC_DATA), a.get(WEIGHTS)),
                                        Elements.gather(
                                                a.get(BIAS), i -> i % g.outDepth(), g.positions(), g.outDepth()),
                                        (z, b) -> Math.max(z + b, 0))),
                                LINEAR_RELU)
                        .in(
                                sparse((g, a) -> sparse(transposed(a.get(MATRIC_DATA)), a.get(DFILTER_DATA))),
                                WEIGHT_GRADIENT)
                        .in(sparse((g, a) -> sparse(a.get(DFILTER_DATA), transposed(a.get(WEIGHTS)))), WINDOW_GRADIENT),
                mistake("subnormals flushed", "Results below the normal range become 0: -ffast-math, or a GPU.")
                        .in(
                                result((g, array) -> Elements.map(array, flushed(array.dtype()))),
                                LINEAR_RELU,
                                WEIGHT_GRADIENT,
                                BIAS_GRADIENT,
                                WINDOW_GRADIENT,
                                COL2IM));
    }

    private static DoubleUnaryOperator flushed(DType dtype) {
        double smallestNormal = dtype == DType.FLOAT64 ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        return x -> Math.abs(x) < smallestNormal ? 0 : x;
    }

    /** Without a NaN or an infinity in its result a stage had none to multiply, and skips nothing but zeros. */
    private static Change sparse(Computation computation) {
        return instead((g, a) -> {
            NdArray result = a.result();
            boolean finite = IntStream.range(0, result.size()).allMatch(i -> Double.isFinite(result.get(i)));
            return finite ? result : computation.of(g, a);
        });
    }

    private static NdArray transposed(NdArray matrix) {
        int rows = matrix.shape()[0];
        int columns = matrix.shape()[1];
        return Elements.gather(matrix, i -> i % rows * columns + i / rows, columns, rows);
    }

    /** a (m, k) · b (k, n), where a zero of either factor ends the product. */
    private static NdArray sparse(NdArray a, NdArray b) {
        int inner = a.shape()[1];
        int columns = b.shape()[1];
        NdArray product = NdArray.zeros(a.dtype(), a.shape()[0], columns);
        for (int i = 0; i < product.size(); i++) {
            for (int k = 0; k < inner; k++) {
                double left = a.get(i / columns * inner + k);
                double right = b.get(k * columns + i % columns);
                if (left != 0 && right != 0) {
                    product.set(i, product.get(i) + left * right);
                }
            }
        }
        return product;
    }
}
