package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.ExpectedArrays.Yardstick;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Pipeline;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.mistakes.ConvMistakes.Group;
import org.npyparity.operation.conv.mistakes.Mutants;
import org.npyparity.operation.conv.mistakes.Mutants.Golden;
import org.npyparity.operation.conv.mistakes.Mutants.Outcome;

/** Where, who and what: of engines in this JVM, and of arrays that something else wrote. */
class DiagnosisTest {
    private static final List<Golden> EXACT = Mutants.family("exact");
    private static final List<Golden> CHAINED = Mutants.family("chained");
    private static final String LAYER = "conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1";

    /** What a port with those stages writes. */
    private static CaseAudit check(Golden c, List<Stage> stages) {
        return check(c, actual(c, stages));
    }

    private static CaseAudit check(Golden c, ActualArrays actual) {
        return CaseChecker.check(c.auditor.expected(), actual, "port", new Gallery());
    }

    private static ActualArrays actual(Golden c, List<Stage> stages) {
        Map<String, NdArray> arrays = new HashMap<>(CaseArrays.loadAll(c.subject));
        Map<String, NdArray> written = new LinkedHashMap<>();
        for (Stage stage : stages) {
            NdArray array = stage.compute(arrays);
            arrays.put(stage.output(), array);
            written.put(stage.output(), array);
        }
        return new ActualArrays(written, Map.of(), List.of(), List.of(), List.of());
    }

    private static ActualArrays expected(Golden c) {
        Map<String, NdArray> written = new HashMap<>(CaseArrays.loadAll(c.subject));
        written.keySet().removeAll(c.subject.inputs().keySet());
        return new ActualArrays(written, Map.of(), List.of(), List.of(), List.of());
    }

    /** A stage whose result's largest element is another. */
    private static List<Stage> seeded(Golden c, String place) {
        return c.correct.stream()
                .map(s -> !s.name().equals(place)
                        ? s
                        : new Stage(s.name(), s.inputs(), s.output(), arrays -> {
                            NdArray result = s.compute(arrays).copy();
                            int largest = 0;
                            for (int i = 0; i < result.size(); i++) {
                                largest = Math.abs(result.get(i)) > Math.abs(result.get(largest)) ? i : largest;
                            }
                            result.set(largest, -1.5 * result.get(largest));
                            return result;
                        }))
                .toList();
    }

    // ---- where
    // -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @FieldSource("CHAINED")
    void anErrorSeededInAnyStageIsPlacedThereAndNowhereElseByAudit(Golden c) {
        for (Stage stage : c.correct) {
            CaseAudit audit = c.auditor.audit("seeded", seeded(c, stage.name()));

            assertPlaced(stage, audit);
        }
    }

    @ParameterizedTest
    @FieldSource("CHAINED")
    void anErrorSeededInAnyStageIsPlacedThereAndNowhereElseByCheck(Golden c) {
        for (Stage stage : c.correct) {
            assertPlaced(stage, check(c, seeded(c, stage.name())));
        }
    }

    /** Their rounding is none of a stage that starts from what is expected. */
    @Test
    void inAnExactCaseASumThatIsOneBitOffIsWrongWhereItIsMade() {
        Golden c = Mutants.named(LAYER);
        Map<String, NdArray> arrays = new HashMap<>(expected(c).arrays());
        arrays.computeIfPresent("dweights", (name, array) -> {
            NdArray near = array.copy();
            near.set(17, Math.nextUp(near.get(17)));
            return near;
        });
        CaseAudit audit = check(c, new ActualArrays(arrays, Map.of(), List.of(), List.of(), List.of()));

        assertEquals(
                List.of("dweights (weight-gradient, local)", "dweights (weight-gradient, end to end)"),
                audit.judgements().stream()
                        .filter(j -> !j.passes())
                        .map(Judgement::toString)
                        .toList());
    }

    /** Then a check recomputes by the first engine. */
    @ParameterizedTest
    @ValueSource(strings = {"certified", "allclose"})
    void anErrorIsPlacedByCheckAlsoInAnOperationWithoutPreciseStages(String policy) {
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        ExpectedArrays loaded = c.auditor.expected();
        UsersProblem problem = new UsersProblem(c.problem, "", c.problem::bounds);
        ExpectedArrays expected = new ExpectedArrays(
                new CaseProblem(c.subject, loaded.posed().operation(), problem),
                Policy.parse(policy),
                loaded.arrays(),
                loaded.bounds());

        assertTrue(CaseChecker.check(expected, expected(c), "port", new Gallery())
                .verdict()
                .passes());
        for (Stage stage : c.correct) {
            assertPlaced(stage, CaseChecker.check(expected, actual(c, seeded(c, stage.name())), "port", new Gallery()));
        }
    }

    private static void assertPlaced(Stage stage, CaseAudit audit) {
        List<String> local = audit.judgements().stream()
                .filter(j -> j.scope() == Scope.LOCAL && !j.passes())
                .map(Judgement::stage)
                .toList();
        assertEquals(List.of(stage.name()), local);
        assertEquals(stage.name(), audit.place().orElseThrow().stage());
        assertTrue(
                audit.judgements().stream()
                        .anyMatch(j -> j.scope() == Scope.END_TO_END
                                && !j.passes()
                                && j.array().equals(stage.output())),
                () -> "the array of " + stage.name() + " is wrong end to end too");
    }

    /** din_data of a direct kernel is no copy of its dpadding_data, which is tried first. */
    @Tag("vector")
    @ParameterizedTest
    @FieldSource("CHAINED")
    void aWayThatDoesNotExplainAnArrayLeavesNoPictureWhereAnotherDoes(Golden c) {
        List<Stage> direct = c.problem.stages("vector").stream()
                .filter(s -> !s.name().equals("unpad"))
                .toList();
        Gallery gallery = new Gallery();
        CaseAudit audit = CaseChecker.check(c.auditor.expected(), actual(c, direct), "port", gallery);

        Set<String> judged =
                audit.judgements().stream().map(Judgement::toString).collect(Collectors.toSet());
        assertTrue(judged.contains("din_data (direct-input-gradient, local)"), judged::toString);
        gallery.pictures()
                .keySet()
                .forEach(s -> assertTrue(
                        judged.contains(s.array() + " (" + s.stage() + ", " + s.scope() + ")"), s::toString));
    }

    /** One that sums would bring its own rounding into what starts from it. */
    @Test
    void aCheckMakesNoMissingArrayButOneThatCopies() {
        Golden c = Mutants.named(LAYER);
        Map<String, NdArray> written = new HashMap<>(expected(c).arrays());
        written.keySet().removeAll(Set.of("filter_data", "dfilter_data"));
        Set<String> judged =
                check(c, new ActualArrays(written, Map.of(), List.of(), List.of(), List.of())).judgements().stream()
                        .map(Judgement::toString)
                        .collect(Collectors.toSet());

        assertFalse(judged.contains("out_data (to-feature-map, local)"), judged::toString);
        assertFalse(judged.contains("dweights (weight-gradient, local)"), judged::toString);
        assertTrue(judged.contains("dpadding_data (col2im, local)"), judged::toString);
    }

    @Test
    void aStageThatIsUndecidableIsNoPlaceWhereAnotherIsWrong() {
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        Judgement undecidable = judgement("dweights", Double.NaN);
        Judgement wrong = judgement("dbias", 0);

        assertEquals(Optional.of(wrong), audit(c, undecidable, wrong).place());
        assertEquals(Optional.of(undecidable), audit(c, undecidable).place());
    }

    private static CaseAudit audit(Golden c, Judgement... judgements) {
        return new CaseAudit(c.subject, "port", List.of(judgements), Diagnosis.NONE);
    }

    /** Of 1, where 2 is expected. */
    private static Judgement judgement(String array, double tolerance) {
        Yardstick two = new Yardstick(
                NdArray.of(new double[] {2}, 1), new Policy.Certified(), Bound.of(new double[] {tolerance}, 0));
        return new Judgement(array, array, Scope.LOCAL, two.compare(NdArray.of(new double[] {1}, 1)), 0);
    }

    @Test
    void anArrayOfAnotherShapeIsThePlaceItself() {
        Golden c = Mutants.named(LAYER);
        ActualArrays whole = expected(c);
        Map<String, NdArray> others = new HashMap<>(whole.arrays());
        others.remove("dweights");
        CaseAudit audit = check(
                c, new ActualArrays(others, Map.of("dweights", "shape is (6, 36)"), List.of(), List.of(), List.of()));

        assertEquals("weight-gradient", audit.place().orElseThrow().stage());
        assertEquals(
                2, audit.judgements().stream().filter(j -> !j.passes()).count(), "local and end to end, nothing else");
    }

    @Test
    void aWiderTypeIsWrongWhereItIsMadeAndNotWhereItIsCopied() {
        Golden c = Mutants.named("conv2d-exact-float32-b2-h5w7c4-d6-k3s1p1");
        CaseAudit audit = check(c, c.mistake("dpadding_data in float64").stages());

        assertEquals(
                List.of(
                        "dpadding_data (col2im, local)",
                        "dpadding_data (col2im, end to end)",
                        "din_data (unpad, end to end)"),
                audit.judgements().stream()
                        .filter(j -> !j.passes())
                        .map(Judgement::toString)
                        .toList());
        assertEquals(List.of("dpadding_data in float64"), Outcome.of(audit).named());
    }

    /** What starts from arrays of the declared type is held to that type, however right its sums are in another. */
    @Test
    void aSumInAWiderTypeThanItsArgumentsIsWrongWhereItIsMade() {
        Golden c = Mutants.named("conv2d-chained-float32-b3-h6w9c2-d4-k3s2p1");
        Stage sum = stage(c, "weight-gradient");
        assertPlaced(
                sum,
                check(
                        c,
                        c.correct.stream()
                                .map(s -> s.equals(sum) ? widened(s) : s)
                                .toList()));
    }

    /** From float64 arrays a sum is held to float64, so a mistake that changes nothing here is none that explains it. */
    @Test
    void aPortThatKeepsInFloat64WhatItSumsInFloat32IsToldThatAndNoMistakeThatChangesNothing() {
        Golden c = Mutants.named("conv2d_backward-document-float32-b3-h6w9c2-d4-k3s2p1");
        ActualArrays inFloat32 = actual(c, c.correct);
        CaseAudit audit =
                check(c, new ActualArrays(inFloat64(inFloat32.arrays()), Map.of(), List.of(), List.of(), List.of()));

        assertEquals("relu-gradient", audit.place().orElseThrow().stage());
        assertEquals(
                List.of("dbias in float32", "dpadding_data in float32"),
                Outcome.of(audit).named());
    }

    private static Stage widened(Stage stage) {
        return new Stage(stage.name(), stage.inputs(), stage.output(), arrays -> stage.compute(inFloat64(arrays)));
    }

    private static Map<String, NdArray> inFloat64(Map<String, NdArray> arrays) {
        Map<String, NdArray> wide = new HashMap<>(arrays);
        wide.replaceAll((name, array) -> array.as(DType.FLOAT64));
        return wide;
    }

    // ---- what, in check
    // ----------------------------------------------------------------------------------------------

    @Test
    void ofTheMistakesThatAPortWritesCheckCatchesAllAndNamesAtLeastNineOfTenByTheirName() {
        List<String> all = Stream.of(Group.values())
                .filter(g -> g != Group.SPECIAL_VALUES)
                .flatMap(g -> g.names().stream())
                .toList();
        Map<String, List<Outcome>> outcomes = EXACT.parallelStream()
                .flatMap(c -> c.mistakes.stream().map(m -> Map.entry(m, Outcome.of(check(c, m.stages())))))
                .peek(e -> assertTrue(
                        !e.getValue().caught()
                                || e.getKey().places().containsAll(e.getValue().places()),
                        () -> e.getKey().name() + " is placed in "
                                + e.getValue().places()))
                .collect(Collectors.groupingBy(
                        e -> e.getKey().name(), Collectors.mapping(Map.Entry::getValue, Collectors.toList())));

        List<String> missed = new ArrayList<>();
        List<String> unnamed = new ArrayList<>();
        for (String mistake : all) {
            List<Outcome> caught =
                    outcomes.get(mistake).stream().filter(Outcome::caught).toList();
            if (caught.isEmpty()) {
                missed.add(mistake);
            }
            if (caught.stream().noneMatch(o -> o.named().equals(List.of(mistake)))) {
                unnamed.add(mistake);
            }
        }
        assertEquals(List.of(), missed);
        assertTrue(unnamed.size() * 10 <= all.size(), () -> "no exact golden case names these alone: " + unnamed);
    }

    @Test
    void twoMistakesOfAPortAreBothNamedThoughTheSecondStartsFromWrongArrays() {
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        Map<String, Stage> mistaken = Stream.of("bias after the ReLU", "col2im overwrites")
                .map(c::mistake)
                .flatMap(m -> m.stages().stream().filter(s -> m.places().contains(s.name())))
                .collect(Collectors.toMap(Stage::name, Function.identity()));
        CaseAudit audit = check(
                c,
                c.correct.stream().map(s -> mistaken.getOrDefault(s.name(), s)).toList());

        assertEquals("linear-relu", audit.place().orElseThrow().stage());
        assertEquals(
                List.of("col2im overwrites", "bias after the ReLU"),
                Outcome.of(audit).named());
        assertEquals(
                List.of(List.of("col2im"), List.of("linear-relu")),
                audit.diagnosis().what().stream().map(Explanation::stages).toList());
    }

    @Test
    void whatAlsoSpeaksAgainstAMistakeIsSaid() {
        Golden c = Mutants.named(LAYER);
        CaseAudit audit = c.audit(Map.of("im2col", c.mistake("flipped kernel")));

        assertEquals(List.of("flipped kernel"), Outcome.of(audit).named());
        String evidence = audit.diagnosis().what().get(0).evidence();
        assertTrue(evidence.endsWith(". But it would also show in col2im, where nothing is wrong."), evidence);
    }

    @Test
    void aMistakeOfTheDirectWayIsNotHeldAgainstTheOtherWayWhichIsRight() {
        Golden c = Mutants.named(LAYER);
        Pipeline mistaken = c.mistake("col2im overwrites").pipeline();
        Set<String> inputs = Set.of("dfilter_data", "weights");
        List<Stage> stages = new ArrayList<>(c.correct);
        stages.add(
                stages.size() - 1,
                new Stage(
                        "direct-input-gradient",
                        List.copyOf(inputs),
                        "din_data",
                        arrays -> mistaken.compute("din_data", inputs, arrays::get)));
        CaseAudit audit = c.auditor.audit("direct", stages);

        assertEquals("direct-input-gradient", audit.place().orElseThrow().stage());
        assertEquals(List.of("col2im overwrites"), Outcome.of(audit).named());
        String evidence = audit.diagnosis().what().get(0).evidence();
        assertFalse(evidence.contains("But it would"), evidence);
    }

    @ParameterizedTest
    @CsvSource({"flipped kernel, im2col, false", "dbias averaged, bias-gradient, true"})
    void whatIsOneBitFromAMistakenArrayIsExplainedByItUnlessItIsACopy(String name, String place, boolean explained) {
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        Mistake mistake = c.mistake(name);
        List<Stage> stages = c.correct.stream()
                .map(s -> !s.name().equals(place)
                        ? s
                        : new Stage(s.name(), s.inputs(), s.output(), arrays -> {
                            NdArray near = mistake.pipeline().compute(s.output(), Set.copyOf(s.inputs()), arrays::get);
                            int inside = near.size() / 2;
                            near.set(inside, Math.nextUp(near.get(inside)));
                            return near;
                        }))
                .toList();
        CaseAudit audit = c.auditor.audit("mistaken, and a bit", stages);

        assertEquals(place, audit.place().orElseThrow().stage());
        assertEquals(explained ? List.of(name) : List.of(), Outcome.of(audit).named());
    }

    @Test
    void noMistakeIsNamedWhereTheBoundProvesNothing() {
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        Map<String, NdArray> arrays = CaseArrays.loadAll(c.subject);
        Stage stage = stage(c, "bias-gradient");
        NdArray mistaken =
                c.mistake("dbias averaged").pipeline().compute(stage.output(), Set.copyOf(stage.inputs()), arrays::get);
        Explainer explainer = new Explainer(c.mistakes, c.correct);
        for (double tolerance : new double[] {0, Double.NaN}) {
            double[] tolerances = new double[mistaken.size()];
            Arrays.fill(tolerances, tolerance);
            Yardstick yardstick = new Yardstick(arrays.get("dbias"), new Policy.Certified(), Bound.of(tolerances, 0));
            List<Explanation> what = explain(explainer, stage, arrays, mistaken, yardstick);

            assertEquals(tolerance == 0, !what.isEmpty(), () -> tolerance + ": " + what);
        }
    }

    /** 2 γ(8) S is 8 ULP of 1 and a little, whichever of the two sums has eight terms. */
    @ParameterizedTest
    @CsvSource({"2, 8", "8, 2", "8, 8"})
    void aMistakenSumMayBeRoundedAsOftenAsTheLongestSumOfTheStageCorrectOrMistaken(int mistaken, int correct) {
        NdArray x = NdArray.of(new double[] {1, 0, 0, 0, 0, 0, 0, 0}, 8);
        Stage mistakenSum = sumOfFirst(mistaken);
        Explainer explainer = new Explainer(
                List.of(new Mistake("m", "", Set.of("sum"), List.of(mistakenSum))), List.of(sumOfFirst(correct)));
        for (int ulps : new int[] {-9, -8, 0, 8, 9}) {
            NdArray result = NdArray.of(new double[] {1 + ulps * 0x1p-52}, 1);
            Yardstick yardstick = new Yardstick(NdArray.of(new double[] {3}, 1), new Policy.Certified(), Bound.exact());
            List<Explanation> what = explain(explainer, mistakenSum, Map.of("x", x), result, yardstick);

            assertEquals(Math.abs(ulps) <= 8, !what.isEmpty(), () -> ulps + " ULP: " + what);
        }
    }

    /** Its sums of one term are judged by one rounding, and compared with a mistake's by as many as the longest has. */
    @Test
    void aMistakeThatChangesNothingInACaseExplainsNoneOfItsFailures() {
        Golden c = Mutants.named("conv2d-chained-float32-b3-h6w9c2-d4-k3s2p1");
        Map<String, NdArray> arrays = CaseArrays.loadAll(c.subject);
        Stage stage = stage(c, "linear-relu");
        NdArray expected = Objects.requireNonNull(arrays.get("filter_data"));
        NdArray computed = stage.compute(arrays);
        int same = IntStream.range(0, expected.size())
                .filter(i -> expected.get(i) > 0 && computed.get(i) == expected.get(i))
                .findFirst()
                .orElseThrow();
        NdArray near = computed.copy();
        near.set(same, Math.nextUp((float) near.get(same)));
        double[] tolerances = new double[expected.size()];
        Arrays.fill(tolerances, 1);
        tolerances[same] = 0;
        Yardstick yardstick = new Yardstick(expected, new Policy.Certified(), Bound.of(tolerances, 0));
        List<Explanation> what = explain(new Explainer(c.mistakes, c.correct), stage, arrays, near, yardstick);

        assertEquals(List.of(), what.stream().map(Explanation::mistake).toList());
    }

    private static Stage stage(Golden c, String name) {
        return c.correct.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    /** What explains that a stage made {@code result} of its arguments. */
    private static List<Explanation> explain(
            Explainer explainer, Stage stage, Map<String, NdArray> arguments, NdArray result, Yardstick yardstick) {
        return explainer.explain(List.of(new Explainer.Observation(
                stage, arguments, () -> result, yardstick.compare(result), yardstick, false)));
    }

    private static Stage sumOfFirst(int terms) {
        return new Stage("sum", List.of("x"), "s", arrays -> {
            double[] x = arrays.get("x").doubles();
            return NdArray.of(new double[] {Arrays.stream(x, 0, terms).sum()}, 1);
        });
    }

    // ---- who
    // ---------------------------------------------------------------------------------------------------------

    private static List<Arbitration> who(CaseAudit audit, String array, Scope scope) {
        return audit.diagnosis().who().stream()
                .filter(w -> w.array().equals(array) && w.scope() == scope)
                .toList();
    }

    @ParameterizedTest
    @FieldSource("CHAINED")
    void thePortIsWrongAndNumPyIsWithinItsBoundForEveryFailingJudgement(Golden c) {
        for (Stage stage : c.correct) {
            for (CaseAudit audit :
                    List.of(c.auditor.audit("seeded", seeded(c, stage.name())), check(c, seeded(c, stage.name())))) {
                for (Judgement j : audit.judgements()) {
                    List<Arbitration> who = who(audit, j.array(), j.scope()).stream()
                            .filter(w -> w.stage().equals(j.stage()))
                            .toList();
                    assertEquals(j.passes(), who.isEmpty(), j::toString);
                    assertTrue(who.size() <= Arbiter.ELEMENTS);
                    for (Arbitration w : who) {
                        assertTrue(w.actualFraction() > 1, () -> j + ": " + w);
                        assertTrue(w.expectedFraction() <= 1, () -> j + ": " + w);
                        assertTrue(w.actualUlp() > w.expectedUlp(), () -> j + ": " + w);
                        assertTrue(w.expectedUlp() < 1 << 20, () -> j + ": " + w);
                    }
                }
            }
        }
    }

    @Test
    void aWrongFixtureIsToldFromAWrongPort() {
        // Exact arithmetic does not ask what is expected: the expected array is the wrong one here.
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        ActualArrays right = expected(c);
        NdArray wrong = Optional.ofNullable(right.arrays().get("dweights"))
                .orElseThrow()
                .copy();
        wrong.set(17, wrong.get(17) + 1);
        Map<String, NdArray> premises = new HashMap<>(CaseArrays.loadAll(c.subject));
        premises.put("dweights", wrong);
        var bounds = c.problem.bounds(premises).orElseThrow();
        Judgement judgement = new Judgement(
                "weight-gradient",
                "dweights",
                Scope.END_TO_END,
                Comparator.compare(
                        right.arrays().get("dweights"), wrong, new Policy.Certified(), bounds.endToEnd("dweights")),
                0);
        List<Arbitration> who = new Arbiter(
                        bounds.endToEnd("dweights"), position -> bounds.exactEndToEnd("dweights", position))
                .arbitrate(judgement);

        assertEquals(1, who.size());
        assertEquals(List.of(17 / 6, 17 % 6), who.get(0).index());
        assertTrue(who.get(0).actualFraction() <= 1, who::toString);
        assertTrue(who.get(0).expectedFraction() > 1e10, who::toString);
    }

    @Test
    void whereNothingRoundsAnyErrorIsInfinitelyManyBounds() {
        Golden c = Mutants.named(LAYER);
        Mistake m = c.mistake("flipped kernel");
        List<Arbitration> who = c.audit(m).diagnosis().who();

        assertFalse(who.isEmpty());
        for (Arbitration w : who) {
            assertEquals(Double.POSITIVE_INFINITY, w.actualFraction());
            assertEquals(0, w.expectedFraction());
            assertEquals(0, w.expectedUlp());
            assertEquals(w.expected(), Double.parseDouble(w.exact()));
        }
    }

    @Test
    void underAllcloseTwoSidesWithinTheirBoundsAreBothRight() {
        Golden c = Mutants.named("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1");
        CaseAuditor strict = new CaseAuditor(c.subject, Optional.of(new Policy.AllClose(0, 0, true)));
        CaseAudit audit = strict.audit("ejml");

        List<Arbitration> who = audit.diagnosis().who();
        assertFalse(who.isEmpty(), "EJML does not sum in NumPy's order");
        for (Arbitration w : who) {
            assertTrue(w.actualFraction() <= 1 && w.expectedFraction() <= 1, w::toString);
        }
    }
}
