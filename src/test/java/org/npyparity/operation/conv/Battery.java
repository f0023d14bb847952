package org.npyparity.operation.conv;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.DesignBounds.Element;
import org.npyparity.operation.conv.DesignBounds.Ingredient;

/** One layer: its exact values, the bounds, and what implementations that sum in every way make of it. */
final class Battery {
    private static final Set<Ingredient> WHOLE = Set.of();
    private static final BigDecimal ETA = new BigDecimal(DType.FLOAT64.smallestSubnormal());
    /** Much more than rounding outward adds, much less than any ingredient: 1 of n counts 2^-12 here. */
    private static final BigDecimal WIDER = new BigDecimal(1 + 0x1p-38);

    final Definition layer;
    final DesignBounds design;
    final Map<Summation, Map<ConvArray, double[]>> computed;
    /** What stands for NumPy's arrays. */
    final Map<ConvArray, double[]> expected;

    final Bounds bounds;
    private final Map<String, NdArray> premises = new HashMap<>();
    private final List<PreciseStage> preciseStages;
    private final DType dtype;

    Battery(ConvGeometry g, DType dtype, Map<ConvArray, double[]> inputs) {
        this.dtype = dtype;
        Map<ConvArray, NdArray> arrays = new EnumMap<>(ConvArray.class);
        inputs.forEach((name, values) -> arrays.put(name, array(values, name.shape(g))));
        this.layer = new Definition(g, dtype, arrays);
        this.computed = Summation.all(dtype).stream().collect(Collectors.toMap(w -> w, layer::computed));
        this.expected =
                layer.computed(new Summation(Summation.Order.SEQUENTIAL, Summation.Arithmetic.PLAIN, false, dtype));
        arrays.forEach((name, array) -> premises.put(name.toString(), array));
        expected.forEach((name, values) -> premises.put(name.toString(), array(values, name.shape(g))));
        Problem problem = Conv2d.layer().problem(parameters(g), "chained", dtype);
        this.bounds = problem.bounds(premises).orElseThrow();
        this.preciseStages = problem.preciseStages();
        Bound dfilter = bounds.endToEnd(ConvArray.DFILTER_DATA.toString());
        this.design = new DesignBounds(
                layer,
                i -> dfilter.isAlternative(i, 0)
                        || dfilter.isAlternative(
                                i, layer.input(ConvArray.DOUT_DATA).get(i)));
    }

    private static Map<String, Object> parameters(ConvGeometry g) {
        return Arrays.stream(ConvGeometry.Field.values())
                .collect(Collectors.toMap(ConvGeometry.Field::key, field -> field.of(g)));
    }

    private NdArray array(double[] values, int... shape) {
        return NdArray.of(values, shape).as(dtype);
    }

    static Stage stage(String name) {
        return new Stage(name, List.of(), "", arrays -> NdArray.zeros(DType.FLOAT64));
    }

    /** The largest error of any way to sum, as a fraction of the one-sided bound short of those ingredients. */
    double worst(Set<Ingredient> dropped) {
        return design.endToEnd.keySet().stream()
                .mapToDouble(array -> worst(array, dropped))
                .max()
                .orElse(0);
    }

    /** {@link #worst(Set)} of one array. */
    double worst(ConvArray array, Set<Ingredient> dropped) {
        List<double[]> ways = computed.values().stream()
                .map(way -> way.getOrDefault(array, new double[0]))
                .toList();
        if (array == ConvArray.DFILTER_DATA) {
            return ways.stream().allMatch(this::isLegal) ? 0 : Double.POSITIVE_INFINITY;
        }
        return worst(ways, design.endToEnd.getOrDefault(array, new Element[0]), dropped);
    }

    /** Undecidable elements do not count. */
    private double worst(List<double[]> ways, Element[] elements, Set<Ingredient> dropped) {
        double worst = 0;
        for (int i = 0; i < elements.length; i++) {
            Optional<BigDecimal> bound = elements[i].bound(dtype, dropped);
            if (bound.isPresent()) {
                Yardstick yardstick = new Yardstick(elements[i].exact(), bound.get());
                for (double[] values : ways) {
                    worst = Math.max(worst, yardstick.fraction(values[i]));
                }
            }
        }
        return worst;
    }

    private boolean isLegal(double[] dfilter) {
        return IntStream.range(0, dfilter.length).allMatch(i -> isLegal(i, dfilter[i]));
    }

    private boolean isLegal(int position, double dfilter) {
        Element exact = design.endToEnd.getOrDefault(ConvArray.DFILTER_DATA, new Element[0])[position];
        double dout = layer.input(ConvArray.DOUT_DATA).get(position);
        return exact.exact().compareTo(new BigDecimal(dfilter)) == 0
                || design.kink[position] && (dfilter == 0 || dfilter == dout);
    }

    /** {@link #worst(Set)} with nothing dropped, of each stage from the expected arrays. */
    double worstLocally() {
        double worst = 0;
        for (Sum[] sums : design.localSums(expected).values()) {
            List<double[]> ways = computed.keySet().stream()
                    .map(way -> Definition.all(way, sums))
                    .toList();
            worst = Math.max(worst, worst(ways, DesignBounds.elements(sums), WHOLE));
        }
        return worst;
    }

    /** The precise stages whose result is farther from the exact one than {@link PreciseStage} promises. */
    List<String> imprecise() {
        Map<String, NdArray> wide = new HashMap<>(premises);
        wide.replaceAll((name, array) -> array.as(DType.FLOAT64));
        Map<String, Sum[]> exact = design.localSums(expected);
        return preciseStages.stream()
                .map(PreciseStage::stage)
                .filter(stage -> exact.containsKey(stage.name()))
                .filter(stage -> {
                    Sum[] sums = exact.getOrDefault(stage.name(), new Sum[0]);
                    NdArray computed = stage.compute(wide);
                    return IntStream.range(0, sums.length)
                            .anyMatch(i -> !isPrecise(
                                    computed.get(i), sums[i], stage.name().equals("linear-relu")));
                })
                .map(Stage::name)
                .toList();
    }

    /** |r - exact| &lt;= u |r| + γ(n)² S + 5 n η, of float64. */
    private static boolean isPrecise(double r, Sum sum, boolean relu) {
        double gamma = new RoundingBound(DType.FLOAT64).gamma(sum.n());
        if (sum.magnitude().doubleValue() * (1 + gamma) >= Double.MAX_VALUE) {
            return true;
        }
        BigDecimal exact = relu ? sum.exact().max(BigDecimal.ZERO) : sum.exact();
        BigDecimal allowed = new BigDecimal(DType.FLOAT64.unitRoundoff())
                .multiply(new BigDecimal(r).abs())
                .add(new BigDecimal(gamma).pow(2).multiply(sum.magnitude()))
                .add(ETA.multiply(BigDecimal.valueOf(5L * sum.n())));
        return exact.subtract(new BigDecimal(r)).abs().compareTo(allowed) <= 0;
    }

    /** Errors of one element as fractions of its bound; exact on which side of 1 they lie. */
    private static final class Yardstick {
        private final BigDecimal exact;
        private final BigDecimal bound;
        private final double high;
        private final double low;
        private final double limit;

        Yardstick(BigDecimal exact, BigDecimal bound) {
            this.exact = exact;
            this.bound = bound;
            this.high = exact.doubleValue();
            this.low =
                    Double.isFinite(high) ? exact.subtract(new BigDecimal(high)).doubleValue() : Double.NaN;
            this.limit = bound.doubleValue();
        }

        double fraction(double value) {
            if (!Double.isFinite(value)) {
                return Double.POSITIVE_INFINITY;
            }
            double rough = Math.abs(value - high - low) / limit;
            if (limit > 0x1p-1000 && rough < 0.999) {
                return rough;
            }
            BigDecimal error = new BigDecimal(value).subtract(exact).abs();
            if (bound.signum() == 0) {
                return error.signum() == 0 ? 0 : Double.POSITIVE_INFINITY;
            }
            double fraction = error.divide(bound, MathContext.DECIMAL64).doubleValue();
            return error.compareTo(bound) <= 0 ? Math.min(1, fraction) : Math.max(Math.nextUp(1.0), fraction);
        }
    }

    /** Where the project's bounds are not DESIGN's: too narrow, or wider than rounding them outward explains. */
    Optional<String> deviation() {
        if (design.wrongKink().isPresent()) {
            return Optional.of(
                    "the ReLU's kink is wrong at " + design.wrongKink().getAsInt());
        }
        for (Map.Entry<ConvArray, Element[]> e : design.endToEnd.entrySet()) {
            Optional<String> found = deviation(
                    e.getKey() + " end to end", bounds.endToEnd(e.getKey().toString()), e.getValue());
            if (found.isPresent()) {
                return found;
            }
        }
        for (Map.Entry<String, Sum[]> e : design.localSums(expected).entrySet()) {
            Optional<String> found =
                    deviation(e.getKey(), bounds.local(stage(e.getKey())), DesignBounds.elements(e.getValue()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> deviation(String where, Bound bound, Element[] elements) {
        for (int i = 0; i < elements.length; i++) {
            double ours = bound.oneSided(i);
            Optional<BigDecimal> least = elements[i].bound(dtype, WHOLE);
            Optional<BigDecimal> most = elements[i].nominalBound(dtype);
            String what = where + "[" + i + "] is " + ours + ", DESIGN has " + least + " to " + most;
            if (Double.isNaN(ours)) {
                if (most.isPresent()) {
                    return Optional.of(what);
                }
                continue;
            }
            // Below the normal range all is a multiple of η64: S from products that underflow is rounded up by 3/2 η64
            // for each, and a bound may be rounded down by half of one. That is not unsound, for such a product costs
            // η/2
            // of the η that it is given.
            BigDecimal outward = ETA.multiply(BigDecimal.valueOf(2 + 2L * elements[i].nominal()));
            BigDecimal b = new BigDecimal(ours);
            boolean narrow = least.isEmpty() || b.add(ETA).compareTo(least.get()) < 0;
            boolean wide =
                    most.isPresent() && b.subtract(outward).compareTo(most.get().multiply(WIDER)) > 0;
            if (narrow || wide) {
                return Optional.of(what);
            }
        }
        return Optional.empty();
    }
}
