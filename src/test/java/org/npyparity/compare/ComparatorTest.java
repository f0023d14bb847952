package org.npyparity.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Violations;

/** Facts that NumPy 2.4 gave for the same arrays, and the rules of each policy. */
class ComparatorTest {
    private static final Policy EXACT = new Policy.Exact(false);
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    private static NdArray array(double... values) {
        return NdArray.of(values, values.length);
    }

    private static NdArray floats(double... values) {
        NdArray array = NdArray.zeros(DType.FLOAT32, values.length);
        for (int i = 0; i < values.length; i++) {
            array.floats()[i] = (float) values[i];
        }
        return array;
    }

    private static Comparison compare(NdArray actual, NdArray expected, String policy) {
        return Comparator.compare(actual, expected, Policy.parse(policy), Bound.exact());
    }

    private static void assertVerdict(Verdict verdict, String policy, double actual, double expected) {
        assertEquals(verdict, compare(array(actual), array(expected), policy).verdict());
    }

    @Test
    void theFactsOfAMismatchAreThoseOfNumPysMessage() {
        // np.testing.assert_allclose([[1, 2.5, 3], [4, 5, 0.25]], [[1, 2, 3], [4, 5.125, 0]]):
        // Mismatched elements: 3 / 6 (50%); at [0, 1], [1, 1], [1, 2]; max absolute 0.5, max relative 0.25
        Comparison c = compare(
                NdArray.of(new double[] {1, 2.5, 3, 4, 5, 0.25}, 2, 3),
                NdArray.of(new double[] {1, 2, 3, 4, 5.125, 0}, 2, 3),
                "allclose");
        assertEquals(new Violations(0, 0, 3, 0.5, 0.25), c.violations());
        assertEquals(
                List.of(List.of(0, 1), List.of(1, 1), List.of(1, 2)),
                c.first().stream().map(Difference::index).toList());
        assertEquals(6, c.elements());
        assertEquals(3, c.differing());
        assertEquals(3, c.failing());
        assertEquals(0.5, c.worst().absolute().orElseThrow().absolute());
        assertEquals(0.25, c.worst().relative().orElseThrow().relative());
    }

    @Test
    void theToleranceIsRelativeToTheExpectedValueAndItsEdgeIsInside() {
        assertVerdict(Verdict.PARITY, "allclose:rtol=0.5", 1, 2);
        assertVerdict(Verdict.MISMATCH, "allclose:rtol=0.5", 2, 1);
        assertVerdict(Verdict.PARITY, "allclose:rtol=0.5,atol=0.5", 2, 1);
        assertVerdict(Verdict.MISMATCH, "allclose:rtol=0.5,atol=0.5", Math.nextUp(2.0), 1);
    }

    @Test
    void theDefaultsAreNumPys() {
        assertVerdict(Verdict.PARITY, "allclose", 1 + 9.9e-8, 1);
        assertVerdict(Verdict.MISMATCH, "allclose", 1 + 1.01e-7, 1);
        assertVerdict(Verdict.MISMATCH, "allclose", 1e-300, 0);
    }

    @Test
    void float32IsJudgedInFloat32AsNumPyDoes() {
        // In float64 the difference is 1.0000000116860974e-07 and the tolerance 1e-07.
        NdArray actual = floats(1e-7f);
        NdArray expected = floats(0);
        assertTrue(compare(actual, expected, "allclose:rtol=0,atol=1e-7").passes());
        assertFalse(compare(actual, expected, "allclose:rtol=0,atol=9.9999e-8").passes());
        // In float64 1.00000000099 apart, in float32 1.
        assertTrue(compare(floats(1), floats(-1e-9f), "allclose:rtol=0,atol=1").passes());
    }

    @Test
    void aNanStandsForANanUnlessItDiffers() {
        assertVerdict(Verdict.PARITY, "allclose", NAN, NAN);
        assertVerdict(Verdict.MISMATCH, "allclose:nan-differs", NAN, NAN);
        assertVerdict(Verdict.MISMATCH, "allclose:rtol=1,atol=1e300", NAN, 1);
        assertVerdict(Verdict.MISMATCH, "allclose:rtol=1,atol=1e300", 1, NAN);
        assertVerdict(Verdict.PARITY, "exact", NAN, -NAN);
        assertVerdict(Verdict.MISMATCH, "exact", NAN, 0);
    }

    @Test
    void everyNanIsTheSameNanWhateverItsPayload() {
        double other = Double.longBitsToDouble(0xfff8_0000_0000_1234L);
        assertEquals(
                Verdict.PARITY,
                compare(array(1, other), array(1, NAN), "exact:signed-zeros").verdict());
    }

    @Test
    void anInfinityEqualsOnlyItself() {
        for (String policy : List.of("exact", "allclose", "allclose:rtol=1,atol=1e300")) {
            assertVerdict(Verdict.PARITY, policy, -INF, -INF);
            assertVerdict(Verdict.MISMATCH, policy, INF, -INF);
            assertVerdict(Verdict.MISMATCH, policy, Double.MAX_VALUE, INF);
            assertVerdict(Verdict.MISMATCH, policy, INF, Double.MAX_VALUE);
        }
    }

    @Test
    void nanAndInfLocationsAreCountedApart() {
        Comparison c = compare(array(NAN, 1, INF, INF, 7, NAN), array(1, NAN, 1, -INF, 8, NAN), "allclose");
        assertEquals(new Violations(2, 2, 1, 1, 0.125), c.violations());
        assertEquals(5, c.failing());
        assertEquals(1, c.worst().absolute().orElseThrow().absolute(), "among finite pairs");
    }

    @Test
    void zerosOfTwoSignsAreEqualUnlessAsked() {
        assertVerdict(Verdict.PARITY, "exact", -0.0, 0.0);
        assertVerdict(Verdict.PARITY, "allclose", -0.0, 0.0);
        assertVerdict(Verdict.MISMATCH, "exact:signed-zeros", -0.0, 0.0);
    }

    @Test
    void zerosOfTwoSignsAreCountedAlsoWhereTheyAreEqual() {
        NdArray actual = array(-0.0, 0.0, 0.0, 1, NAN, 2);
        NdArray expected = array(0.0, -0.0, 0.0, 1, NAN, 3);
        for (String policy : List.of("exact", "allclose", "certified")) {
            Comparison c = compare(actual, expected, policy);
            assertEquals(List.of(1L, 2L, 3L), List.of(c.differing(), c.zeroSigns(), c.sameBits()), policy);
        }
        Comparison signed = compare(actual, expected, "exact:signed-zeros");
        assertEquals(List.of(3L, 0L, 3L), List.of(signed.differing(), signed.zeroSigns(), signed.sameBits()));
        Comparison sign = compare(array(-0.0, 1), array(0.0, 1), "exact:signed-zeros");
        assertEquals(Double.POSITIVE_INFINITY, sign.worstFraction(), "0 / 0 would hide it");
    }

    @Test
    void oneBitIsADifferenceUnderExact() {
        Comparison c = compare(array(1, Math.nextUp(2.0)), array(1, 2), "exact");
        assertEquals(Verdict.MISMATCH, c.verdict());
        assertEquals(1, c.worst().ulp().orElseThrow().ulp());
        assertEquals(INF, c.worstFraction());
    }

    @Test
    void ulpCountsAcrossZeroAndSaturates() {
        // np.testing._private.utils.nulp_diff gives 1, 0, 2 and 1.
        assertEquals(1, Ulp.distance(DType.FLOAT64, 1, Math.nextUp(1.0)));
        assertEquals(0, Ulp.distance(DType.FLOAT64, 0.0, -0.0));
        assertEquals(2, Ulp.distance(DType.FLOAT64, Double.MIN_VALUE, -Double.MIN_VALUE));
        assertEquals(1, Ulp.distance(DType.FLOAT32, Float.MAX_VALUE, INF));
        assertEquals(1, Ulp.distance(DType.FLOAT64, Double.MIN_NORMAL, Math.nextDown(Double.MIN_NORMAL)));
        // NumPy subtracts in 64 and 32 bits, where these wrap around to 2^53 - 2 and 2^24 - 2.
        assertEquals(Long.MAX_VALUE, Ulp.distance(DType.FLOAT64, Double.MAX_VALUE, -Double.MAX_VALUE));
        assertEquals(2L * 0x7f7f_ffff, Ulp.distance(DType.FLOAT32, Float.MAX_VALUE, -Float.MAX_VALUE));
        assertEquals(-1, Ulp.distance(DType.FLOAT64, NAN, 1));
    }

    @Test
    void withinUlpAllowsItsDistanceAndNoMore() {
        Policy two = new Policy.WithinUlp(2);
        double off = Math.nextUp(Math.nextUp(3.0));
        assertTrue(Comparator.compare(array(1, off), array(1, 3), two, Bound.exact())
                .passes());
        Comparison c = Comparator.compare(array(1, Math.nextUp(off)), array(1, 3), two, Bound.exact());
        assertEquals(Verdict.MISMATCH, c.verdict());
        assertEquals(1, c.violations().mismatched());
        assertEquals(List.of(1), c.first().get(0).index());
        assertEquals(
                Verdict.MISMATCH,
                Comparator.compare(array(NAN), array(1), new Policy.WithinUlp(Long.MAX_VALUE), Bound.exact())
                        .verdict());
        assertTrue(
                Comparator.compare(array(NAN), array(NAN), two, Bound.exact()).passes());
    }

    @Test
    void aCertifiedBoundIsHeldElementByElement() {
        Policy certified = new Policy.Certified();
        Bound bound = Bound.of(new double[] {0, 0.5, 1}, 0);
        assertEquals(
                Verdict.PARITY,
                Comparator.compare(array(1, 2.5, 4), array(1, 2, 3), certified, bound)
                        .verdict());
        Comparison c = Comparator.compare(array(1, 2.5, 4.5), array(1, 2, 3), certified, bound);
        assertEquals(Verdict.MISMATCH, c.verdict());
        assertEquals(List.of(2), c.first().get(0).index());
        assertEquals(1.5, c.worstFraction());
    }

    @Test
    void whereTheBoundProvesNothingTheVerdictIsNeverAPass() {
        Policy certified = new Policy.Certified();
        Bound bound = Bound.of(new double[] {1, NAN}, 0);
        assertEquals(
                Verdict.UNDECIDABLE,
                Comparator.compare(array(1, 2), array(1, 2), certified, bound).verdict());
        assertEquals(
                Verdict.UNDECIDABLE,
                Comparator.compare(array(1.5, 9), array(1, 2), certified, bound).verdict());
        assertEquals(
                Verdict.MISMATCH,
                Comparator.compare(array(9, 2), array(1, 2), certified, bound).verdict());
    }

    @Test
    void anInfiniteToleranceProvesNothingEither() {
        Policy certified = new Policy.Certified();
        Bound bound = Bound.of(new double[] {1, INF}, 0);
        assertTrue(Double.isNaN(bound.at(1)));
        for (double second : new double[] {2, 9, NAN}) {
            Comparison c = Comparator.compare(array(1, second), array(1, 2), certified, bound);
            assertEquals(Verdict.UNDECIDABLE, c.verdict(), () -> second + "");
            assertEquals(1, c.undecidable(), () -> second + "");
        }
    }

    @Test
    void theOtherRightValueOfAKinkPassesAndNoThirdOne() {
        Policy certified = new Policy.Certified();
        Bound bound = Bound.exact().orElse(new int[] {1}, new double[] {7});
        Comparison c = Comparator.compare(array(1, 7), array(1, 0), certified, bound);
        assertEquals(Verdict.PARITY, c.verdict());
        assertEquals(1, c.ambiguous());
        assertEquals(
                Verdict.MISMATCH,
                Comparator.compare(array(1, 6), array(1, 0), certified, bound).verdict());
        assertEquals(
                Verdict.MISMATCH,
                Comparator.compare(array(7, 0), array(0, 0), certified, bound).verdict());
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void noComparisonPassesWithoutAnElement(Verdict verdict) {
        Supplier<Comparison> without = () -> new Comparison(
                verdict,
                EXACT,
                DType.FLOAT64,
                List.of(0),
                0,
                0,
                0,
                0,
                0,
                0,
                true,
                Comparison.Worst.NONE,
                List.of(),
                Optional.empty(),
                Violations.NONE);

        if (verdict == Verdict.PARITY) {
            assertThrows(IllegalArgumentException.class, without::get);
        } else {
            assertFalse(without.get().passes());
        }
    }

    @Test
    void nothingPassesByComparingNothing() {
        assertEquals(
                Optional.of("shape is (3,): expected (2,)"),
                compare(array(1, 2, 3), array(1, 2), "exact").incomparable());
        assertEquals(
                Optional.of("dtype is float32: expected float64"),
                compare(floats(1), array(1), "exact").incomparable());
        assertEquals(
                Optional.of("shape is (1, 2): expected (2, 1)"),
                compare(NdArray.of(new double[2], 1, 2), NdArray.of(new double[2], 2, 1), "exact")
                        .incomparable());
        Comparison empty = compare(array(), array(), "allclose");
        assertEquals(Verdict.MISMATCH, empty.verdict());
        assertEquals(0, empty.elements());
        // Else an audit would go on with the expected array in place of the engine's.
        assertFalse(empty.isSame());
        assertFalse(compare(floats(1), array(1), "exact").isSame());
    }

    @Test
    void aBoundOfAnotherSizeIsAProgrammersMistake() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Comparator.compare(
                        array(1, 2), array(1, 2), new Policy.Certified(), Bound.of(new double[] {1}, 0)));
    }

    @Test
    void allZeroSpeaksOfTheExpectedArray() {
        assertTrue(compare(array(1, 0), array(0, -0.0), "exact").allZero());
        assertFalse(compare(array(0, 0), array(0, 1), "exact").allZero());
    }

    /** A loop written from the definitions, element by element and without a shortcut. */
    private static long[] counts(NdArray a, NdArray e, Policy.AllClose policy) {
        long differing = 0;
        long failing = 0;
        for (int i = 0; i < e.size(); i++) {
            boolean bothNan = Double.isNaN(a.get(i)) && Double.isNaN(e.get(i));
            if (a.get(i) == e.get(i) || bothNan && policy.equalNan()) {
                continue;
            }
            differing++;
            double difference = e.dtype() == DType.FLOAT64
                    ? Math.abs(a.get(i) - e.get(i))
                    : Math.abs((float) a.get(i) - (float) e.get(i));
            boolean inside = difference <= policy.tolerance(e.dtype(), e.get(i))
                    && Double.isFinite(a.get(i))
                    && Double.isFinite(e.get(i));
            failing += inside ? 0 : 1;
        }
        return new long[] {differing, failing};
    }

    @Test
    void theFastLoopsCountAndFindWhatASlowOneDoes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int trial = 0; trial < 300; trial++) {
            int size = 1 + random.nextInt(trial % 10 == 0 ? 3 * Comparator.PIECE / 2 : 5000);
            DType dtype = random.nextBoolean() ? DType.FLOAT64 : DType.FLOAT32;
            NdArray expected = NdArray.zeros(dtype, size);
            NdArray actual = NdArray.zeros(dtype, size);
            double changed = Math.pow(10, -random.nextInt(6));
            double scale = Math.pow(10, -random.nextInt(3, 17));
            for (int i = 0; i < size; i++) {
                double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(-40, 40));
                expected.set(i, value);
                double other = value * (1 + (random.nextDouble() - 0.5) * scale);
                actual.set(i, random.nextDouble() < changed ? other : value);
                if (random.nextInt(5000) == 0) {
                    actual.set(i, new double[] {NAN, INF, -INF, -0.0, Double.MIN_VALUE}[random.nextInt(5)]);
                }
            }
            Policy.AllClose policy = new Policy.AllClose(Math.pow(10, -random.nextInt(3, 15)), 0, random.nextBoolean());

            Comparison c = Comparator.compare(actual, expected, policy, Bound.exact());

            String where = "trial " + trial;
            assertEquals(
                    List.of(counts(actual, expected, policy)[0], counts(actual, expected, policy)[1]),
                    List.of(c.differing(), c.failing()),
                    where);
            double[] apart = new double[size];
            double[] relative = new double[size];
            double[] ulp = new double[size];
            for (int i = 0; i < size; i++) {
                double difference = Math.abs(actual.get(i) - expected.get(i));
                boolean counts = difference > 0 && Double.isFinite(difference);
                apart[i] = counts ? difference : 0;
                relative[i] = counts && expected.get(i) != 0 ? difference / Math.abs(expected.get(i)) : 0;
                ulp[i] = counts ? Ulp.distance(dtype, actual.get(i), expected.get(i)) : 0;
            }
            assertEquals(
                    largest(apart),
                    c.worst().absolute().map(Difference::absolute).orElse(0.0),
                    where);
            assertEquals(
                    largest(relative),
                    c.worst().relative().map(Difference::relative).orElse(0.0),
                    where);
            assertEquals(
                    largest(ulp), c.worst().ulp().map(d -> (double) d.ulp()).orElse(0.0), where);
        }
    }

    private static double largest(double[] values) {
        return DoubleStream.of(values).max().orElse(0);
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfCores() {
        int size = 3 * Comparator.PIECE + 17;
        double[] expected = new SplittableRandom(3).doubles(size).toArray();
        double[] actual = expected.clone();
        // The same largest difference in several pieces: the first of them is the one to name.
        for (int i : new int[] {size - 1, Comparator.PIECE + 5, 2 * Comparator.PIECE}) {
            actual[i] = expected[i] = 4;
            actual[i] += 1;
        }
        Comparison c = compare(array(actual), array(expected), "exact");
        assertEquals(3, c.failing());
        assertEquals(
                List.of(Comparator.PIECE + 5),
                c.worst().absolute().orElseThrow().index());
        assertEquals(
                List.of(List.of(Comparator.PIECE + 5), List.of(2 * Comparator.PIECE), List.of(size - 1)),
                c.first().stream().map(Difference::index).toList());
    }

    @Test
    void elementsThatNeverStandInMemoryTogetherAreCompared() {
        // 2^33 bytes on each side; the heap of the tests is 2 GB.
        long size = 1025L * 1024 * 1023;
        Comparison c = Comparator.compare(sparse(size - 1), sparse(-1), EXACT, Bound.exact());
        assertEquals(size, c.elements());
        assertEquals(1, c.failing());
        assertEquals(List.of(1024, 1023, 1022), c.first().get(0).index());
    }

    /** Zeros, but for one element. */
    private static Elements sparse(long one) {
        int[] shape = {1025, 1024, 1023};
        return new Elements() {
            @Override
            public DType dtype() {
                return DType.FLOAT64;
            }

            @Override
            public int[] shape() {
                return shape;
            }

            @Override
            public void read(long start, double[] to, int length) {
                Arrays.fill(to, 0, length, 0);
                if (one >= start && one < start + length) {
                    to[(int) (one - start)] = 1;
                }
            }
        };
    }
}
