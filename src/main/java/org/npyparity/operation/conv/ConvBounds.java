package org.npyparity.operation.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.ExactValue;
import org.npyparity.compare.RoundingBound;
import org.npyparity.compare.RoundingBound.Terms;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.Operand.Form;

/**
 * The certified bounds of every array of the layer: S is the layer run on absolute values in float64, with the mask
 * kept. {@link RoundingBound} says what a bound is made of.
 *
 * <p>Not safe for use by several threads: runs are remembered.
 */
final class ConvBounds implements Bounds {
    /** Multiplies padding and masked zeros as the document does, so that it shows what a NaN or an infinity reaches. */
    private static final ConvEngine MATRIX_FORM = new PlainEngine();

    private final ConvGeometry g;
    private final DType dtype;
    private final boolean whole;
    private final Map<String, NdArray> arrays;
    private final ConvEngine engine;
    private final RoundingBound rounding;
    private final WindowCounts counts;
    private final Map<String, Object> memo = new HashMap<>();

    /**
     * @param whole whether the forward pass is part of the operation
     * @param arrays the inputs and the expected arrays, by name
     * @param engine runs the layer on finite absolute values; trusted, so not one that a user supplies
     */
    ConvBounds(ConvGeometry geometry, DType dtype, boolean whole, Map<String, NdArray> arrays, ConvEngine engine) {
        this.g = geometry;
        this.dtype = dtype;
        this.whole = whole;
        this.arrays = arrays;
        this.engine = engine;
        this.rounding = new RoundingBound(dtype);
        this.counts = new WindowCounts(geometry);
    }

    @Override
    public Bound local(Stage stage) {
        return switch (stage.name()) {
            case "im2col", "to-feature-map", "relu-gradient", "unpad" -> Bound.exact();
            case "linear-relu" -> forward(expectedWindows());
            case "direct-forward" -> forward(windows());
            case "weight-gradient" -> localGradients().dweights(expectedWindows());
            case "direct-weight-gradient" -> localGradients().dweights(windows());
            case "bias-gradient" -> localGradients().dbias();
            case "window-gradient" -> localGradients().dmatricData();
            case "col2im" -> memo("col2im", this::windowsAccumulated);
            case "direct-padded-gradient" -> localGradients().dpaddingData();
            case "direct-input-gradient" -> localGradients().dinData();
            default -> throw new IllegalArgumentException("no stage of the layer is called " + stage.name());
        };
    }

    @Override
    public Bound endToEnd(String array) {
        return switch (array) {
            case "matric_data" -> Bound.exact();
            case "filter_data", "out_data" -> forward(windows());
            case "dfilter_data" -> gradients().dfilterBound;
            case "dweights" -> gradients().dweights(windows());
            case "dbias" -> gradients().dbias();
            case "dmatric_data" -> gradients().dmatricData();
            case "dpadding_data" -> gradients().dpaddingData();
            case "din_data" -> gradients().dinData();
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

    private Operand operand(ConvArray name) {
        return memo(name.toString(), () -> new Operand(array(name)));
    }

    /** matric_data as the inputs make it. */
    private Operand windows() {
        return memo("windows", () -> whole ? new Operand(MATRIX_FORM.im2col(g, array(IN_DATA))) : operand(MATRIC_DATA));
    }

    /** matric_data as it was given or is expected: the same, unless the fixture is wrong. */
    private Operand expectedWindows() {
        return memo("expected windows", () -> {
            NdArray expected = array(MATRIC_DATA);
            return !whole || windows().values().hasSameBits(expected) ? windows() : new Operand(expected);
        });
    }

    private boolean isMadeFromInput(Operand matricData) {
        return whole && matricData == windows();
    }

    // ---- forward -------------------------------------------------------------------------------------------------

    /** The bound of z, and of filter_data: the ReLU never moves two numbers apart. */
    private Bound forward(Operand matricData) {
        return memo(matricData == windows() ? "forward" : "forward from expected", () -> {
            Operand weights = operand(WEIGHTS);
            Operand bias = operand(BIAS);
            int[] terms = isMadeFromInput(matricData)
                    ? Arrays.stream(counts.pixelsInWindows())
                            .map(pixels -> pixels * g.inDepth() + 1)
                            .toArray()
                    : new int[] {g.patchSize() + 1};
            Step step = new Step(
                    List.of(weights, bias),
                    (d, form) -> addRow(engine(form).linear(g, d, weights.in(form)), bias.in(form)));
            return bound(step, matricData, Terms.byRow(terms, g.outDepth()));
        });
    }

    /** matric_data · weights + bias in float64, from the inputs, (P, D). */
    private double[] z() {
        return memo("z", () -> {
            boolean finite = windows().isFinite() && operand(WEIGHTS).isFinite();
            NdArray z = (finite ? engine : MATRIX_FORM)
                    .linear(g, windows().values().toFloat64(), array(WEIGHTS).toFloat64());
            return addRow(z, array(BIAS).toFloat64()).doubles();
        });
    }

    private static NdArray addRow(NdArray matrix, NdArray row) {
        double[] sums = matrix.doubles();
        double[] addends = row.doubles();
        for (int start = 0; start < sums.length; start += addends.length) {
            for (int i = 0; i < addends.length; i++) {
                sums[start + i] += addends[i];
            }
        }
        return matrix;
    }

    // ---- backward ------------------------------------------------------------------------------------------------

    /** From dfilter_data as it is expected. */
    private Gradients localGradients() {
        return memo("local", () -> new Gradients(operand(DFILTER_DATA), null, Bound.exact()));
    }

    /** From the inputs. */
    private Gradients gradients() {
        return memo("end to end", () -> whole ? gradientsAcrossTheKink() : gradientsOfGivenMask());
    }

    /** filter_data is an input here, so the mask is certain. */
    private Gradients gradientsOfGivenMask() {
        NdArray dfilterData = MATRIX_FORM.reluGradient(g, array(DOUT_DATA), array(FILTER_DATA));
        return certain(dfilterData, Bound.exact());
    }

    private Gradients certain(NdArray dfilterData, Bound bound) {
        return dfilterData.hasSameBits(array(DFILTER_DATA))
                ? localGradients()
                : new Gradients(new Operand(dfilterData), null, bound);
    }

    /** Where |z| is within its bound, both masks are legal: the gradient there is 0 or dout. */
    private Gradients gradientsAcrossTheKink() {
        Bound bound = forward(windows());
        double[] z = z();
        int[] kink = kink(z, bound);
        NdArray dout = array(DOUT_DATA);
        int[] shape = DFILTER_DATA.shape(g);
        NdArray most = NdArray.zeros(dtype, shape);
        for (int i = 0; i < z.length; i++) {
            if (!(z[i] <= 0)) {
                most.set(i, dout.get(i));
            }
        }
        if (kink.length == 0) {
            return certain(most, Bound.exact());
        }
        NdArray uncertain = NdArray.zeros(dtype, shape);
        NdArray expected = array(DFILTER_DATA);
        double[] others = new double[kink.length];
        for (int k = 0; k < kink.length; k++) {
            int i = kink[k];
            double gradient = dout.get(i);
            most.set(i, gradient);
            uncertain.set(i, gradient);
            others[k] = otherThan(expected.get(i), gradient);
        }
        return new Gradients(
                new Operand(most), new Operand(uncertain), Bound.exact().orElse(kink, others));
    }

    private int[] kink(double[] z, Bound bound) {
        IntStream.Builder kink = IntStream.builder();
        double[] tolerances = new double[g.outDepth()];
        for (int start = 0; start < z.length; start += tolerances.length) {
            bound.copyTo(start, tolerances, tolerances.length);
            for (int i = 0; i < tolerances.length; i++) {
                if (isAtTheKink(z[start + i], tolerances[i])) {
                    kink.add(start + i);
                }
            }
        }
        return kink.build().toArray();
    }

    /** Whether rounding decides on which side of 0 z is; a tolerance of NaN says that nothing is known of it. */
    private static boolean isAtTheKink(double z, double tolerance) {
        return tolerance != 0 && !(Math.abs(z) > tolerance);
    }

    /** The other legal value beside 0 or the gradient; if {@code expected} is neither, no other one is. */
    private static double otherThan(double expected, double gradient) {
        if (expected == 0) {
            return gradient;
        }
        boolean passed = expected == gradient || Double.isNaN(expected) && Double.isNaN(gradient);
        return passed ? 0 : expected;
    }

    /** The bounds of the backward pass from one dfilter_data. */
    private final class Gradients {
        private final Operand dfilter;
        private final @Nullable Operand uncertain;
        private final Bound dfilterBound;
        private final int[] nonzeroInRow = new int[g.positions()];
        private final int[] nonzeroInColumn = new int[g.outDepth()];
        private final Map<String, Bound> bounds = new HashMap<>();
        private @Nullable NdArray windowSums;
        private @Nullable NdArray paddedSums;

        /**
         * @param dfilter (P, D), with the gradient at every element that may have one
         * @param uncertain (P, D): that gradient where it is not certain, else 0; null if it is everywhere
         */
        Gradients(Operand dfilter, @Nullable Operand uncertain, Bound dfilterBound) {
            this.dfilter = dfilter;
            this.uncertain = uncertain;
            this.dfilterBound = dfilterBound;
            double[] magnitudes = dfilter.in(Form.ALL).doubles();
            for (int row = 0; row < nonzeroInRow.length; row++) {
                int start = row * nonzeroInColumn.length;
                for (int column = 0; column < nonzeroInColumn.length; column++) {
                    int one = magnitudes[start + column] == 0 ? 0 : 1;
                    nonzeroInRow[row] += one;
                    nonzeroInColumn[column] += one;
                }
            }
        }

        Bound dweights(Operand matricData) {
            boolean counted = isMadeFromInput(matricData);
            int[] byRow = counted ? counts.windowsOfPatchEntries() : new int[] {Integer.MAX_VALUE};
            return bound(
                    "dweights" + counted,
                    List.of(matricData),
                    (d, form) -> engine(form).weightGradient(g, matricData.in(form), d),
                    new Terms(byRow, nonzeroInColumn));
        }

        Bound dbias() {
            return bound(
                    "dbias", List.of(), (d, form) -> MATRIX_FORM.biasGradient(g, d), Terms.byColumn(nonzeroInColumn));
        }

        Bound dmatricData() {
            return bound(
                    "dmatric_data",
                    List.of(operand(WEIGHTS)),
                    this::dmatricData,
                    Terms.byRow(nonzeroInRow, g.patchSize()));
        }

        Bound dpaddingData() {
            return bound(
                    "dpadding_data",
                    List.of(operand(WEIGHTS)),
                    this::dpaddingData,
                    Terms.byRow(counts.overPaddedPixels(nonzeroInRow), g.inDepth()));
        }

        Bound dinData() {
            return bound(
                    "din_data",
                    List.of(operand(WEIGHTS)),
                    (d, form) -> MATRIX_FORM.unpad(g, dpaddingData(d, form)),
                    Terms.byRow(counts.inside(counts.overPaddedPixels(nonzeroInRow)), g.inDepth()));
        }

        /** S of dmatric_data, computed once: three bounds need it. */
        private NdArray dmatricData(NdArray d, Form form) {
            if (d != dfilter.in(Form.FINITE) || form != Form.FINITE) {
                return engine(form).windowGradient(g, d, operand(WEIGHTS).in(form));
            }
            NdArray known = windowSums;
            if (known == null) {
                known = engine.windowGradient(g, d, operand(WEIGHTS).in(form));
                windowSums = known;
            }
            return known;
        }

        private NdArray dpaddingData(NdArray d, Form form) {
            if (d != dfilter.in(Form.FINITE) || form != Form.FINITE) {
                return MATRIX_FORM.col2im(g, dmatricData(d, form));
            }
            NdArray known = paddedSums;
            if (known == null) {
                known = MATRIX_FORM.col2im(g, dmatricData(d, form));
                paddedSums = known;
            }
            return known;
        }

        private Bound bound(String array, List<Operand> others, Linear run, Terms terms) {
            Bound known = bounds.get(array);
            if (known == null) {
                Step step = new Step(others, run);
                known = ConvBounds.this.bound(step, dfilter, terms);
                if (uncertain != null) {
                    known = withChoice(known, step, uncertain, terms);
                }
                bounds.put(array, known);
            }
            return known;
        }

        /** S_A on top: how far the two legal masks can move each sum. */
        private Bound withChoice(Bound bound, Step step, Operand uncertain, Terms terms) {
            double[] apart = choice(step, uncertain, terms);
            if (!step.allFinite(uncertain)) {
                // A NaN or an infinity that one mask lets through and the other does not.
                double[] reached =
                        step.run(uncertain.in(Form.NONZERO), Form.NONFINITE).doubles();
                double[] passing =
                        step.run(uncertain.in(Form.NONFINITE), Form.ONES).doubles();
                for (int i = 0; i < apart.length; i++) {
                    if (reached[i] > 0 || passing[i] > 0) {
                        apart[i] = Double.NaN;
                    }
                }
            }
            double[] sums = step.run(dfilter.in(Form.FINITE), Form.FINITE).doubles();
            double power = bound.noticedDrop();
            for (int i = 0; i < sums.length; i++) {
                double tolerance = bound.at(i) + apart[i];
                if (apart[i] > 0 && sums[i] > 0 && tolerance > 0) {
                    power = Math.max(power, tolerance / sums[i] * terms.at(i));
                }
            }
            return bound.plusChoice(apart, power);
        }
    }

    /** S_A, an upper limit. */
    private static double[] choice(Step step, Operand uncertain, Terms terms) {
        double[] sums = step.run(uncertain.in(Form.FINITE), Form.FINITE).doubles();
        Termless termless = new Termless(step, uncertain);
        double[] apart = new double[sums.length];
        for (int i = 0; i < apart.length; i++) {
            apart[i] = sums[i] == 0 && termless.test(i) ? 0 : RoundingBound.outward(sums[i], terms.at(i));
        }
        return apart;
    }

    /** S of the local col2im is the col2im of the absolute values. */
    private Bound windowsAccumulated() {
        Step step = new Step(List.of(), (d, form) -> MATRIX_FORM.col2im(g, d));
        return bound(step, operand(DMATRIC_DATA), Terms.byRow(counts.windowsOverPaddedPixels(), g.inDepth()));
    }

    // ---- sums of absolute values -----------------------------------------------------------------------------------

    private ConvEngine engine(Form form) {
        return form == Form.ALL ? MATRIX_FORM : engine;
    }

    /** A step that is linear in one operand (given) and in the others (in a form). */
    private interface Linear {
        NdArray run(NdArray d, Form others);
    }

    /** @param others the operands beside the first one; at most one of them multiplies it */
    private record Step(List<Operand> others, Linear linear) {
        NdArray run(NdArray d, Form form) {
            return linear.run(d, form);
        }

        boolean allFinite(Operand d) {
            return d.isFinite() && others.stream().allMatch(Operand::isFinite);
        }

        /** Whether no product of two nonzero magnitudes is 0 in float64. */
        boolean keepsProducts(Operand d) {
            return others.isEmpty() || d.least() * others.get(0).least() > 0;
        }
    }

    /** Whether a sum that came out as 0 has no term but zeros: if products may underflow, its terms are counted. */
    private static final class Termless implements IntPredicate {
        private final Step step;
        private final Operand d;
        private boolean counted;
        private double @Nullable [] counts;

        Termless(Step step, Operand d) {
            this.step = step;
            this.d = d;
        }

        @Override
        public boolean test(int position) {
            if (!counted) {
                counted = true;
                counts = step.keepsProducts(d)
                        ? null
                        : step.run(d.in(Form.NONZERO), Form.NONZERO).doubles();
            }
            return counts == null || counts[position] == 0;
        }
    }

    /**
     * The bound of a linear step. Where a NaN or an infinity among the inputs reaches a sum, the value is decided by the
     * document's semantics alone and must be the same: tolerance 0.
     */
    private Bound bound(Step step, Operand d, Terms terms) {
        double[] sums = step.run(d.in(Form.FINITE), Form.FINITE).doubles();
        boolean[] decided = null;
        if (!step.allFinite(d)) {
            double[] reached = step.run(d.in(Form.ALL), Form.ALL).doubles();
            decided = new boolean[sums.length];
            for (int i = 0; i < sums.length; i++) {
                decided[i] = !Double.isFinite(reached[i]);
            }
        }
        return rounding.bound(sums, terms, new Termless(step, d), decided);
    }

    // ---- exact values ----------------------------------------------------------------------------------------------

    @Override
    public Optional<ExactValue> exactLocal(Stage stage, int position) {
        return Optional.of(new ExactConv(g, this::array).stage(stage.name(), position));
    }

    @Override
    public Optional<ExactValue> exactEndToEnd(String array, int position) {
        ExactConv exact = new ExactConv(g, this::array);
        ExactConv.Matrix matricData = whole ? exact.windows() : exact.matrix(MATRIC_DATA);
        return Optional.of(exact.endToEnd(
                array, matricData, whole ? exactGradient(exact, matricData) : exact.reluGradient(), position));
    }

    /** dfilter_data with the mask of the exact z, which is computed exactly only where float64 may have its sign wrong. */
    private ExactConv.Matrix exactGradient(ExactConv exact, ExactConv.Matrix matricData) {
        ExactConv.Matrix dout = exact.matrix(DOUT_DATA);
        double[] z = z();
        Bound bound = forward(windows());
        return (row, column) -> {
            int i = row * g.outDepth() + column;
            boolean passes = isAtTheKink(z[i], bound.at(i))
                    ? exact.z(matricData, row, column).passesRelu()
                    : !(z[i] <= 0);
            return passes ? dout.at(row, column) : 0;
        };
    }
}
