package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.operation.conv.mistakes.Change.instead;
import static org.npyparity.operation.conv.mistakes.Change.mistaking;
import static org.npyparity.operation.conv.mistakes.Entry.BIAS_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.RELU_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WEIGHT_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WINDOW_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** Which gradients the ReLU lets pass. */
final class MaskMistakes {
    private MaskMistakes() {}

    static List<Entry> all() {
        return List.of(
                mask("mask forgotten", "The gradient passes the ReLU as it came.", (dout, f) -> dout),
                mask(
                        "mask by < 0",
                        "The gradient passes where the activation is exactly 0: < for <=.",
                        (dout, f) -> f < 0 ? 0 : dout),
                mask(
                        "mask by == 0",
                        "The gradient passes where filter_data is negative: what the ReLU never returns is not"
                                + " expected as an input.",
                        (dout, f) -> f == 0 ? 0 : dout),
                mask(
                        "mask by dout_data",
                        "The gradient's own sign decides: the ReLU applied to the gradient.",
                        (dout, f) -> dout <= 0 ? 0 : dout),
                mask("inverted mask", "The gradient passes where it should stop.", (dout, f) -> f <= 0 ? dout : 0),
                mask(
                        "gradient scaled by the activation",
                        "The gradient is multiplied by the activation, not by its derivative.",
                        (dout, f) -> f <= 0 ? 0 : dout * f),
                unmasked(
                        "dweights before the mask",
                        "The weight gradient takes dout_data, not masked.",
                        WEIGHT_GRADIENT),
                unmasked("dbias before the mask", "The bias gradient takes dout_data, not masked.", BIAS_GRADIENT),
                unmasked(
                        "dmatric_data before the mask",
                        "The windows' gradient takes dout_data, not masked.",
                        WINDOW_GRADIENT));
    }

    private static Entry mask(String name, String description, DoubleBinaryOperator gradient) {
        return mistake(name, description).in(mask(gradient), RELU_GRADIENT);
    }

    /** dfilter_data by {@code gradient(dout, filter)}. */
    static Change mask(DoubleBinaryOperator gradient) {
        return instead((g, a) ->
                Elements.combine(a.get(DOUT_DATA), a.get(FILTER_DATA), gradient).reshape(DFILTER_DATA.shape(g)));
    }

    private static Entry unmasked(String name, String description, String stage) {
        return mistake(name, description).in(mistaking(DFILTER_DATA, DOUT_DATA), stage);
    }
}
