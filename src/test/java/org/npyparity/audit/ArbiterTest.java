package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.npyparity.array.NdArray;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.ExactValue;
import org.npyparity.compare.Policy;

/** Which elements are looked at, and against what each side is held. */
class ArbiterTest {
    private static final Policy CERTIFIED = new Policy.Certified();
    private static final Policy EXACT = new Policy.Exact(false);

    private static double[] of(double... values) {
        return values;
    }

    private static Bound tolerances(double... values) {
        return Bound.of(values, 0);
    }

    private static List<Arbitration> who(
            Policy policy, Bound bound, double[] actual, double[] expected, String... exact) {
        Judgement judgement = new Judgement(
                "weight-gradient",
                "dweights",
                Scope.LOCAL,
                Comparator.compare(
                        NdArray.of(actual, actual.length), NdArray.of(expected, expected.length), policy, bound),
                0);
        return new Arbiter(bound, i -> Optional.of(ExactValue.of(new BigDecimal(exact[i])))).arbitrate(judgement);
    }

    private static List<List<Integer>> indices(List<Arbitration> who) {
        return who.stream().map(Arbitration::index).toList();
    }

    @Test
    void theWorstByFractionComesFirstThenByTheOtherMeasuresThenTheFirstInOrder() {
        double[] expected = of(1, 1, 1, 1, 100, 1e-3);
        double[] actual = of(1.5, 1, 1.5, 1.5, 101, 2e-3);
        Bound bound = tolerances(0.1, 0.1, 0.1, 0.01, 0.1, 1e-4);

        assertEquals(
                List.of(List.of(3), List.of(4), List.of(5)),
                indices(who(CERTIFIED, bound, actual, expected, "1", "1", "1", "1", "100", "0.001")));
    }

    @Test
    void anElementThatIsWorstByEveryMeasureIsToldOnceAndOthersWithIt() {
        Bound bound = tolerances(0.1, 0.1, 0.1, 0.1);

        assertEquals(
                List.of(List.of(3), List.of(0), List.of(1)),
                indices(who(CERTIFIED, bound, of(2, 2, 2, 9), of(1, 1, 1, 1), "1", "1", "1", "1")));
    }

    @Test
    void whatDiffersWithinItsToleranceOrWhereNothingIsProvenIsNotLookedAt() {
        Bound bound = tolerances(89, Double.NaN, 0.1, 0.1);

        assertEquals(
                List.of(List.of(3)),
                indices(who(CERTIFIED, bound, of(90, 95, 1, 2), of(1, 1, 1, 1), "1", "1", "1", "1")));
    }

    @Test
    void noElementOfAnUndecidableArrayIsLookedAt() {
        assertEquals(List.of(), who(CERTIFIED, tolerances(0.1, Double.NaN), of(1, 9), of(1, 1), "1", "1"));
    }

    @Test
    void oneSideIsHeldAgainstHalfOfWhatTwoMayBeApart() {
        Arbitration who = who(CERTIFIED, tolerances(0.5), of(4), of(0.25), "0").get(0);

        assertEquals(1, who.expectedFraction());
        assertEquals(16, who.actualFraction());
    }

    @Test
    void underExactOnlyARepresentableValueIsTheOnlyRightOne() {
        Arbitration between =
                who(EXACT, tolerances(1e-3), of(0.5), of(0.1), "0.1").get(0);
        assertTrue(between.expectedFraction() > 0 && between.expectedFraction() < 1e-10, between::toString);
        assertEquals(800, between.actualFraction(), 1e-9);

        Arbitration representable =
                who(EXACT, tolerances(100), of(0.5), of(0.75), "0.75").get(0);
        assertEquals(0, representable.expectedFraction());
        assertEquals(Double.POSITIVE_INFINITY, representable.actualFraction());
    }

    /** Where a ReLU may let 3 pass or not: 0 is legal too, whichever of the two exact arithmetic gives. */
    @Test
    void atAKinkTheExpectedValueIsRightAndTheOtherLegalOneIsNotLookedAt() {
        Bound bound = Bound.exact().orElse(new int[] {0, 1}, of(0, 0));
        List<Arbitration> who = who(CERTIFIED, bound, of(0, 2, 1), of(3, 3, 1), "0", "0", "1");

        assertEquals(List.of(List.of(1)), indices(who));
        assertEquals("3", who.get(0).exact());
        assertEquals(0, who.get(0).expectedFraction());
        assertEquals(Double.POSITIVE_INFINITY, who.get(0).actualFraction());
    }

    /** Then the bound has it for the other value itself: an actual one that equals it does not differ, and is not asked about. */
    @Test
    void atAKinkAnExpectedValueThatIsNeitherOfTheTwoIsWrong() {
        for (String legal : List.of("0", "3")) {
            Bound bound = Bound.exact().orElse(new int[] {0}, of(7));
            Arbitration who = who(CERTIFIED, bound, of(Double.parseDouble(legal)), of(7), legal)
                    .get(0);
            assertEquals(legal, who.exact());
            assertEquals(0, who.actualFraction());
            assertEquals(Double.POSITIVE_INFINITY, who.expectedFraction());
        }
        Bound nan = Bound.exact().orElse(new int[] {0}, of(Double.NaN));
        Policy nanDiffers = new Policy.AllClose(0, 0, false);
        assertEquals(List.of(), who(nanDiffers, nan, of(Double.NaN), of(Double.NaN), "3"));
    }

    /** allclose asks neither for legal values nor for what the bound can prove. */
    @Test
    void underAllcloseTheOtherLegalValueIsRightAndOfWhatIsUndecidableNothingIsSaid() {
        Policy close = new Policy.AllClose(0, 0, true);
        Arbitration legal = who(close, Bound.exact().orElse(new int[] {0}, of(0)), of(0), of(3), "0")
                .get(0);
        assertEquals(0, legal.actualFraction());
        assertEquals(0, legal.expectedFraction());

        Arbitration unknown =
                who(close, tolerances(Double.NaN), of(2), of(3), "3").get(0);
        assertEquals(Double.NaN, unknown.actualFraction());
        assertEquals(Double.NaN, unknown.expectedFraction());
    }

    @Test
    void withoutExactArithmeticNobodyIsToldWrong() {
        Judgement judgement = new Judgement(
                "weight-gradient",
                "dweights",
                Scope.LOCAL,
                Comparator.compare(NdArray.of(of(1), 1), NdArray.of(of(2), 1), EXACT, Bound.exact()),
                0);

        assertEquals(List.of(), new Arbiter(Bound.exact(), i -> Optional.empty()).arbitrate(judgement));
    }
}
