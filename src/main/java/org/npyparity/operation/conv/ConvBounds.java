package org.npyparity.operation.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.DPADDING_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound;
import org.npyparity.compare.RoundingBound.Terms;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Stage;

/**
 * The certified bounds of every array of the layer: S is the layer run on absolute values in float64, with the mask
 * kept. docs/verdict.md derives them.
 */
final class ConvBounds implements Bounds {
    private final ConvGeometry g;
    private final boolean whole;
    private final Map<String, NdArray> arrays;
    private final RoundingBound rounding;
    private final WindowCounts counts;
    private final boolean finiteInputs;
    /** Runs the layer on absolute values; the matrix form, because it multiplies padding as the document does. */
    private final ConvEngine engine = new EjmlEngine();

    private final Map<String, Object> memo = new HashMap<>();

    /**
     * @param whole whether the forward pass is part of the operation
     * @param arrays the inputs and the expected arrays, by name
     */
    ConvBounds(ConvGeometry geometry, DType dtype, boolean whole, Map<String, NdArray> arrays) {
        this.g = geometry;
        this.whole = whole;
        this.arrays = arrays;
        this.rounding = new RoundingBound(dtype);
        this.counts = new WindowCounts(geometry);
        this.finiteInputs = arrays.values().stream()
                .allMatch(a -> IntStream.range(0, a.size()).allMatch(i -> Double.isFinite(a.get(i))));
    }

    @Override
    public Bound local(Stage stage) {
        return switch (stage.name()) {
            case "im2col", "to-feature-map", "relu-gradient", "unpad" -> Bound.exact();
            case "linear-relu", "direct-forward" -> forward().bound;
            case "weight-gradient", "direct-weight-gradient" -> localGradients().dweights();
            case "bias-gradient" -> localGradients().dbias();
            case "window-gradient" -> localGradients().dmatricData();
            case "col2im" -> memo("col2im", this::windowsAccumulated);
            case "direct-input-gradient" -> localGradients().dinData();
            default -> throw new IllegalArgumentException("no stage of the layer is called " + stage.name());
        };
    }

    @Override
    public Bound endToEnd(String array) {
        return switch (array) {
            case "matric_data" -> Bound.exact();
            case "filter_data", "out_data" -> forward().bound;
            case "dfilter_data" -> endToEndGradients().dfilterData();
            case "dweights" -> endToEndGradients().dweights();
            case "dbias" -> endToEndGradients().dbias();
            case "dmatric_data" -> endToEndGradients().dmatricData();
            case "dpadding_data" -> endToEndGradients().dpaddingData();
            case "din_data" -> endToEndGradients().dinData();
            default -> throw new IllegalArgumentException("no array of the layer is called " + array);
        };
    }

    private NdArray array(ConvArray name) {
        NdArray array = arrays.get(name.toString());
        if (array == null) {
            throw new IllegalArgumentException("array " + name + " is missing: its bound cannot be derived");
        }
        return array;
    }

    @SuppressWarnings("unchecked")
    private <T> T memo(String key, Supplier<T> supplier) {
        Object known = memo.get(key);
        if (known == null) {
            known = supplier.get();
            memo.put(key, known);
        }
        return (T) known;
    }

    // ---- forward -------------------------------------------------------------------------------------------------

    /**
     * The forward pass from the inputs.
     *
     * @param z before the ReLU, recomputed in float64 (P, D)
     * @param bound of z, and of filter_data: the ReLU never moves two numbers apart
     */
    private record Forward(double[] z, Bound bound) {}

    private Forward forward() {
        return memo("forward", () -> {
            Magnitudes bias = new Magnitudes(array(BIAS));
            int[] terms = Arrays.stream(counts.pixelsInWindows())
                    .map(pixels -> pixels * g.inDepth() + 1)
                    .toArray();
            Bound bound = bound(
                    form -> addRow(
                            engine.linear(g, matricData().in(form), weights().in(form)), bias.in(form)),
                    Terms.byRow(terms, g.outDepth()));
            NdArray matric = engine.im2col(g, array(IN_DATA).toFloat64());
            NdArray z = addRow(
                    engine.linear(g, matric, array(WEIGHTS).toFloat64()),
                    array(BIAS).toFloat64());
            return new Forward(z.doubles(), bound);
        });
    }

    private Bound windowsAccumulated() {
        Magnitudes dmatricData = new Magnitudes(array(DMATRIC_DATA));
        return bound(
                form -> engine.col2im(g, dmatricData.in(form)),
                Terms.byRow(counts.windowsOverPaddedPixels(), g.inDepth()));
    }

    private static NdArray addRow(NdArray matrix, NdArray row) {
        double[] sums = matrix.doubles();
        double[] addends = row.doubles();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += addends[i % addends.length];
        }
        return matrix;
    }

    private Magnitudes matricData() {
        return memo("matric_data", () -> new Magnitudes(whole ? engine.im2col(g, array(IN_DATA)) : array(MATRIC_DATA)));
    }

    private Magnitudes weights() {
        return memo("weights", () -> new Magnitudes(array(WEIGHTS)));
    }

    // ---- backward ------------------------------------------------------------------------------------------------

    private Gradients localGradients() {
        return memo("local", () -> new Gradients(array(DFILTER_DATA).toFloat64(), null, Bound.exact()));
    }

    private Gradients endToEndGradients() {
        return memo("end to end", () -> whole ? gradientsAcrossTheKink() : localGradientsFromInputs());
    }

    /** filter_data is an input here, so the mask is certain. */
    private Gradients localGradientsFromInputs() {
        NdArray dfilterData = engine.reluGradient(g, array(DOUT_DATA), array(ConvArray.FILTER_DATA));
        return sharedOrNew(dfilterData.toFloat64(), null, Bound.exact());
    }

    /** Where |z| is within its bound, both masks are legal: the gradient there is 0 or dout. */
    private Gradients gradientsAcrossTheKink() {
        Forward forward = forward();
        double[] dout = array(DOUT_DATA).toFloat64().doubles();
        double[] most = new double[dout.length];
        int[] ambiguous = IntStream.range(0, dout.length)
                .filter(i -> forward.bound.at(i) != 0 && !(Math.abs(forward.z[i]) > forward.bound.at(i)))
                .toArray();
        for (int i = 0; i < most.length; i++) {
            most[i] = forward.z[i] <= 0 ? 0 : dout[i];
        }
        int[] shape = DFILTER_DATA.shape(g);
        if (ambiguous.length == 0) {
            return sharedOrNew(NdArray.of(most, shape), null, Bound.exact());
        }
        double[] uncertain = new double[dout.length];
        double[] others = new double[ambiguous.length];
        NdArray golden = array(DFILTER_DATA);
        for (int k = 0; k < ambiguous.length; k++) {
            int i = ambiguous[k];
            most[i] = dout[i];
            uncertain[i] = dout[i];
            others[k] = golden.get(i) == 0 ? dout[i] : 0;
        }
        return new Gradients(
                NdArray.of(most, shape),
                NdArray.of(uncertain, shape),
                Bound.exact().orElse(ambiguous, others));
    }

    private Gradients sharedOrNew(NdArray dfilterData, @Nullable NdArray uncertain, Bound bound) {
        Gradients local = localGradients();
        return local.dfilter.hasSameBits(dfilterData) ? local : new Gradients(dfilterData, uncertain, bound);
    }

    /** The bounds of the backward pass from one dfilter_data. */
    private final class Gradients {
        private final NdArray dfilter;
        private final Magnitudes magnitudes;
        private final @Nullable Magnitudes uncertain;
        private final Bound dfilterBound;
        private final int[] nonzeroInRow = new int[g.positions()];
        private final int[] nonzeroInColumn = new int[g.outDepth()];
        private final Map<String, Bound> bounds = new HashMap<>();

        /**
         * @param dfilter (P, D), float64, with the gradient at every element that may have one
         * @param uncertain (P, D), float64: that gradient where it is not certain, else 0; null if it is everywhere
         */
        Gradients(NdArray dfilter, @Nullable NdArray uncertain, Bound dfilterBound) {
            this.dfilter = dfilter;
            this.magnitudes = new Magnitudes(dfilter);
            this.uncertain = uncertain == null ? null : new Magnitudes(uncertain);
            this.dfilterBound = dfilterBound;
            double[] values = dfilter.doubles();
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0) {
                    nonzeroInRow[i / g.outDepth()]++;
                    nonzeroInColumn[i % g.outDepth()]++;
                }
            }
        }

        Bound dfilterData() {
            return dfilterBound;
        }

        Bound dweights() {
            int[] byRow = whole ? counts.windowsOfPatchEntries() : new int[] {Integer.MAX_VALUE};
            return memo(
                    "dweights",
                    (d, form) -> engine.weightGradient(g, matricData().in(form), d.in(form)),
                    new Terms(byRow, nonzeroInColumn));
        }

        Bound dbias() {
            return memo("dbias", (d, form) -> engine.biasGradient(g, d.in(form)), Terms.byColumn(nonzeroInColumn));
        }

        Bound dmatricData() {
            return memo(
                    "dmatric_data",
                    (d, form) -> engine.windowGradient(g, d.in(form), weights().in(form)),
                    Terms.byRow(nonzeroInRow, g.patchSize()));
        }

        Bound dpaddingData() {
            return memo(
                    "dpadding_data",
                    (d, form) -> engine.col2im(
                            g, engine.windowGradient(g, d.in(form), weights().in(form))),
                    Terms.byRow(counts.overPaddedPixels(nonzeroInRow), g.inDepth()));
        }

        Bound dinData() {
            return dpaddingData().map(padded -> engine.unpad(g, NdArray.of(padded, DPADDING_DATA.shape(g)))
                    .doubles());
        }

        private Bound memo(String array, BiFunction<Magnitudes, Form, NdArray> step, Terms terms) {
            Bound known = bounds.get(array);
            if (known == null) {
                known = bound(form -> step.apply(magnitudes, form), terms);
                if (uncertain != null) {
                    double[] apart = step.apply(uncertain, Form.ALL).doubles();
                    known = known.plus(rounding.outward(apart, terms));
                }
                bounds.put(array, known);
            }
            return known;
        }
    }

    // ---- sums of absolute values -----------------------------------------------------------------------------------

    /** Which absolute values an operand takes. */
    private enum Form {
        /** NaN and infinities as 0: what is left decides the bound. */
        FINITE,
        /** All of them: shows which sums a NaN or an infinity reaches. */
        ALL
    }

    /** An operand's absolute values in float64. */
    private static final class Magnitudes {
        private final NdArray all;
        private final NdArray finite;

        Magnitudes(NdArray operand) {
            all = operand.magnitudes();
            double[] values = all.doubles();
            if (Arrays.stream(values).allMatch(Double::isFinite)) {
                finite = all;
            } else {
                finite = NdArray.of(
                        Arrays.stream(values)
                                .map(v -> Double.isFinite(v) ? v : 0)
                                .toArray(),
                        all.shape());
            }
        }

        NdArray in(Form form) {
            return form == Form.FINITE ? finite : all;
        }
    }

    /**
     * The bound of a linear step. Where a NaN or an infinity among the inputs reaches a sum, the value is decided by the
     * document's semantics alone and must be the same: tolerance 0.
     */
    private Bound bound(Function<Form, NdArray> step, Terms terms) {
        double[] sums = step.apply(Form.FINITE).doubles();
        Bound bound = rounding.bound(sums, terms);
        if (!finiteInputs) {
            double[] reached = step.apply(Form.ALL).doubles();
            for (int i = 0; i < sums.length; i++) {
                if (!Double.isFinite(reached[i]) && !Double.isNaN(sums[i])) {
                    sums[i] = 0;
                }
            }
        }
        return bound;
    }
}
