package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.mistakes.Mutants;
import org.npyparity.operation.conv.mistakes.Mutants.Golden;

/** What is computed and compared once, because it is the same locally and end to end, and what is not. */
class CaseAuditorTest {
    private static final Golden CASE = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");

    /** The same bounds for every stage and array. */
    private record Flat(Bound local, Bound endToEnd) implements Bounds {
        /** 1 for each element of an array of that case. */
        static Bound one(String array) {
            double[] ones = new double[CASE.auditor.expected().array(array).size()];
            Arrays.fill(ones, 1);
            return Bound.of(ones, 0);
        }

        @Override
        public Bound local(Stage stage) {
            return local;
        }

        @Override
        public Bound endToEnd(String array) {
            return endToEnd;
        }
    }

    /** The first stage, whose arguments are the inputs, with an element off by a half. */
    private static List<Judgement> judgements(Bound local, Bound endToEnd) {
        Stage stage = CASE.correct.get(0);
        ExpectedArrays loaded = CASE.auditor.expected();
        ExpectedArrays expected = new ExpectedArrays(
                loaded.posed(), new Policy.Certified(), loaded.arrays(), Optional.of(new Flat(local, endToEnd)));
        return new CaseAuditor(expected, new Gallery())
                .audit("off", List.of(off(stage, x -> x + 0.5)))
                .judgements();
    }

    /** That stage with its first positive element changed. */
    private static Stage off(Stage stage, DoubleUnaryOperator change) {
        return new Stage(stage.name(), stage.inputs(), stage.output(), arrays -> {
            NdArray array = stage.compute(arrays).copy();
            int i = 0;
            while (!(array.get(i) > 0)) {
                i++;
            }
            array.set(i, change.applyAsDouble(array.get(i)));
            return array;
        });
    }

    private static List<Verdict> verdicts(List<Judgement> judgements) {
        return judgements.stream().map(j -> j.comparison().verdict()).toList();
    }

    @Test
    void oneComputationIsComparedOnceForEachOfTwoBounds() {
        Bound wide = Flat.one(CASE.correct.get(0).output());

        assertEquals(List.of(Verdict.PARITY, Verdict.MISMATCH), verdicts(judgements(wide, Bound.exact())));
        assertEquals(List.of(Verdict.MISMATCH, Verdict.PARITY), verdicts(judgements(Bound.exact(), wide)));
    }

    @Test
    void endToEndAStageStartsFromWhatTheEngineComputedEvenIfThatPasses() {
        List<Stage> stages = CASE.correct.stream()
                .map(s -> s.name().equals("linear-relu") ? off(s, Math::nextUp) : s)
                .toList();
        CaseAudit audit = CASE.auditor.audit("off", stages);

        assertEquals(Verdict.PARITY, audit.verdict());
        for (Scope scope : Scope.values()) {
            assertEquals(
                    scope == Scope.LOCAL ? 0 : differing(audit, "filter_data", scope),
                    differing(audit, "out_data", scope),
                    "out_data is a copy");
        }
    }

    /** The underflow term leaves a bound of a few of the smallest numbers where nothing is summed. */
    @ParameterizedTest
    @CsvSource({"0, true", "0x1p-1042, true", "0x1p-1041, false", "NaN, false", "Infinity, false"})
    void zerosAreForcedOnlyWhereTheirBoundIsKnownAndNextToNothing(double tolerance, boolean forced) {
        Golden unseen = Mutants.named("conv2d-exact-float64-b2-h1w1c3-d4-k1s2p1");
        CaseProblem posed = posed(unseen, arrays -> {
            double[] tolerances = new double[arrays.get("matric_data").size()];
            tolerances[tolerances.length - 1] = tolerance;
            return Optional.of(new Flat(Bound.exact(), Bound.of(tolerances, 0)));
        });

        if (forced) {
            ExpectedArrays.load(posed, Optional.empty());
        } else {
            String refusal = assertThrows(FixtureException.class, () -> ExpectedArrays.load(posed, Optional.empty()))
                            .getMessage()
                    + "";
            assertTrue(refusal.contains("the geometry does not force it: the inputs make the sum"), refusal);
        }
    }

    @Test
    void certifiedIsRefusedWhereTheOperationDerivesNoBounds() {
        CaseProblem posed = posed(CASE, arrays -> Optional.empty());

        ExpectedArrays.load(posed, Optional.of(new Policy.Exact(false)));
        String refusal =
                assertThrows(FixtureException.class, () -> ExpectedArrays.load(posed, Optional.empty()))
                                .getMessage() + "";
        assertTrue(refusal.endsWith("derives no bounds, expected exact or allclose"), refusal);
    }

    private static CaseProblem posed(Golden c, Function<Map<String, NdArray>, Optional<Bounds>> derived) {
        return new CaseProblem(
                c.subject, CaseProblem.of(c.subject).operation(), new UsersProblem(c.problem, "", derived));
    }

    private static long differing(CaseAudit audit, String array, Scope scope) {
        return audit.judgements().stream()
                .filter(j -> j.array().equals(array) && j.scope() == scope)
                .findFirst()
                .orElseThrow()
                .comparison()
                .differing();
    }
}
