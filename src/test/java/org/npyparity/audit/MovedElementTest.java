package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.ExactValue;
import org.npyparity.compare.Policy;
import org.npyparity.conv.ConvEngines;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.mistakes.Mutants;
import org.npyparity.operation.conv.mistakes.Mutants.Golden;

/** The bounds of the golden cases are neither too wide, nor too narrow for NumPy and the engines. */
class MovedElementTest {
    private static final List<Golden> CASES = Mutants.CASES;
    private static final List<Golden> CHAINED = Mutants.family("chained");

    /** Farther from {@code expected} than twice the tolerance, by as little as the type allows. */
    private static double moved(DType dtype, double expected, double tolerance, double sign) {
        if (!Double.isFinite(expected)) {
            return Double.isNaN(expected) ? 1 : Math.copySign(dtype.largest(), expected);
        }
        double away = dtype.round(expected + sign * 2 * tolerance);
        double next = dtype == DType.FLOAT64
                ? sign > 0 ? Math.nextUp(expected) : Math.nextDown(expected)
                : sign > 0 ? Math.nextUp((float) expected) : Math.nextDown((float) expected);
        // Twice a tolerance is more than the distance to the next number, but for a copy, whose tolerance is 0.
        return sign * away > sign * next ? away : next;
    }

    private static Map<String, Bound> allBounds(Golden c, Bounds bounds) {
        Map<String, Bound> all = new HashMap<>();
        for (Stage stage : c.problem.stages(ConvEngines.available().get(0).name())) {
            all.put(stage.output() + " by " + stage.name(), bounds.local(stage));
            all.put(stage.output() + " end to end", bounds.endToEnd(stage.output()));
        }
        return all;
    }

    /** All elements are moved at once, which an element-wise verdict cannot tell from one at a time. */
    @ParameterizedTest
    @FieldSource("CASES")
    void anyElementMovedByTwiceItsBoundIsCaught(Golden c) {
        Map<String, NdArray> arrays = CaseArrays.loadAll(c.subject);
        Policy policy = c.subject.policy();
        allBounds(c, c.problem.bounds(arrays).orElseThrow()).forEach((where, bound) -> {
            NdArray expected = Optional.ofNullable(arrays.get(where.substring(0, where.indexOf(' '))))
                    .orElseThrow();
            for (double sign : new double[] {1, -1}) {
                NdArray actual = expected.copy();
                int undecidable = 0;
                for (int i = 0; i < actual.size(); i++) {
                    double tolerance = policy instanceof Policy.Certified ? bound.at(i) : 0;
                    undecidable += Double.isNaN(tolerance) ? 1 : 0;
                    actual.set(
                            i, moved(expected.dtype(), expected.get(i), Double.isNaN(tolerance) ? 0 : tolerance, sign));
                }
                Comparison comparison = Comparator.compare(actual, expected, policy, bound);

                assertEquals(expected.size(), comparison.failing() + comparison.undecidable(), where);
                assertEquals(undecidable, comparison.undecidable(), where);
                assertFalse(comparison.passes(), where);
            }
        });
    }

    /** The same by whole audits and checks, of one element of each array. */
    @ParameterizedTest
    @FieldSource("CHAINED")
    void oneElementMovedByTwiceItsBoundIsCaughtByAuditAndByCheck(Golden c) {
        Map<String, NdArray> arrays = CaseArrays.loadAll(c.subject);
        Bounds bounds = c.problem.bounds(arrays).orElseThrow();
        Random random = new Random(5);
        for (Stage stage : c.correct) {
            for (Scope scope : Scope.values()) {
                Bound bound = scope == Scope.LOCAL ? bounds.local(stage) : bounds.endToEnd(stage.output());
                NdArray right = Optional.ofNullable(arrays.get(stage.output())).orElseThrow();
                int position = random.nextInt(right.size());
                NdArray wrong = right.copy();
                wrong.set(position, moved(right.dtype(), right.get(position), bound.at(position), 1));
                CaseAudit audit = c.auditor.audit(
                        "moved",
                        c.correct.stream()
                                .map(s -> s.name().equals(stage.name())
                                        ? new Stage(s.name(), s.inputs(), s.output(), a -> wrong)
                                        : s)
                                .toList());

                // Whoever wrote the arrays may have made this one by another stage, whose bound is wider.
                double widest = c.problem.preciseStages().stream()
                        .map(PreciseStage::stage)
                        .filter(s -> s.output().equals(stage.output()))
                        .mapToDouble(s -> bounds.local(s).at(position))
                        .max()
                        .orElseThrow();
                NdArray wronger = right.copy();
                wronger.set(
                        position, moved(right.dtype(), right.get(position), Math.max(widest, bound.at(position)), 1));
                Map<String, NdArray> written = new HashMap<>(arrays);
                written.keySet().removeAll(c.subject.inputs().keySet());
                written.put(stage.output(), wronger);
                CaseAudit check = CaseChecker.check(
                        c.auditor.expected(),
                        new ActualArrays(written, Map.of(), List.of(), List.of(), List.of()),
                        "moved",
                        new Gallery());

                for (CaseAudit one : List.of(audit, check)) {
                    assertTrue(
                            one.judgements().stream()
                                    .anyMatch(j -> j.array().equals(stage.output())
                                            && j.scope() == scope
                                            && !j.passes()
                                            && j.comparison().failing() == 1),
                            () -> stage.output() + " " + scope + " at " + position);
                    assertEquals(stage.name(), one.place().orElseThrow().stage());
                }
            }
        }
    }

    /** NumPy's arrays and every engine's, each held against exact arithmetic by the one-sided bound. */
    @ParameterizedTest
    @FieldSource("CASES")
    void neitherNumPyNorAnEngineIsFartherFromTheExactValueThanTheOneSidedBound(Golden c) {
        Map<String, NdArray> arrays = CaseArrays.loadAll(c.subject);
        Bounds bounds = c.problem.bounds(arrays).orElseThrow();
        Random random = new Random(7);
        for (var engine : ConvEngines.available()) {
            Map<String, NdArray> computed = new HashMap<>(arrays);
            c.subject.expected().keySet().forEach(computed::remove);
            for (Stage stage : c.problem.stages(engine.name())) {
                if (computed.containsKey(stage.output())) {
                    continue;
                }
                NdArray actual = stage.compute(computed);
                computed.put(stage.output(), actual);
                NdArray expected =
                        Optional.ofNullable(arrays.get(stage.output())).orElseThrow();
                Bound bound = bounds.endToEnd(stage.output());
                for (int trial = 0; trial < 12; trial++) {
                    int i = random.nextInt(expected.size());
                    ExactValue exact = bounds.exactEndToEnd(stage.output(), i).orElseThrow();
                    for (NdArray side : List.of(expected, actual)) {
                        boolean within = Double.isNaN(bound.oneSided(i))
                                || bound.isAlternative(i, side.get(i))
                                || exact.errorOf(side.get(i)) <= bound.oneSided(i);
                        assertTrue(
                                within,
                                () -> stage.output() + "[" + i + "] of " + (side == expected ? "NumPy" : engine.name())
                                        + " is " + side.get(i) + ", exactly " + exact + " within "
                                        + bound.oneSided(i));
                    }
                }
            }
        }
    }
}
