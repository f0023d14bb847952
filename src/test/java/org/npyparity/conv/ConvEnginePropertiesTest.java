package org.npyparity.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/** What must hold of a convolution layer whatever the numbers are: no fixture, no reference. */
class ConvEnginePropertiesTest {
    /** Sizes differ on every axis: squares hide transposes. */
    private static final List<ConvGeometry> GEOMETRIES = List.of(
            new ConvGeometry(2, 5, 7, 3, 4, 3, 1, 1),
            new ConvGeometry(3, 8, 6, 2, 5, 3, 2, 0),
            new ConvGeometry(1, 4, 9, 5, 3, 2, 3, 2),
            new ConvGeometry(2, 3, 4, 1, 6, 1, 2, 1),
            new ConvGeometry(2, 7, 5, 4, 3, 5, 1, 2),
            new ConvGeometry(1, 1, 1, 2, 3, 1, 1, 0),
            new ConvGeometry(2, 9, 11, 17, 19, 3, 2, 1));

    static Stream<Arguments> layers() {
        return ConvEngines.available().stream().flatMap(engine -> GEOMETRIES.stream()
                .flatMap(g -> Stream.of(DType.values()).map(dtype -> Arguments.of(engine, g, dtype))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("layers")
    void col2imIsTheAdjointOfIm2col(ConvEngine engine, ConvGeometry g, DType dtype) {
        NdArray x = integers(1, dtype, ConvArray.IN_DATA.shape(g));
        NdArray y = integers(2, dtype, ConvArray.MATRIC_DATA.shape(g));
        assertEquals(
                inner(engine.im2col(g, x), y),
                inner(x, engine.unpad(g, engine.col2im(g, y))),
                "<im2col x, y> and <x, col2im y>");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("layers")
    void theInputGradientIsTheAdjointOfTheConvolution(ConvEngine engine, ConvGeometry g, DType dtype) {
        NdArray x = integers(3, dtype, ConvArray.IN_DATA.shape(g));
        NdArray w = integers(4, dtype, ConvArray.WEIGHTS.shape(g));
        NdArray y = integers(5, dtype, ConvArray.FILTER_DATA.shape(g));
        double forward = inner(engine.linear(g, engine.im2col(g, x), w), y);
        assertEquals(forward, inner(x, engine.directInputGradient(g, y, w)), "<x * w, y> and <x, din>");
        assertEquals(forward, inner(w, engine.directWeightGradient(g, x, y)), "<x * w, y> and <w, dw>");
        assertEquals(
                forward,
                inner(w, engine.weightGradient(g, engine.im2col(g, x), y)),
                "<x * w, y> and <w, dw> by im2col");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("layers")
    void theConvolutionIsLinearInBothArguments(ConvEngine engine, ConvGeometry g, DType dtype) {
        NdArray x = integers(6, dtype, ConvArray.IN_DATA.shape(g));
        NdArray z = integers(7, dtype, ConvArray.IN_DATA.shape(g));
        NdArray w = integers(8, dtype, ConvArray.WEIGHTS.shape(g));
        NdArray v = integers(9, dtype, ConvArray.WEIGHTS.shape(g));
        NdArray sum = convolve(engine, g, combine(3, x, -2, z), w);
        assertSame(combine(3, convolve(engine, g, x, w), -2, convolve(engine, g, z, w)), sum);
        NdArray other = convolve(engine, g, x, combine(3, w, -2, v));
        assertSame(combine(3, convolve(engine, g, x, w), -2, convolve(engine, g, x, v)), other);
    }

    /** Between the kinks of the ReLU the layer is linear, so a central difference has no error but rounding. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("layers")
    void theGradientsAreTheDifferencesOfTheForwardPass(ConvEngine engine, ConvGeometry g, DType dtype) {
        NdArray x = integers(10, dtype, ConvArray.IN_DATA.shape(g));
        NdArray w = integers(11, dtype, ConvArray.WEIGHTS.shape(g));
        NdArray b = integers(12, dtype, ConvArray.BIAS.shape(g));
        for (int i = 0; i < b.size(); i++) {
            // Sums of integers plus a half are never 0, and a step of 1/64 in one operand moves none across 0.
            b.set(i, b.get(i) + 0.5);
        }
        NdArray dout = integers(13, dtype, ConvArray.DOUT_DATA.shape(g));
        NdArray dfilter = engine.reluGradient(g, dout, engine.directForward(g, x, w, b));

        NdArray din = engine.directInputGradient(g, dfilter, w);
        NdArray dw = engine.directWeightGradient(g, x, dfilter);
        NdArray db = engine.biasGradient(g, dfilter);
        Random random = new Random(14);
        for (int k = 0; k < 10; k++) {
            assertDifference(engine, g, x, w, b, dout, x, random.nextInt(x.size()), din);
            assertDifference(engine, g, x, w, b, dout, w, random.nextInt(w.size()), dw);
            assertDifference(engine, g, x, w, b, dout, b, random.nextInt(b.size()), db);
        }
    }

    private static void assertDifference(
            ConvEngine engine,
            ConvGeometry g,
            NdArray x,
            NdArray w,
            NdArray b,
            NdArray dout,
            NdArray moved,
            int position,
            NdArray gradient) {
        double step = 0x1p-6;
        double value = moved.get(position);
        moved.set(position, value + step);
        double above = inner(engine.directForward(g, x, w, b), dout);
        moved.set(position, value - step);
        double below = inner(engine.directForward(g, x, w, b), dout);
        moved.set(position, value);
        // All of these numbers are small multiples of 2^-7: the difference is exact.
        assertEquals((above - below) / (2 * step), gradient.get(position));
    }

    @Test
    void aNanActivationLetsTheGradientPassAndNegativeZeroDoesNot() {
        ConvGeometry g = new ConvGeometry(1, 1, 4, 1, 1, 1, 1, 0);
        NdArray filter = NdArray.of(new double[] {Double.NaN, -0.0, 0.0, Double.MIN_VALUE}, 4, 1);
        NdArray dout = NdArray.of(new double[] {2, 3, 5, 7}, 1, 1, 4, 1);
        for (ConvEngine engine : ConvEngines.available()) {
            NdArray dfilter = engine.reluGradient(g, dout, filter);
            assertTrue(dfilter.hasSameBits(NdArray.of(new double[] {2, 0, 0, 7}, 4, 1)), engine.name());
        }
    }

    @Test
    void aWrongShapeIsRefusedByName() {
        ConvGeometry g = GEOMETRIES.get(0);
        for (ConvEngine engine : ConvEngines.available()) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class, () -> engine.im2col(g, NdArray.zeros(DType.FLOAT64, 2, 7, 5, 3)));
            assertEquals("in_data has shape (2, 7, 5, 3): expected (2, 5, 7, 3)", refusal.getMessage());
        }
    }

    @Test
    void mixedTypesAreRefused() {
        ConvGeometry g = GEOMETRIES.get(0);
        NdArray dfilter = NdArray.zeros(DType.FLOAT64, ConvArray.DFILTER_DATA.shape(g));
        NdArray weights = NdArray.zeros(DType.FLOAT32, ConvArray.WEIGHTS.shape(g));
        for (ConvEngine engine : ConvEngines.available()) {
            assertThrows(IllegalArgumentException.class, () -> engine.windowGradient(g, dfilter, weights));
        }
    }

    private static NdArray convolve(ConvEngine engine, ConvGeometry g, NdArray x, NdArray w) {
        return engine.linear(g, engine.im2col(g, x), w);
    }

    /** Integers of at most 4 in magnitude: every sum in these tests is exact, so equality is to the bit. */
    private static NdArray integers(long seed, DType dtype, int[] shape) {
        Random random = new Random(seed);
        NdArray array = NdArray.zeros(dtype, shape);
        for (int i = 0; i < array.size(); i++) {
            array.set(i, random.nextInt(9) - 4);
        }
        return array;
    }

    private static NdArray combine(double a, NdArray x, double b, NdArray y) {
        NdArray sum = NdArray.zeros(x.dtype(), x.shape());
        for (int i = 0; i < sum.size(); i++) {
            sum.set(i, a * x.get(i) + b * y.get(i));
        }
        return sum;
    }

    private static double inner(NdArray x, NdArray y) {
        assertEquals(x.size(), y.size());
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            sum += x.get(i) * y.get(i);
        }
        return sum;
    }

    private static void assertSame(NdArray expected, NdArray actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(0, expected.get(i) - actual.get(i), "element " + i);
        }
    }
}
