package org.npyparity.conv.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;

/** The vector engine against the readable one. */
@Tag("vector") // left out where the JVM is started without the incubator module
class VectorEngineTest {
    private static final ConvEngine EJML = new EjmlEngine();
    private static final ConvEngine VECTOR = new VectorEngine(2);
    private static final Workers WORKERS = new Workers(2);

    /** Each has a reason; all axes differ. Then random ones. */
    static Stream<ConvGeometry> geometries() {
        List<ConvGeometry> geometries = new ArrayList<>(List.of(
                new ConvGeometry(1, 1, 1, 1, 1, 1, 1, 0), // the smallest
                new ConvGeometry(1, 2, 3, 1, 2, 1, 1, 2), // padding > filter; fewer columns than a tile
                new ConvGeometry(2, 5, 7, 3, 4, 1, 3, 0), // stride > filter: inputs without a window
                new ConvGeometry(1, 5, 8, 4, 3, 1, 3, 1), // and a task of a slice whose first task has none either
                new ConvGeometry(2, 6, 9, 16, 33, 3, 1, 1), // one channel over a panel
                new ConvGeometry(2, 9, 6, 17, 16, 3, 2, 1), // one input channel over
                new ConvGeometry(1, 11, 13, 5, 47, 5, 2, 2), // tail rows and columns that no window reaches
                new ConvGeometry(1, 7, 8, 3, 6, 7, 2, 3),
                new ConvGeometry(3, 7, 7, 70, 65, 3, 1, 1), // runs longer than a block
                new ConvGeometry(2, 4, 300, 2, 3, 3, 1, 1), // a row longer than a block
                new ConvGeometry(2, 40, 31, 4, 9, 3, 1, 1), // several bands
                new ConvGeometry(2, 41, 30, 4, 9, 3, 2, 0),
                new ConvGeometry(1, 14, 15, 150, 140, 1, 1, 0), // partial sums would be large
                new ConvGeometry(1, 8, 9, 130, 150, 3, 1, 1),
                new ConvGeometry(5, 3, 4, 37, 70, 3, 1, 1), // few positions, of several images
                new ConvGeometry(1, 5, 10, 37, 70, 3, 1, 1), // few, and two of them beyond whole vectors
                new ConvGeometry(11, 3, 4, 37, 70, 3, 1, 1), // bands over several images
                new ConvGeometry(3, 17, 16, 130, 9, 3, 1, 1), // tasks that share a slice of the weights
                new ConvGeometry(2, 9, 8, 5, 32, 3, 1, 1), // output channels that fill one panel
                new ConvGeometry(2, 9, 8, 5, 64, 3, 1, 1),
                new ConvGeometry(40, 5, 3, 2, 9, 2, 1, 0)));
        Random random = new Random(5);
        while (geometries.size() < 45) {
            int filter = 1 + random.nextInt(5);
            int padding = random.nextInt(4);
            geometries.add(new ConvGeometry(
                    1 + random.nextInt(3),
                    filter + random.nextInt(12),
                    filter + random.nextInt(14),
                    1 + random.nextInt(40),
                    1 + random.nextInt(70),
                    filter,
                    1 + random.nextInt(4),
                    padding));
        }
        return geometries.stream();
    }

    /** The results of all passes, direct and by stages. */
    private static List<NdArray> passes(ConvEngine engine, ConvGeometry g, Operands x) {
        NdArray dfilterData = engine.reluGradient(g, x.doutData, x.filterData);
        NdArray matricData = engine.im2col(g, x.inData);
        return List.of(
                engine.directForward(g, x.inData, x.weights, x.bias),
                engine.linear(g, matricData, x.weights),
                engine.directWeightGradient(g, x.inData, dfilterData),
                engine.directInputGradient(g, dfilterData, x.weights),
                engine.biasGradient(g, dfilterData),
                engine.linearRelu(g, matricData, x.weights, x.bias),
                engine.weightGradient(g, matricData, dfilterData),
                engine.windowGradient(g, dfilterData, x.weights));
    }

    private static final List<String> PASSES = List.of(
            "directForward",
            "linear",
            "directWeightGradient",
            "directInputGradient",
            "biasGradient",
            "linearRelu",
            "weightGradient",
            "windowGradient");

    private record Operands(NdArray inData, NdArray weights, NdArray bias, NdArray filterData, NdArray doutData) {
        static Operands of(ConvGeometry g, DType dtype, DoubleSupplier values) {
            return new Operands(
                    array(ConvArray.IN_DATA, g, dtype, values),
                    array(ConvArray.WEIGHTS, g, dtype, values),
                    array(ConvArray.BIAS, g, dtype, values),
                    array(ConvArray.FILTER_DATA, g, dtype, values),
                    array(ConvArray.DOUT_DATA, g, dtype, values));
        }

        private static NdArray array(ConvArray which, ConvGeometry g, DType dtype, DoubleSupplier values) {
            NdArray array = NdArray.zeros(dtype, which.shape(g));
            for (int i = 0; i < array.size(); i++) {
                array.set(i, values.getAsDouble());
            }
            return array;
        }
    }

    /** Every sum of products of small integers is exact, whatever its order. */
    @ParameterizedTest
    @MethodSource("geometries")
    void integersGiveTheSameBitsAsEjml(ConvGeometry g) {
        for (DType dtype : DType.values()) {
            Random random = new Random(g.hashCode());
            Operands x = Operands.of(g, dtype, () -> random.nextInt(31) - 15);
            assertSame(g, dtype, passes(EJML, g, x), passes(VECTOR, g, x));
        }
    }

    /** The tiles for 16 vector registers and those for 32: a processor chooses one of them. */
    @ParameterizedTest
    @MethodSource("geometries")
    void tilesForFewAndForManyRegistersGiveTheSameBitsAsEjml(ConvGeometry g) {
        for (boolean areMany : new boolean[] {false, true}) {
            for (TileKernels kernels : List.of(new DoubleTileKernels(areMany), new FloatTileKernels(areMany))) {
                DType dtype = kernels instanceof DoubleTileKernels ? DType.FLOAT64 : DType.FLOAT32;
                Random random = new Random(g.hashCode());
                Operands x = Operands.of(g, dtype, () -> random.nextInt(31) - 15);
                NdArray dfilterData = EJML.reluGradient(g, x.doutData, x.filterData);
                NdArray product = ConvArray.FILTER_DATA.zeros(g, x.inData);
                new MatrixProduct(kernels, WORKERS)
                        .multiply(EJML.im2col(g, x.inData), false, x.weights, false, product);
                DirectConvolution direct = new DirectConvolution(g, kernels, WORKERS);
                List<NdArray> actual = List.of(
                        direct.forward(x.inData, x.weights, x.bias),
                        product,
                        direct.weightGradient(x.inData, dfilterData),
                        direct.inputGradient(dfilterData, x.weights));
                assertSame(g, dtype, passes(EJML, g, x).subList(0, actual.size()), actual);
            }
        }
    }

    /** Where the reference multiplies an infinity by a padding or masked zero there is a NaN, and nowhere else. */
    @ParameterizedTest
    @MethodSource("geometries")
    void infinitiesAndNaNsLandWhereEjmlPutsThem(ConvGeometry g) {
        for (DType dtype : DType.values()) {
            for (ConvArray where : List.of(ConvArray.IN_DATA, ConvArray.WEIGHTS, ConvArray.DOUT_DATA)) {
                Random random = new Random(g.hashCode());
                Operands x = Operands.of(g, dtype, () -> random.nextInt(31) - 15);
                NdArray array =
                        where == ConvArray.IN_DATA ? x.inData : where == ConvArray.WEIGHTS ? x.weights : x.doutData;
                array.set(random.nextInt(array.size()), Double.POSITIVE_INFINITY);
                array.set(random.nextInt(array.size()), Double.NaN);
                assertSame(g, dtype, passes(EJML, g, x), passes(VECTOR, g, x));
            }
        }
    }

    private static void assertSame(ConvGeometry g, DType dtype, List<NdArray> expected, List<NdArray> actual) {
        for (int pass = 0; pass < expected.size(); pass++) {
            NdArray e = expected.get(pass);
            NdArray a = actual.get(pass);
            for (int i = 0; i < e.size(); i++) {
                // == and not equals: the sign of a zero is nobody's business here.
                boolean same = e.get(i) == a.get(i) || Double.isNaN(e.get(i)) && Double.isNaN(a.get(i));
                if (!same) {
                    assertEquals(e.get(i), a.get(i), PASSES.get(pass) + " of " + g + " in " + dtype + " at " + i);
                }
            }
        }
    }

    /**
     * Random numbers: each element within 2 γ(n) of its sum of absolute values (Higham §3.1), with n no more than Q + 1,
     * P, or D times the windows over a pixel.
     */
    @ParameterizedTest
    @MethodSource("geometries")
    void randomNumbersStayWithinTheBound(ConvGeometry g) {
        for (DType dtype : DType.values()) {
            Random random = new Random(g.hashCode());
            Operands x = Operands.of(g, dtype, random::nextGaussian);
            Operands magnitudes = new Operands(
                    x.inData.magnitudes(),
                    x.weights.magnitudes(),
                    x.bias.magnitudes(),
                    x.filterData.toFloat64(),
                    x.doutData.magnitudes());
            double u = dtype == DType.FLOAT64 ? 0x1p-53 : 0x1p-24;
            int n = Math.max(
                    Math.max(g.patchSize() + 1, g.positions()), g.outDepth() * g.filterSize() * g.filterSize());
            List<NdArray> expected = passes(EJML, g, x);
            List<NdArray> sums = passes(EJML, g, magnitudes);
            List<NdArray> actual = passes(VECTOR, g, x);
            for (int pass = 0; pass < expected.size(); pass++) {
                for (int i = 0; i < sums.get(pass).size(); i++) {
                    double bound = 2 * n * u / (1 - n * u) * sums.get(pass).get(i) * (1 + 1e-9);
                    double error = Math.abs(
                            expected.get(pass).get(i) - actual.get(pass).get(i));
                    assertTrue(error <= bound, PASSES.get(pass) + " of " + g + " in " + dtype + " at " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void theNumberOfThreadsDoesNotChangeABit(DType dtype) {
        List<ConvGeometry> large = List.of(
                new ConvGeometry(8, 32, 48, 16, 32, 3, 1, 1),
                new ConvGeometry(1, 30, 29, 13, 37, 3, 2, 1),
                new ConvGeometry(1, 14, 15, 150, 140, 1, 1, 0),
                new ConvGeometry(3, 7, 8, 130, 150, 3, 1, 1),
                new ConvGeometry(1, 5, 10, 37, 70, 3, 1, 1),
                new ConvGeometry(3, 17, 16, 130, 9, 3, 1, 1),
                new ConvGeometry(9, 5, 6, 65, 70, 3, 1, 1));
        for (ConvGeometry g : large) {
            Random random = new Random(7);
            Operands x = Operands.of(g, dtype, random::nextGaussian);
            List<NdArray> expected = passes(new VectorEngine(1), g, x);
            for (int threads : new int[] {1, 2, 3, 16}) {
                ConvEngine engine = new VectorEngine(threads);
                for (int run = 0; run < 2; run++) {
                    List<NdArray> actual = passes(engine, g, x);
                    for (int pass = 0; pass < expected.size(); pass++) {
                        assertTrue(
                                expected.get(pass).hasSameBits(actual.get(pass)),
                                PASSES.get(pass) + " of " + g + " with " + threads + " threads");
                    }
                }
            }
        }
    }
}
