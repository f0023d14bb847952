package org.npyparity.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.RoundingBound.Terms;

/** The bound of one sum, at the ends of its range. */
class RoundingBoundTest {
    /** n u = 1/8 in float32. */
    private static final int LONGEST = 1 << 21;

    /** 1 followed by u: each addition is a tie and lost, so the error is as large as it can be. */
    @Test
    void aFloat32SumAsLongAsTheBoundAllowsStaysWithinIt() {
        double u = DType.FLOAT32.unitRoundoff();
        RoundingBound bound = new RoundingBound(DType.FLOAT32);
        for (int n : new int[] {3, 1000, 1 << 16, LONGEST - 1, LONGEST}) {
            float forward = 1;
            float backward = 0;
            for (int i = 1; i < n; i++) {
                forward += (float) u;
                backward += (float) u;
            }
            backward += 1;
            double exact = 1 + (n - 1) * u;
            double oneSided = bound.between(exact, n) / 2;

            assertEquals(1, forward);
            assertTrue(exact - forward <= oneSided, () -> n + " terms");
            assertTrue(Math.abs(exact - backward) <= oneSided, () -> n + " terms");
            assertTrue(exact - forward > 0.6 * oneSided, () -> n + " terms: the bound is not far from attained");
        }
    }

    @Test
    void oneTermMoreIsUndecidable() {
        RoundingBound bound = new RoundingBound(DType.FLOAT32);

        assertTrue(bound.between(1, LONGEST) > 0);
        assertEquals(Double.NaN, bound.between(1, LONGEST + 1));
        assertEquals(Double.NaN, bound.gamma(LONGEST + 1));
        assertTrue(new RoundingBound(DType.FLOAT64).between(1, LONGEST + 1) > 0);
    }

    @ParameterizedTest
    @EnumSource
    void aSumThatMayOverflowIsUndecidableAndTheNumberBelowIsNot(DType dtype) {
        RoundingBound bound = new RoundingBound(dtype);
        double gamma = bound.gamma(5);
        double limit = dtype.largest() / (1 + gamma);

        assertEquals(Double.NaN, bound.between(limit, 5));
        assertEquals(Double.NaN, bound.between(Double.POSITIVE_INFINITY, 5));
        assertEquals(Double.NaN, bound.between(Double.NaN, 5));
        assertTrue(bound.between(limit * (1 - 0x1p-45), 5) > 0);
    }

    /** Neither equal elements nor a small difference pass where nothing is proven; a large one is no proven error. */
    @Test
    void undecidableIsSaidAndNeverPassed() {
        RoundingBound rounding = new RoundingBound(DType.FLOAT32);
        double[] sums = {1, 1, 1};
        Bound bound = rounding.bound(
                sums, new Terms(new int[] {LONGEST + 1}, new int[] {LONGEST, Integer.MAX_VALUE, 7}), i -> true, null);
        NdArray expected = NdArray.of(new float[] {1, 1, 1}, 1, 3);
        for (float second : new float[] {1, 1.0000001f, 2}) {
            NdArray actual = NdArray.of(new float[] {1, second, 1}, 1, 3);
            Comparison c = Comparator.compare(actual, expected, new Policy.Certified(), bound);

            assertEquals(Verdict.UNDECIDABLE, c.verdict());
            assertEquals(1, c.undecidable());
            assertEquals(0, c.failing());
            assertFalse(c.passes());
        }
        Comparison wrong =
                Comparator.compare(NdArray.of(new float[] {2, 1, 1}, 1, 3), expected, new Policy.Certified(), bound);
        assertEquals(Verdict.MISMATCH, wrong.verdict(), "what is proven wrong elsewhere stays wrong");
    }

    /** S itself comes from float64 arithmetic, which may lose every small term. */
    @Test
    void theSumOfAbsoluteValuesIsRoundedOutward() {
        double u = DType.FLOAT64.unitRoundoff();
        Random random = new Random(1);
        for (int n : new int[] {2, 3, 100, 100_000}) {
            double[] terms = new double[n];
            Arrays.fill(terms, u * (1 - 0x1p-30 * random.nextDouble()));
            terms[0] = 1;
            double sum = Arrays.stream(terms).reduce(0, Double::sum);
            BigDecimal exact = Arrays.stream(terms).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);

            assertTrue(new BigDecimal(sum).compareTo(exact) < 0, "float64 loses terms");
            assertTrue(new BigDecimal(RoundingBound.outward(sum, n)).compareTo(exact) >= 0, () -> n + " terms");
        }
    }

    @ParameterizedTest
    @EnumSource
    void noTermAtAllIsExact(DType dtype) {
        assertEquals(0, new RoundingBound(dtype).between(0, 0));
        assertEquals(0, RoundingBound.outward(0, 0));
    }
}
