package org.npyparity.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.ExpectedArrays.Yardstick;
import org.npyparity.audit.Explainer.Observation;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Stage;

/**
 * Judges arrays that something else computed: end to end against the expected ones; locally against what their actual
 * predecessors give, see {@link PreciseReference}.
 *
 * <p>An array may be made in more than one way: it passes locally if one of them explains it. A predecessor that is not at
 * hand is made from what is, if it only copies; else the stages that start from it are not judged locally.
 */
final class CaseChecker {
    private final ExpectedArrays expected;
    private final ActualArrays actual;
    private final CaseJudge judge;
    /** The operation's precise stages or, if it has none, those of its first engine. */
    private final List<PreciseStage> ways;
    /** What stages may start from: the inputs, the actual arrays, and those that only copy them. */
    private final Map<String, NdArray> given;
    /** These, and the expected array where none is given. */
    private final Map<String, NdArray> premises;
    /** The bounds and exact values of stages that start from there. */
    private final Optional<Bounds> bounds;

    private CaseChecker(ExpectedArrays expected, ActualArrays actual, CaseJudge judge) {
        this.expected = expected;
        this.actual = actual;
        this.judge = judge;
        this.ways = ways(expected);
        this.given = new HashMap<>(actual.arrays());
        expected.subject().inputs().keySet().forEach(input -> given.put(input, expected.array(input)));
        ways.forEach(this::supply);
        this.premises = new HashMap<>(expected.arrays());
        premises.putAll(given);
        this.bounds = expected.problem().bounds(premises);
    }

    /**
     * Judges them.
     *
     * @param name of whatever computed them
     * @param gallery receives pictures of the worst judgements
     */
    static CaseAudit check(ExpectedArrays expected, ActualArrays actual, String name, Gallery gallery) {
        return new CaseChecker(expected, actual, new CaseJudge(expected, name, gallery)).check();
    }

    private static List<PreciseStage> ways(ExpectedArrays expected) {
        List<PreciseStage> precise = expected.problem().preciseStages();
        return !precise.isEmpty()
                ? precise
                : expected.problem().stages(expected.posed().firstEngine()).stream()
                        .map(stage -> new PreciseStage(stage, false))
                        .toList();
    }

    /** An array that is not at hand, but only copies what is: it has one right value, from which later stages start. */
    private void supply(PreciseStage way) {
        String output = way.stage().output();
        if (way.copies() && !given.containsKey(output) && canRun(way)) {
            given.put(
                    output,
                    PreciseReference.of(way, given, expected.subject().dtype()).value());
        }
    }

    private boolean canRun(PreciseStage way) {
        return given.keySet().containsAll(way.stage().inputs());
    }

    private CaseAudit check() {
        Set<String> reached = new TreeSet<>();
        for (PreciseStage way : ways) {
            Stage stage = way.stage();
            if (reached.add(stage.output())) {
                NdArray value = actual.arrays().get(stage.output());
                String incomparable = actual.incomparable().get(stage.output());
                if (value != null) {
                    checkLocally(value, stage.output());
                    Yardstick whole = expected.yardstick(stage, Scope.END_TO_END);
                    judge.add(stage, Scope.END_TO_END, value, whole, whole.compare(value), expected.bounds());
                } else if (incomparable != null) {
                    // Nothing that comes before makes it right.
                    Comparison none = Comparison.incomparable(
                            expected.policy(),
                            expected.subject().dtype(),
                            expected.array(stage.output()).shape(),
                            incomparable);
                    judge.add(stage, Scope.LOCAL, none, 0);
                    judge.add(stage, Scope.END_TO_END, none, 0);
                }
            }
        }
        return judge.audit();
    }

    private void checkLocally(NdArray value, String output) {
        recomputed(value, output).ifPresent(local -> {
            Stage stage = local.way.stage();
            judge.add(stage, Scope.LOCAL, value, local.yardstick, local.comparison, bounds);
            judge.observe(new Observation(
                    stage, premises, () -> value, local.comparison, local.yardstick, local.way.copies()));
        });
    }

    /** An array, recomputed in one of the ways that lead to it. */
    private record Recomputed(PreciseStage way, Yardstick yardstick, Comparison comparison) {}

    /** The first way that explains the array or, if none does, the first one; empty if no way has all its inputs. */
    private Optional<Recomputed> recomputed(NdArray value, String output) {
        Recomputed first = null;
        for (PreciseStage way : ways) {
            if (way.stage().output().equals(output) && canRun(way)) {
                Yardstick yardstick = yardstick(way, value.dtype());
                Recomputed recomputed = new Recomputed(way, yardstick, yardstick.compare(value));
                if (recomputed.comparison.passes()) {
                    return Optional.of(recomputed);
                }
                first = first == null ? recomputed : first;
            }
        }
        return Optional.ofNullable(first);
    }

    /**
     * What the actual predecessors give.
     *
     * @param dtype of the array that is held against it
     */
    private Yardstick yardstick(PreciseStage way, DType dtype) {
        Stage stage = way.stage();
        Policy policy = expected.policy();
        if (policy instanceof Policy.Exact && stage.inputs().stream().allMatch(this::isAsExpected)) {
            return new Yardstick(expected.array(stage.output()), policy, Bound.exact());
        }
        if (expected.problem().preciseStages().isEmpty()) {
            return new Yardstick(
                    stage.compute(given),
                    policy,
                    policy instanceof Policy.Certified ? bounds.orElseThrow().local(stage) : Bound.exact());
        }
        DType declared = expected.subject().dtype();
        // What starts from an array of another type may be of any.
        boolean asDeclared = stage.inputs().stream().allMatch(i -> given(i).dtype() == declared);
        PreciseReference precise = PreciseReference.of(way, given, asDeclared ? declared : dtype);
        // Sums of wrong predecessors round, even where those of the right ones do not.
        return policy instanceof Policy.AllClose
                ? new Yardstick(precise.value(), policy, Bound.exact())
                : new Yardstick(precise.value(), new Policy.Certified(), precise.bound());
    }

    private boolean isAsExpected(String name) {
        Yardstick same = new Yardstick(expected.array(name), new Policy.Exact(false), Bound.exact());
        return given(name) == expected.array(name) || same.compare(given(name)).passes();
    }

    private NdArray given(String name) {
        return Objects.requireNonNull(given.get(name));
    }
}
