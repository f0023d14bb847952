package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.operation.conv.mistakes.Change.argument;
import static org.npyparity.operation.conv.mistakes.Change.read;
import static org.npyparity.operation.conv.mistakes.Change.result;
import static org.npyparity.operation.conv.mistakes.Entry.BIAS_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.RELU_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WEIGHT_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import java.util.function.ToIntFunction;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.conv.mistakes.Change.Alteration;
import org.npyparity.operation.conv.mistakes.Change.Axes;

/** What the parameters' gradients are summed over. */
final class GradientMistakes {
    private GradientMistakes() {}

    static List<Entry> all() {
        return List.of(
                mistake(
                                "gradients averaged over the batch",
                                "dweights and dbias are divided by the batch's size, though the loss has taken its mean"
                                        + " already.")
                        .in(result(dividedBy(ConvGeometry::batch)), WEIGHT_GRADIENT, BIAS_GRADIENT),
                mistake(
                                "gradients averaged over the windows",
                                "dweights and dbias are divided by the number of windows: the 1 / m of a fully"
                                        + " connected layer, whose rows are samples.")
                        .in(result(dividedBy(ConvGeometry::positions)), WEIGHT_GRADIENT, BIAS_GRADIENT),
                mistake("dout_data averaged over the batch", "The incoming gradient is divided by the batch's size.")
                        .in(result(dividedBy(ConvGeometry::batch)), RELU_GRADIENT),
                mistake("dbias averaged", "The bias gradient is the mean over all windows, not the sum.")
                        .in(result(dividedBy(ConvGeometry::positions)), BIAS_GRADIENT),
                mistake("last image only", "dweights and dbias are assigned image by image: = for +=.")
                        .in(argument(DFILTER_DATA, only(g -> g.batch() - 1)), WEIGHT_GRADIENT, BIAS_GRADIENT),
                mistake(
                                "first image only",
                                "dweights and dbias take the first image: a port tried with a batch of one.")
                        .in(argument(DFILTER_DATA, only(g -> 0)), WEIGHT_GRADIENT, BIAS_GRADIENT),
                mistake(
                                "dbias over the wrong axis",
                                "The bias gradient sums D runs of P elements: dfilter_data taken for (D, P).")
                        .in(argument(DFILTER_DATA, read(Axes.ROWS, 1, 0)), BIAS_GRADIENT));
    }

    private static Alteration dividedBy(ToIntFunction<ConvGeometry> divisor) {
        return (g, array) -> Elements.map(array, x -> x / divisor.applyAsInt(g));
    }

    /** dfilter_data with zeros for all other images. */
    private static Alteration only(ToIntFunction<ConvGeometry> image) {
        return (g, dfilterData) -> {
            int size = dfilterData.size() / g.batch();
            NdArray one = DFILTER_DATA.zeros(g, dfilterData);
            int start = image.applyAsInt(g) * size;
            System.arraycopy(dfilterData.elements(), start, one.elements(), start, size);
            return one;
        };
    }
}
