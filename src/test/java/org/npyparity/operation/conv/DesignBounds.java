package org.npyparity.operation.conv;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.npyparity.array.DType;
import org.npyparity.conv.ConvArray;

/** The one-sided bounds as DESIGN has them, γ(n) S + n η + S_A, in exact arithmetic; whole, or short of an ingredient. */
final class DesignBounds {
    private static final MathContext DIGITS = new MathContext(40);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** What a bound is made of. */
    enum Ingredient {
        /** That the windows over a pixel may be one sum: without it n is that of the longest window. */
        WINDOWS,
        /** The last of n. */
        LAST_TERM,
        /** n η. */
        UNDERFLOW,
        /** S_A. */
        AMBIGUITY,
        /** The absolute values in S. */
        MAGNITUDES,
        /** That S (1 + γ(n)) must not reach overflow. */
        OVERFLOW
    }

    /**
     * One element.
     *
     * @param exact its value
     * @param magnitude S
     * @param n how many products are not zero
     * @param nominal n as DESIGN counts it without looking at values
     * @param longestWindow n of a sum over one window only
     * @param choice S_A
     */
    record Element(BigDecimal exact, BigDecimal magnitude, int n, int nominal, int longestWindow, BigDecimal choice) {
        static Element of(Sum sum) {
            return new Element(
                    sum.exact(), sum.magnitude(), sum.n(), sum.nominal(), sum.longestWindow(), BigDecimal.ZERO);
        }

        static Element copy(double value) {
            return new Element(new BigDecimal(value), BigDecimal.ZERO, 0, 0, 0, BigDecimal.ZERO);
        }

        Element relu() {
            return new Element(exact.max(BigDecimal.ZERO), magnitude, n, nominal, longestWindow, choice);
        }

        /** Empty if undecidable. */
        Optional<BigDecimal> bound(DType dtype, Set<Ingredient> dropped) {
            int count = dropped.contains(Ingredient.WINDOWS) ? longestWindow : n;
            return bound(dtype, dropped.contains(Ingredient.LAST_TERM) ? count - 1 : count, dropped);
        }

        /** {@link #bound(DType, Set)} for the nominal n, with all ingredients; no products at all are exactly 0. */
        Optional<BigDecimal> nominalBound(DType dtype) {
            return n == 0 ? bound(dtype, Set.of()) : bound(dtype, nominal, Set.of());
        }

        private Optional<BigDecimal> bound(DType dtype, int count, Set<Ingredient> dropped) {
            BigDecimal nu = new BigDecimal(dtype.unitRoundoff()).multiply(BigDecimal.valueOf(Math.max(0, count)));
            if (nu.doubleValue() > 1.0 / 8) {
                return Optional.empty();
            }
            BigDecimal gamma = nu.divide(BigDecimal.ONE.subtract(nu), DIGITS);
            BigDecimal sum = dropped.contains(Ingredient.MAGNITUDES) ? exact.abs() : magnitude;
            boolean overflows = sum.multiply(gamma.add(BigDecimal.ONE)).compareTo(new BigDecimal(dtype.largest())) >= 0;
            if (overflows && !dropped.contains(Ingredient.OVERFLOW)) {
                return Optional.empty();
            }
            BigDecimal bound = gamma.multiply(sum);
            if (!dropped.contains(Ingredient.UNDERFLOW)) {
                bound = bound.add(new BigDecimal(dtype.smallestSubnormal()).multiply(BigDecimal.valueOf(count)));
            }
            return Optional.of(dropped.contains(Ingredient.AMBIGUITY) ? bound : bound.add(choice));
        }
    }

    private final Definition layer;
    /** From the inputs alone. */
    final Map<ConvArray, Element[]> endToEnd = new EnumMap<>(ConvArray.class);
    /** A: where both masks are legal. */
    final boolean[] kink;
    /** matric_data · weights + bias. */
    private final Element[] z;

    /** @param ambiguous A as it is said to be; {@link #wrongKink} judges it */
    DesignBounds(Definition layer, IntPredicate ambiguous) {
        this.layer = layer;
        z = elements(layer.forward());
        kink = new boolean[z.length];
        double[] exact = new double[z.length];
        double[] most = new double[z.length];
        double[] uncertain = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            double dout = layer.input(ConvArray.DOUT_DATA).get(i);
            kink[i] = ambiguous.test(i);
            exact[i] = z[i].exact().signum() > 0 ? dout : 0;
            most[i] = kink[i] ? dout : exact[i];
            uncertain[i] = kink[i] ? dout : 0;
        }
        endToEnd.put(ConvArray.FILTER_DATA, Arrays.stream(z).map(Element::relu).toArray(Element[]::new));
        endToEnd.put(
                ConvArray.DFILTER_DATA,
                Arrays.stream(exact).mapToObj(Element::copy).toArray(Element[]::new));
        Map<ConvArray, Sum[]> values = layer.gradients(exact);
        boolean certain =
                Arrays.equals(exact, most) && IntStream.range(0, kink.length).noneMatch(i -> kink[i]);
        Map<ConvArray, Sum[]> magnitudes = certain ? values : layer.gradients(most);
        Map<ConvArray, Sum[]> choices = layer.gradients(uncertain);
        values.forEach((array, sums) -> {
            Element[] elements = new Element[sums.length];
            Sum[] whole = magnitudes.getOrDefault(array, sums);
            Sum[] choice = choices.getOrDefault(array, sums);
            for (int i = 0; i < elements.length; i++) {
                elements[i] = new Element(
                        sums[i].exact(),
                        whole[i].magnitude(),
                        whole[i].n(),
                        whole[i].nominal(),
                        whole[i].longestWindow(),
                        choice[i].magnitude());
            }
            endToEnd.put(array, elements);
        });
    }

    /**
     * An element that is wrongly in A, or wrongly not. DESIGN has |z| &lt;= 2 γ(n) S + 2 n η with n = Q + 1, whether the
     * bias is 0 or not, and a z that is computed in float64: that may be off by a bound of its own.
     */
    OptionalInt wrongKink() {
        return IntStream.range(0, z.length)
                .filter(i -> {
                    Optional<BigDecimal> bound = z[i].nominalBound(layer.dtype);
                    Optional<BigDecimal> float64 = z[i].nominalBound(DType.FLOAT64);
                    if (bound.isEmpty() || float64.isEmpty()) {
                        return !kink[i];
                    }
                    BigDecimal within = bound.get().multiply(TWO);
                    BigDecimal off = z[i].exact().abs().subtract(within);
                    boolean certain =
                            within.signum() > 0 && off.add(float64.get()).signum() <= 0;
                    boolean possible =
                            within.signum() > 0 && off.subtract(float64.get()).signum() <= 0;
                    return kink[i] ? !possible : certain;
                })
                .findFirst();
    }

    static Element[] elements(Sum[] sums) {
        return Arrays.stream(sums).map(Element::of).toArray(Element[]::new);
    }

    /** By stage: each from the arrays before it as {@code expected} has them. */
    Map<String, Sum[]> localSums(Map<ConvArray, double[]> expected) {
        Map<String, Sum[]> sums = new HashMap<>();
        sums.put("linear-relu", layer.forward());
        Map<ConvArray, Sum[]> gradients = layer.gradients(expected.getOrDefault(ConvArray.DFILTER_DATA, new double[0]));
        sums.put("weight-gradient", gradients.getOrDefault(ConvArray.DWEIGHTS, new Sum[0]));
        sums.put("bias-gradient", gradients.getOrDefault(ConvArray.DBIAS, new Sum[0]));
        sums.put("window-gradient", gradients.getOrDefault(ConvArray.DMATRIC_DATA, new Sum[0]));
        sums.put("direct-padded-gradient", gradients.getOrDefault(ConvArray.DPADDING_DATA, new Sum[0]));
        sums.put("direct-input-gradient", gradients.getOrDefault(ConvArray.DIN_DATA, new Sum[0]));
        double[] dmatric = expected.getOrDefault(ConvArray.DMATRIC_DATA, new double[0]);
        if (Arrays.stream(dmatric).allMatch(Double::isFinite)) {
            sums.put("col2im", layer.col2im(dmatric));
        }
        return sums;
    }
}
