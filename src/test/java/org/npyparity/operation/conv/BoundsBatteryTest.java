package org.npyparity.operation.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.array.DType;
import org.npyparity.compare.ExactValue;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.conv.DesignBounds.Element;
import org.npyparity.operation.conv.DesignBounds.Ingredient;

/**
 * The certified bounds against exact arithmetic: no way to sum passes them, they are no wider than DESIGN's, and each of
 * their ingredients is needed.
 */
class BoundsBatteryTest {
    private static final Set<Ingredient> WHOLE = Set.of();
    /** (2, 3, 5, 3) to one channel, stride 3; (2, 2, 4, 2) to three, windows that overlap. */
    private static final int[] LAYERS = {1000, 1033};

    /** How numbers are drawn. */
    enum Numbers {
        UNIFORM,
        WIDE_RANGE,
        UNDERFLOWING_PRODUCTS,
        CANCELLING,
        ONES_AND_ROUNDOFFS,
        WITH_ZEROS,
        NEAR_OVERFLOW;

        double draw(Random random, DType dtype) {
            double u = dtype.unitRoundoff();
            boolean wide = dtype == DType.FLOAT64;
            double sign = random.nextBoolean() ? 1 : -1;
            double fraction = 1 + random.nextDouble();
            double value =
                    switch (this) {
                        case UNIFORM -> 2 * random.nextDouble() - 1;
                        case WIDE_RANGE -> sign * Math.scalb(fraction, random.nextInt(60) - 30);
                        case UNDERFLOWING_PRODUCTS ->
                            sign * Math.scalb(fraction, (wide ? -538 : -75) + random.nextInt(5) - 2);
                        case CANCELLING -> {
                            double[] values = {1, 1 + 2 * u, 1 - u, u, 2 * u, 0.5};
                            yield sign * values[random.nextInt(values.length)];
                        }
                        case ONES_AND_ROUNDOFFS -> random.nextInt(8) == 0 ? 1 : u * (1 + random.nextInt(2) * 2 * u);
                        case WITH_ZEROS -> random.nextInt(3) == 0 ? 0 : 2 * random.nextDouble() - 1;
                        case NEAR_OVERFLOW -> sign * Math.scalb(fraction, (wide ? 511 : 63) - random.nextInt(3));
                    };
            return dtype.round(value);
        }
    }

    static Stream<Arguments> numbers() {
        return Stream.of(Numbers.values())
                .flatMap(n -> Stream.of(DType.values()).map(dtype -> Arguments.of(n, dtype)));
    }

    static Battery random(Numbers numbers, DType dtype, long seed) {
        Random random = new Random(seed);
        ConvGeometry g = geometry(random);
        Map<ConvArray, double[]> inputs = new EnumMap<>(ConvArray.class);
        for (ConvArray input : List.of(ConvArray.IN_DATA, ConvArray.WEIGHTS, ConvArray.BIAS, ConvArray.DOUT_DATA)) {
            // A bias of 0 in half of all cases: sums cancel more often.
            boolean zero = input == ConvArray.BIAS && random.nextBoolean();
            inputs.put(input, values(g, input, () -> zero ? 0 : numbers.draw(random, dtype)));
        }
        return new Battery(g, dtype, inputs);
    }

    private static ConvGeometry geometry(Random random) {
        while (true) {
            int filterSize = 1 + random.nextInt(3);
            int padding = random.nextInt(3);
            int height = 1 + random.nextInt(4);
            int width = 1 + random.nextInt(5);
            if (filterSize <= Math.min(height, width) + 2 * padding) {
                return new ConvGeometry(
                        1 + random.nextInt(2),
                        height,
                        width,
                        1 + random.nextInt(3),
                        1 + random.nextInt(4),
                        filterSize,
                        1 + random.nextInt(3),
                        padding);
            }
        }
    }

    private static double[] values(ConvGeometry g, ConvArray array, DoubleSupplier value) {
        int size = Arrays.stream(array.shape(g)).reduce(1, (a, b) -> a * b);
        return IntStream.range(0, size).mapToDouble(i -> value.getAsDouble()).toArray();
    }

    private static void requireSoundAndSharp(Numbers numbers, DType dtype, int cases) {
        IntStream.range(0, cases).parallel().forEach(seed -> {
            Battery battery = random(numbers, dtype, seed);
            String name = numbers + " " + dtype + " " + seed + " " + battery.layer.g;
            assertEquals(Optional.empty(), battery.deviation(), name);
            double worst = battery.worst(WHOLE);
            assertTrue(worst <= 1, () -> name + ": an error is " + worst + " of the bound");
            double locally = battery.worstLocally();
            assertTrue(locally <= 1, () -> name + ": locally an error is " + locally + " of the bound");
        });
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void noWayToSumPassesTheBoundsAndTheyAreDesigns(Numbers numbers, DType dtype) {
        requireSoundAndSharp(numbers, dtype, 6);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    @Tag("slow")
    void noWayToSumPassesTheBoundsAndTheyAreDesignsOnThousandsOfLayers(Numbers numbers, DType dtype) {
        requireSoundAndSharp(numbers, dtype, 200);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void exactValuesAreThoseOfTheDefinition(Numbers numbers, DType dtype) {
        MathContext digits = new MathContext(25);
        for (int seed : LAYERS) {
            Battery battery = random(numbers, dtype, seed);
            battery.design.endToEnd.forEach((array, elements) -> {
                for (int i = 0; i < elements.length; i++) {
                    ExactValue value =
                            battery.bounds.exactEndToEnd(array.toString(), i).orElseThrow();
                    requireSame(elements[i].exact().round(digits), value, array + "[" + i + "]");
                }
            });
            battery.design.localSums(battery.expected).forEach((stage, sums) -> {
                Element[] elements = DesignBounds.elements(sums);
                for (int i = 0; i < elements.length; i++) {
                    Element element = stage.equals("linear-relu") ? elements[i].relu() : elements[i];
                    ExactValue value =
                            battery.bounds.exactLocal(Battery.stage(stage), i).orElseThrow();
                    requireSame(element.exact().round(digits), value, stage + "[" + i + "]");
                }
            });
        }
    }

    /** What a check holds arrays against. */
    @ParameterizedTest
    @MethodSource("numbers")
    void preciseStagesAreAsIfInTwiceThePrecision(Numbers numbers, DType dtype) {
        for (int seed : LAYERS) {
            assertEquals(List.of(), random(numbers, dtype, seed).imprecise(), () -> "layer " + seed);
        }
    }

    private static void requireSame(BigDecimal expected, ExactValue value, String where) {
        assertEquals(
                0, expected.compareTo(new BigDecimal(value.toString())), () -> where + ": " + expected + ", " + value);
    }

    // ---- what random data never show
    // ---------------------------------------------------------------------------------

    private static double[] filled(int size, double value) {
        double[] values = new double[size];
        Arrays.fill(values, value);
        return values;
    }

    private static double[] with(double[] values, int position, double value) {
        values[position] = value;
        return values;
    }

    private static Battery layer(
            ConvGeometry g, DType dtype, double[] inData, double[] weights, double[] bias, double[] dout) {
        return new Battery(
                g,
                dtype,
                Map.of(
                        ConvArray.IN_DATA, inData,
                        ConvArray.WEIGHTS, weights,
                        ConvArray.BIAS, bias,
                        ConvArray.DOUT_DATA, dout));
    }

    private static void requireNeeded(Battery battery, ConvArray array, Ingredient ingredient) {
        double whole = battery.worst(array, WHOLE);
        double without = battery.worst(array, Set.of(ingredient));
        assertEquals(Optional.empty(), battery.deviation());
        assertTrue(battery.worst(WHOLE) <= 1);
        assertTrue(whole <= 1, () -> array + ": an error is " + whole + " of the bound");
        assertTrue(
                without > 1,
                () -> array + ": without " + ingredient + " an error is only " + without + " of the bound");
    }

    /** A window of n - 1 products and the bias: the first product rounds by u, and each further term is lost by a tie. */
    @ParameterizedTest
    @EnumSource
    void everyTermCountsInTheForwardPass(DType dtype) {
        int depth = 40;
        double u = dtype.unitRoundoff();
        Battery battery = layer(
                new ConvGeometry(1, 1, 1, depth, 1, 1, 1, 0),
                dtype,
                with(filled(depth, 1), 0, 1 + 2 * u),
                with(filled(depth, u), 0, 1 - u),
                filled(1, u),
                filled(1, 1));

        requireNeeded(battery, ConvArray.FILTER_DATA, Ingredient.LAST_TERM);
        assertTrue(battery.worst(ConvArray.FILTER_DATA, WHOLE) > 0.999, "the bound is attained");
    }

    @ParameterizedTest
    @EnumSource
    void everyTermCountsInTheWeightGradient(DType dtype) {
        int positions = 40;
        double u = dtype.unitRoundoff();
        Battery battery = layer(
                new ConvGeometry(positions, 1, 1, 1, 1, 1, 1, 0),
                dtype,
                with(filled(positions, 1), 0, 1 + 2 * u),
                filled(1, 1),
                filled(1, 1),
                with(filled(positions, u), 0, 1 - u));

        requireNeeded(battery, ConvArray.DWEIGHTS, Ingredient.LAST_TERM);
    }

    @ParameterizedTest
    @EnumSource
    void everyTermCountsInTheInputGradient(DType dtype) {
        int depth = 40;
        double u = dtype.unitRoundoff();
        Battery battery = layer(
                new ConvGeometry(1, 1, 1, 1, depth, 1, 1, 0),
                dtype,
                filled(1, 1),
                with(filled(depth, u), 0, 1 - u),
                filled(depth, 1),
                with(filled(depth, 1), 0, 1 + 2 * u));

        requireNeeded(battery, ConvArray.DMATRIC_DATA, Ingredient.LAST_TERM);
        requireNeeded(battery, ConvArray.DIN_DATA, Ingredient.LAST_TERM);
    }

    /** DESIGN's example: one weight 1 and the others u, D = 32, K = 3. */
    @ParameterizedTest
    @EnumSource
    void theWindowsOverAPixelMayBeOneSum(DType dtype) {
        ConvGeometry g = new ConvGeometry(1, 5, 5, 1, 32, 3, 1, 0);
        double u = dtype.unitRoundoff();
        int center = 2 * 5 + 2;
        // Tap (2, 2) of the first window is the center of the image, and channel 0 the first term of its sum.
        Battery battery =
                layer(g, dtype, filled(25, 1), with(filled(9 * 32, u), 8 * 32, 1), filled(32, 0), filled(9 * 32, 1));
        Summation byWindow = new Summation(Summation.Order.PAIRWISE, Summation.Arithmetic.PLAIN, false, dtype);
        Summation direct = new Summation(Summation.Order.SEQUENTIAL, Summation.Arithmetic.PLAIN, true, dtype);

        assertEquals(1, battery.layer.computed(direct).getOrDefault(ConvArray.DIN_DATA, new double[0])[center]);
        assertTrue(battery.layer.computed(byWindow).getOrDefault(ConvArray.DIN_DATA, new double[0])[center]
                >= 1 + 256 * u);
        requireNeeded(battery, ConvArray.DIN_DATA, Ingredient.WINDOWS);
        requireNeeded(battery, ConvArray.DPADDING_DATA, Ingredient.WINDOWS);
    }

    /** Products just above η/2 become η, and just below 0. */
    @ParameterizedTest
    @EnumSource
    void everyUnderflowingProductCosts(DType dtype) {
        int exponent = dtype == DType.FLOAT64 ? -538 : -75;
        double u = dtype.unitRoundoff();
        double eta = dtype.smallestSubnormal();
        for (double factor : new double[] {1 + 2 * u, 1 - u}) {
            // 2^exponent · 2^(exponent + 1) is η/2 in float64; in float32 both exponents are the same.
            double x = Math.scalb(1.0, exponent);
            double y = Math.scalb(factor, dtype == DType.FLOAT64 ? exponent + 1 : exponent);
            ConvGeometry g = new ConvGeometry(1, 2, 3, 5, 4, 2, 1, 0);
            Battery forward = layer(g, dtype, filled(30, x), filled(80, y), filled(4, eta), filled(8, x));
            requireNeeded(forward, ConvArray.FILTER_DATA, Ingredient.UNDERFLOW);

            // A bias of 1 keeps away from the kink.
            Battery backward = layer(g, dtype, filled(30, x), filled(80, y), filled(4, 1), filled(8, x));
            for (ConvArray array : List.of(ConvArray.DMATRIC_DATA, ConvArray.DPADDING_DATA, ConvArray.DIN_DATA)) {
                requireNeeded(backward, array, Ingredient.UNDERFLOW);
            }
        }
        Battery gradients = layer(
                new ConvGeometry(2, 2, 3, 1, 1, 2, 1, 0),
                dtype,
                filled(12, Math.scalb(1.0, exponent)),
                filled(4, 1),
                filled(1, 1),
                filled(4, Math.scalb(1 + 2 * u, dtype == DType.FLOAT64 ? exponent + 1 : exponent)));
        requireNeeded(gradients, ConvArray.DWEIGHTS, Ingredient.UNDERFLOW);
    }

    /** 1 + u - 1 is u, or 0 if 1 + u comes first: the ReLU lets the gradient pass in one order and not in another. */
    @ParameterizedTest
    @EnumSource
    void bothMasksAreLegalAtTheKink(DType dtype) {
        double u = dtype.unitRoundoff();
        Battery battery = layer(
                new ConvGeometry(2, 1, 2, 3, 2, 1, 1, 0),
                dtype,
                filled(12, 1),
                new double[] {1, 1, u, 1, -1, 1},
                filled(2, 0),
                filled(8, 1e6));

        assertEquals(
                4, IntStream.range(0, 8).filter(i -> battery.design.kink[i]).count());
        assertEquals(4, battery.bounds.endToEnd("dfilter_data").ambiguous());
        for (ConvArray array : List.of(
                ConvArray.DWEIGHTS,
                ConvArray.DBIAS,
                ConvArray.DMATRIC_DATA,
                ConvArray.DPADDING_DATA,
                ConvArray.DIN_DATA)) {
            requireNeeded(battery, array, Ingredient.AMBIGUITY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void absoluteValuesAreSummed(DType dtype) {
        Battery battery = layer(
                new ConvGeometry(1, 1, 1, 3, 1, 1, 1, 0),
                dtype,
                filled(3, 1),
                new double[] {1, dtype.unitRoundoff(), -1},
                filled(1, 0),
                filled(1, 1));

        requireNeeded(battery, ConvArray.FILTER_DATA, Ingredient.MAGNITUDES);
    }

    /** 3/4 of the largest number twice, and once less: one order overflows. The verdict must be undecidable. */
    @ParameterizedTest
    @EnumSource
    void nothingIsProvenWhereAPartialSumMayOverflow(DType dtype) {
        double large = 0.75 * dtype.largest();
        double[] inputs = {1, 1, 1};
        Battery battery = layer(
                new ConvGeometry(1, 1, 1, 3, 1, 1, 1, 0),
                dtype,
                inputs,
                new double[] {dtype.round(large), dtype.round(large), -dtype.round(large)},
                filled(1, 0),
                filled(1, 1));

        assertTrue(battery.computed.values().stream()
                .anyMatch(a -> Double.isInfinite(a.getOrDefault(ConvArray.FILTER_DATA, inputs)[0])));
        requireNeeded(battery, ConvArray.FILTER_DATA, Ingredient.OVERFLOW);
        assertEquals(Double.NaN, battery.bounds.endToEnd("filter_data").at(0));
    }
}
