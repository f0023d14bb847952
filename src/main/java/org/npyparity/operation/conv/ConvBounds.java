package org.npyparity.operation.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;
import static org.npyparity.operation.conv.AbsoluteLayer.MATRIX_FORM;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * kept. {@link RoundingBound} says what a bound is made of, docs/verdict.md derives S, n and the set A of the ReLU's kink.
 *
 * <p>Here stand the forward pass, and from which dfilter_data the bounds of the gradients start; {@link GradientBounds} has
 * these. What is derived is kept, so it is not safe for use by several threads.
 */
final class ConvBounds implements Bounds {
    private final ConvGeometry g;
    private final DType dtype;
    private final boolean whole;
    private final Map<String, NdArray> arrays;
    private final AbsoluteLayer layer;

    private final Map<ConvArray, Operand> operands = new EnumMap<>(ConvArray.class);
    /** matric_data as the inputs make it. */
    private final Supplier<MatricData> windows = new Once<>(this::windows);
    /** matric_data as it was given or is expected: the same, unless the fixture is wrong. */
    private final Supplier<MatricData> expectedWindows = new Once<>(this::expectedWindows);

    private final Map<MatricData, Bound> forward = new IdentityHashMap<>();
    private final Supplier<double[]> z = new Once<>(this::z);
    private final Supplier<Bound> accumulatedWindows = new Once<>(this::accumulatedWindows);
    /** From dfilter_data as it is expected. */
    private final Supplier<GradientBounds> localGradients =
            new Once<>(() -> gradients(operand(DFILTER_DATA), null, Bound.exact()));
    /** From the inputs. */
    private final Supplier<GradientBounds> gradients = new Once<>(this::gradients);

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
        this.layer = new AbsoluteLayer(geometry, new RoundingBound(dtype), new WindowCounts(geometry), engine);
    }

    @Override
    public Bound local(Stage stage) {
        return switch (stage.name()) {
            case "im2col", "to-feature-map", "relu-gradient", "unpad" -> Bound.exact();
            case "linear-relu" -> forward(expectedWindows.get());
            case "direct-forward" -> forward(windows.get());
            case "weight-gradient" -> localGradients.get().dweights(expectedWindows.get());
            case "direct-weight-gradient" -> localGradients.get().dweights(windows.get());
            case "bias-gradient" -> localGradients.get().dbias();
            case "window-gradient" -> localGradients.get().dmatricData();
            case "col2im" -> accumulatedWindows.get();
            case "direct-padded-gradient" -> localGradients.get().dpaddingData();
            case "direct-input-gradient" -> localGradients.get().dinData();
            default -> throw new IllegalArgumentException("no stage of the layer is called " + stage.name());
        };
    }

    @Override
    public Bound endToEnd(String array) {
        return switch (array) {
            case "matric_data" -> Bound.exact();
            case "filter_data", "out_data" -> forward(windows.get());
            case "dfilter_data" -> gradients.get().dfilterData();
            case "dweights" -> gradients.get().dweights(windows.get());
            case "dbias" -> gradients.get().dbias();
            case "dmatric_data" -> gradients.get().dmatricData();
            case "dpadding_data" -> gradients.get().dpaddingData();
            case "din_data" -> gradients.get().dinData();
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

    private Operand operand(ConvArray name) {
        return operands.computeIfAbsent(name, n -> new Operand(array(n)));
    }

    private MatricData windows() {
        return whole
                ? MatricData.ofImage(MATRIX_FORM.im2col(g, array(IN_DATA)), g, layer.counts())
                : MatricData.ofAnything(operand(MATRIC_DATA), g);
    }

    private MatricData expectedWindows() {
        MatricData made = windows.get();
        return !whole || made.values().values().hasSameBits(array(MATRIC_DATA))
                ? made
                : MatricData.ofAnything(operand(MATRIC_DATA), g);
    }

    // ---- forward -------------------------------------------------------------------------------------------------

    /** The bound of z, and of filter_data: the ReLU never moves two numbers apart. */
    private Bound forward(MatricData matricData) {
        return forward.computeIfAbsent(matricData, m -> {
            Operand weights = operand(WEIGHTS);
            Operand bias = operand(BIAS);
            LinearStep step = new LinearStep(
                    List.of(weights, bias),
                    (d, form) -> addRow(layer.engine(form).linear(g, d, weights.in(form)), bias.in(form)));
            int[] terms = Arrays.stream(m.realInRow()).map(n -> n + 1).toArray();
            return step.bound(layer.rounding(), m.values(), step.sums(m.values()), Terms.byRow(terms, g.outDepth()));
        });
    }

    /** matric_data · weights + bias in float64, from the inputs, (P, D). */
    private double[] z() {
        Operand matricData = windows.get().values();
        boolean finite = matricData.isFinite() && operand(WEIGHTS).isFinite();
        NdArray z = layer.engine(finite ? Form.FINITE : Form.ALL)
                .linear(g, matricData.values().toFloat64(), array(WEIGHTS).toFloat64());
        return addRow(z, array(BIAS).toFloat64()).doubles();
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

    private GradientBounds gradients(Operand dfilter, @Nullable Operand uncertain, Bound dfilterBound) {
        return new GradientBounds(layer, operand(WEIGHTS), dfilter, uncertain, dfilterBound);
    }

    private GradientBounds gradients() {
        // Where filter_data is an input, the mask is certain.
        return whole
                ? gradientsAcrossTheKink()
                : certain(MATRIX_FORM.reluGradient(g, array(DOUT_DATA), array(FILTER_DATA)));
    }

    /** From a mask that is certain: the local bounds, if dfilter_data is what is expected. */
    private GradientBounds certain(NdArray dfilterData) {
        return dfilterData.hasSameBits(array(DFILTER_DATA))
                ? localGradients.get()
                : gradients(new Operand(dfilterData), null, Bound.exact());
    }

    /** Where |z| is within its bound, both masks are legal: the gradient there is 0 or dout. */
    private GradientBounds gradientsAcrossTheKink() {
        Bound bound = forward(windows.get());
        double[] z = this.z.get();
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
            return certain(most);
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
        return gradients(
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

    /** The local col2im adds elements of dmatric_data. */
    private Bound accumulatedWindows() {
        LinearStep step = new LinearStep(List.of(), (d, form) -> MATRIX_FORM.col2im(g, d));
        Operand dmatricData = operand(DMATRIC_DATA);
        return step.bound(
                layer.rounding(),
                dmatricData,
                step.sums(dmatricData),
                Terms.byRow(layer.counts().windowsOverPaddedPixels(), g.inDepth()));
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
        double[] z = this.z.get();
        Bound bound = forward(windows.get());
        return (row, column) -> {
            int i = row * g.outDepth() + column;
            boolean passes = isAtTheKink(z[i], bound.at(i))
                    ? exact.z(matricData, row, column).passesRelu()
                    : !(z[i] <= 0);
            return passes ? dout.at(row, column) : 0;
        };
    }
}
