package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;
import static org.npyparity.operation.conv.mistakes.Change.argument;
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
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.conv.mistakes.Change.Alteration;

/** A narrower type in the middle, or a wider one at the end. What float32 narrows is unchanged in a float32 case. */
final class PrecisionMistakes {
    private static final int TF32_BITS = 11;
    private static final int BFLOAT16_BITS = 8;

    private PrecisionMistakes() {}

    static List<Entry> all() {
        Alteration toFloat32 = (g, array) -> Elements.map(array, x -> (float) x);
        return List.of(
                mistake("dout_data in float32", "The incoming gradient passes through float32, a framework's default.")
                        .in(argument(DOUT_DATA, toFloat32), RELU_GRADIENT),
                mistake("filter_data in float32", "The activation is kept in float32 between the passes.")
                        .in(result(toFloat32), LINEAR_RELU),
                mistake("dweights in float32", "The weight gradient is stored in float32, as the weights it updates.")
                        .in(result(toFloat32), WEIGHT_GRADIENT),
                mistake("dbias in float32", "The bias gradient is summed in float32, window by window.")
                        .in(instead((g, a) -> columnSums(g, a.get(DFILTER_DATA))), BIAS_GRADIENT),
                mistake("dmatric_data in float32", "The windows' gradient is stored in float32 to save memory.")
                        .in(result(toFloat32), WINDOW_GRADIENT),
                mistake("dpadding_data in float32", "col2im sums in float32: its buffer has a type of its own.")
                        .in(
                                instead((g, a) -> Windows.CORRECT.col2im(
                                        g, a.get(ConvArray.DMATRIC_DATA), (sofar, next) -> (float) (sofar + next))),
                                COL2IM),
                mistake(
                                "dpadding_data in float64",
                                "A float32 gradient comes back as float64: np.zeros without a dtype, as in the"
                                        + " document.")
                        .in(result((g, array) -> array.toFloat64()), COL2IM),
                mistake(
                                "bfloat16 accumulator",
                                "col2im keeps its sums at 8 bits: an accumulator narrower than the data.")
                        .in(
                                instead((g, a) -> Windows.CORRECT.col2im(
                                        g,
                                        a.get(ConvArray.DMATRIC_DATA),
                                        (sofar, next) -> rounded(sofar + next, BFLOAT16_BITS))),
                                COL2IM),
                products(
                        "TF32 products",
                        "The factors of every product are rounded to 11 bits: a GPU's tensor cores at their default.",
                        TF32_BITS),
                products(
                        "bfloat16 products",
                        "The factors of every product are rounded to 8 bits: mixed precision left on.",
                        BFLOAT16_BITS));
    }

    private static NdArray columnSums(ConvGeometry g, NdArray dfilterData) {
        NdArray sums = ConvArray.DBIAS.zeros(g, dfilterData);
        for (int i = 0; i < dfilterData.size(); i++) {
            int column = i % g.outDepth();
            sums.set(column, (float) (sums.get(column) + dfilterData.get(i)));
        }
        return sums;
    }

    private static Entry products(String name, String description, int bits) {
        return mistake(name, description)
                .in(rounded(bits, MATRIC_DATA, WEIGHTS), LINEAR_RELU)
                .in(rounded(bits, MATRIC_DATA, DFILTER_DATA), WEIGHT_GRADIENT)
                .in(rounded(bits, DFILTER_DATA, WEIGHTS), WINDOW_GRADIENT);
    }

    private static Change rounded(int bits, ConvArray left, ConvArray right) {
        return (g, correct) -> argument(left, (h, array) -> rounded(array, bits))
                .of(g, argument(right, (h, array) -> rounded(array, bits)).of(g, correct));
    }

    private static NdArray rounded(NdArray array, int bits) {
        return Elements.map(array, x -> rounded(x, bits));
    }

    /** A number rounded to a significand of that many bits, ties to even (Veltkamp's splitting). */
    private static double rounded(double x, int bits) {
        double large = (1 + Math.scalb(1.0, 53 - bits)) * x;
        double high = large - (large - x);
        return Double.isFinite(high) ? high : x;
    }
}
