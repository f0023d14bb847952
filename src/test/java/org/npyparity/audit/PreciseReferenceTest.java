package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Stage;

/** How far a correct array of a port may be from what its predecessors give: no less than this, and hardly more. */
class PreciseReferenceTest {
    private static final int TERMS = 100;

    /** The sum of the products of two arrays; here without error, for all terms but one are alike. */
    private static final PreciseStage DOT = new PreciseStage(
            new Stage("dot", List.of("a", "b"), "sum", arrays -> {
                double sum = 0;
                for (int i = TERMS - 1; i >= 0; i--) {
                    sum += arrays.get("a").get(i) * arrays.get("b").get(i);
                }
                return NdArray.of(new double[] {sum}, 1);
            }),
            false);

    private static PreciseReference reference(DType dtype, double first, double others, double factor) {
        double[] a = new double[TERMS];
        Arrays.fill(a, others);
        a[0] = first;
        double[] b = new double[TERMS];
        Arrays.fill(b, factor);
        return PreciseReference.of(
                DOT,
                Map.of(
                        "a",
                        NdArray.of(a, TERMS).as(dtype),
                        "b",
                        NdArray.of(b, TERMS).as(dtype)),
                dtype);
    }

    /** 1, to which 99 terms of u are added one by one, stays 1. */
    @ParameterizedTest
    @EnumSource
    void everyAdditionMayRound(DType dtype) {
        PreciseReference reference = reference(dtype, 1, dtype.unitRoundoff(), 1);

        double lost = (TERMS - 1) * dtype.unitRoundoff();
        double tolerance = reference.bound().at(0);
        assertTrue(tolerance >= lost, () -> tolerance + " < " + lost);
        assertEquals(TERMS + 1, tolerance / dtype.unitRoundoff(), 0.1, "γ(n), and u for the yardstick");
        assertEquals(TERMS * tolerance, reference.bound().noticedDrop(), 1e-4 * TERMS * tolerance, "of 1 / 100 each");
    }

    /** It may end as 0 behind a ReLU, which no rounding moves. */
    @Test
    void whereAnInfinityReachesASumNothingRounds() {
        Bound bound = reference(DType.FLOAT64, Double.NEGATIVE_INFINITY, 1, 1).bound();

        assertEquals(0, bound.at(0));
    }

    /** A product of a little more than η/2 becomes η. */
    @ParameterizedTest
    @EnumSource
    void everyProductMayUnderflow(DType dtype) {
        double factor = dtype == DType.FLOAT64 ? 0x1.8p-538 : 0x1.1p-75;
        double eta = dtype.smallestSubnormal();
        PreciseReference reference = reference(dtype, factor, factor, factor);

        double tolerance = reference.bound().at(0);
        assertTrue(tolerance >= TERMS * eta / 2, () -> tolerance + " < " + TERMS * eta / 2);
        assertTrue(tolerance <= 7 * TERMS * eta, () -> tolerance + " > " + 7 * TERMS * eta);
    }
}
