package org.npyparity.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/** Every fact of a comparison is that of a slow one, with and without vectors, on the heap or not, in any pieces. */
class ComparatorPropertiesTest {
    private static final double[] SPECIAL = {
        0,
        -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Float.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Float.MAX_VALUE
    };

    private final SplittableRandom random = new SplittableRandom(Long.getLong("compare.seed", 20));

    @Test
    void withoutVectorsEveryFactIsThatOfTheSlowComparison() {
        for (int trial = 0; trial < 1500; trial++) {
            check(trial, false);
        }
    }

    @Test
    @Tag("vector")
    void withVectorsEveryFactIsThatOfTheSlowComparison() {
        for (int trial = 0; trial < 1500; trial++) {
            check(trial, true);
        }
    }

    /** One ULP relative to a number, and then to the next smaller one: a record by its last bit, or by less than that. */
    @Test
    void aRecordBeatenByItsLastBitIsNotPassedOver() {
        for (DType dtype : DType.values()) {
            double ulp = 2 * dtype.unitRoundoff();
            for (int trial = 0; trial < 200; trial++) {
                double first = dtype.round(random.nextDouble(1, 2));
                NdArray expected = NdArray.zeros(dtype, BlockLoop.BLOCK);
                NdArray actual = NdArray.zeros(dtype, BlockLoop.BLOCK);
                for (int i = 0; i < expected.size(); i++) {
                    expected.set(i, i < 1000 ? first : first - ulp);
                    actual.set(i, expected.get(i) + ulp);
                }
                double[] tolerances = expected.toFloat64().doubles().clone();
                checkBoth(actual, expected, new Policy.AllClose(random.nextDouble(1e-6, 1), 0, true), Bound.exact());
                checkBoth(actual, expected, new Policy.Certified(), Bound.of(tolerances, 0));
                // No record but the relative one.
                double[] wider = filled(tolerances.length, i -> i < 1000 ? 1 : 2);
                checkBoth(actual, expected, new Policy.Certified(), Bound.of(wider, 0));
            }
        }
    }

    /** Differences that NumPy's tolerance, rounded to float32 twice, just excludes, and that of the formula does not. */
    @Test
    void whatFloat32sRoundedToleranceExcludesIsNotPassedOver() {
        for (int found = 0; found < 200; ) {
            double rtol = random.nextDouble(0.25, 0.45);
            float e = (float) random.nextDouble(1, 2);
            // The largest difference of two such numbers within the formula's tolerance.
            double difference = Math.floor(rtol * e * (1 - 0x1p-30) * 0x1p22) * 0x1p-22;
            Policy policy = new Policy.AllClose(rtol, 0, true);
            if (difference <= ((Policy.AllClose) policy).tolerance(DType.FLOAT32, e)) {
                continue;
            }
            found++;
            NdArray expected = NdArray.zeros(DType.FLOAT32, BlockLoop.BLOCK);
            NdArray actual = NdArray.zeros(DType.FLOAT32, BlockLoop.BLOCK);
            for (int i = 0; i < expected.size(); i++) {
                expected.set(i, e);
                // Records of every measure, which the others do not break.
                actual.set(i, e + (i == 0 ? 2 : 1) * difference);
            }
            checkBoth(actual, expected, policy, Bound.exact());
        }
    }

    /** Tolerances so large that they overflow times a limit's scale, and none at all beside them. */
    @Test
    void aToleranceWithoutEndIsJudgedAsTheSlowComparisonDoes() {
        double[] extremes = {0, 0.25, 0x1p970, Double.MAX_VALUE};
        double[] sizes = {0, Double.MIN_VALUE, 0x1p-1000, 1, 0x1p900, 0x1p1000, Double.MAX_VALUE};
        for (double rtol : extremes) {
            for (double atol : extremes) {
                for (int trial = 0; trial < 20; trial++) {
                    double[] e = filled(BlockLoop.BLOCK, i -> sizes[random.nextInt(sizes.length)]);
                    double[] a = filled(
                            BlockLoop.BLOCK,
                            i -> random.nextBoolean()
                                    ? sizes[random.nextInt(sizes.length)]
                                    : e[i] * (1 + random.nextDouble() * 0x1p-20));
                    checkBoth(
                            NdArray.of(a, a.length),
                            NdArray.of(e, e.length),
                            new Policy.AllClose(rtol, atol, true),
                            Bound.exact());
                }
            }
        }
    }

    /** 2/5, and then 2/4: two fifths of 4 would be rounded to 2 where there is nothing between 1 and 2. */
    @Test
    void aFractionOfSubnormalsIsNotPassedOver() {
        double[] e = filled(BlockLoop.BLOCK, i -> 0x1p-1030);
        double[] a = filled(BlockLoop.BLOCK, i -> 0x1p-1030 + 2 * Double.MIN_VALUE);
        double[] tolerances = filled(BlockLoop.BLOCK, i -> (i < 1000 ? 5 : 4) * Double.MIN_VALUE);
        checkBoth(NdArray.of(a, a.length), NdArray.of(e, e.length), new Policy.Certified(), Bound.of(tolerances, 0));
    }

    @Test
    void aDifferenceThatOverflowsWhenItIsScaledIsNotPassedOver() {
        double[] e = filled(BlockLoop.BLOCK, i -> (i < 1000 ? 1.5 : 1.25) * 0x1p1010);
        double[] a = filled(BlockLoop.BLOCK, i -> e[i] + 0x1p970);
        checkBoth(NdArray.of(a, a.length), NdArray.of(e, e.length), new Policy.AllClose(1, 0, true), Bound.exact());
    }

    @Test
    void equalNumbersAreNotAllZero() {
        double[] e = filled(BlockLoop.BLOCK, i -> 3);
        checkBoth(NdArray.of(e, e.length), NdArray.of(e.clone(), e.length), new Policy.Exact(false), Bound.exact());
    }

    private static double[] filled(int size, IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).toArray();
    }

    private static void checkBoth(NdArray actual, NdArray expected, Policy policy, Bound bound) {
        SlowComparison slow = SlowComparison.of(actual, expected, policy, bound);
        for (boolean vectors : Comparator.HAS_VECTORS ? new boolean[] {false, true} : new boolean[] {false}) {
            Comparison c = Comparator.compare(Elements.of(actual), Elements.of(expected), policy, bound, vectors, 1);
            assertEquals(slow, SlowComparison.of(c), () -> vectors ? "with vectors" : "without vectors");
        }
    }

    private void check(int trial, boolean vectors) {
        DType dtype = random.nextBoolean() ? DType.FLOAT64 : DType.FLOAT32;
        int size = 1 + random.nextInt(trial % 10 == 0 ? 20_000 : 3 * BlockLoop.BLOCK);
        NdArray expected = expected(dtype, size);
        NdArray actual = actual(expected);
        Policy policy = policy(dtype);
        Bound bound = policy instanceof Policy.Certified ? bound(actual, expected) : Bound.exact();
        boolean onHeap = random.nextBoolean();
        int pieces = 1 + random.nextInt(5);

        Comparison c = Comparator.compare(
                onHeap ? Elements.of(actual) : elsewhere(actual),
                Elements.of(expected),
                policy,
                bound,
                vectors,
                pieces);

        String where =
                "-Dcompare.seed=" + Long.getLong("compare.seed", 20) + ", trial " + trial + ": " + dtype + ", " + policy
                        + ", " + size + " elements in " + pieces + " pieces, " + (onHeap ? "" : "not ") + "on the heap";
        assertEquals(SlowComparison.of(actual, expected, policy, bound), SlowComparison.of(c), where);
        assertEquals(c.failing() > 0, c.verdict() == Verdict.MISMATCH, where);
    }

    /** Numbers of one magnitude or of many, and special ones here and there. */
    private NdArray expected(DType dtype, int size) {
        NdArray array = NdArray.zeros(dtype, size);
        int centre = random.nextInt(4) == 0 ? (dtype == DType.FLOAT64 ? -1070 : -145) : 0;
        int spread = random.nextBoolean() ? 1 : 40;
        double zeros = random.nextInt(3) == 0 ? 0.3 : 0;
        double special = random.nextInt(3) == 0 ? 1e-3 : 0;
        for (int i = 0; i < size; i++) {
            double value = Math.scalb(random.nextDouble(-1, 1), centre + random.nextInt(spread));
            array.set(i, random.nextDouble() < zeros ? 0 : random.nextDouble() < special ? anySpecial() : value);
        }
        return array;
    }

    /** Numbers a few ULP away, or a little, nearly everywhere or here and there, and special ones. */
    private NdArray actual(NdArray expected) {
        NdArray array = expected.copy();
        double changed = Math.pow(10, -random.nextInt(4));
        double scale = random.nextBoolean() ? 4 * expected.dtype().unitRoundoff() : Math.pow(10, -random.nextInt(17));
        double special = random.nextInt(3) == 0 ? 1e-3 : 0;
        for (int i = 0; i < array.size(); i++) {
            if (random.nextDouble() < changed) {
                array.set(i, array.get(i) * (1 + random.nextDouble(-1, 1) * scale));
            }
            if (random.nextDouble() < special) {
                array.set(i, random.nextBoolean() ? -array.get(i) : anySpecial());
            }
        }
        return array;
    }

    private double anySpecial() {
        return SPECIAL[random.nextInt(SPECIAL.length)];
    }

    private Policy policy(DType dtype) {
        return switch (random.nextInt(8)) {
            case 0 -> new Policy.Exact(random.nextBoolean());
            case 1 -> new Policy.WithinUlp(random.nextInt(6));
            case 2, 3, 4 -> {
                double rtol = random.nextBoolean() ? 8 * dtype.unitRoundoff() : Math.pow(10, -random.nextInt(17));
                double atol = random.nextBoolean() ? 0 : Math.pow(10, -random.nextInt(320));
                yield new Policy.AllClose(rtol, atol, random.nextInt(4) > 0);
            }
            default -> new Policy.Certified();
        };
    }

    private Bound bound(NdArray actual, NdArray expected) {
        double scale = random.nextBoolean() ? 8 * expected.dtype().unitRoundoff() : Math.pow(10, -random.nextInt(17));
        double special = random.nextInt(3) == 0 ? 1e-3 : 0;
        double[] tolerances = IntStream.range(0, expected.size())
                .mapToDouble(i -> random.nextDouble() < special
                        ? Math.abs(anySpecial())
                        : scale * (Math.abs(expected.get(i)) + random.nextDouble()))
                .toArray();
        double nothingProven = new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0, 0, 0}[random.nextInt(5)];
        for (int i = 0; i < tolerances.length; i++) {
            tolerances[i] = Double.isFinite(tolerances[i]) ? tolerances[i] : nothingProven;
        }
        Bound bound = Bound.of(tolerances, 0);
        if (random.nextInt(3) > 0) {
            return bound;
        }
        int[] positions = random.ints(1 + random.nextInt(9), 0, expected.size())
                .sorted()
                .distinct()
                .toArray();
        return bound.orElse(
                positions,
                Arrays.stream(positions)
                        .mapToDouble(i -> random.nextInt(3) > 0 ? actual.get(i) : 0)
                        .toArray());
    }

    /** An array as one that is not on the heap: read by blocks. */
    private static Elements elsewhere(NdArray array) {
        Elements onHeap = Elements.of(array);
        return new Elements() {
            @Override
            public DType dtype() {
                return onHeap.dtype();
            }

            @Override
            public int[] shape() {
                return onHeap.shape();
            }

            @Override
            public void read(long start, double[] to, int length) {
                assertTrue(start % 2 == 0, "a complex number is cut");
                onHeap.read(start, to, length);
            }
        };
    }
}
