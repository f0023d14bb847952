package org.npyparity.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.npyparity.array.NdArray;
import org.npyparity.audit.ExpectedArrays.Yardstick;
import org.npyparity.audit.Explainer.Observation;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;

/** Runs engines on one case and judges what they compute. Its arrays and bounds are loaded and derived once, for all engines. */
public final class CaseAuditor {
    private final ExpectedArrays expected;
    private final Gallery gallery;

    /**
     * Loads the case and holds it against its operation.
     *
     * @param override a policy in place of the case's own
     * @throws FixtureException if the operation is unknown, a parameter is refused, arrays are missing, unknown or of a
     *     wrong shape, a file is corrupt, or nothing but zeros would be compared
     */
    public CaseAuditor(Case subject, Optional<Policy> override) {
        this(ExpectedArrays.load(CaseProblem.of(subject), override), new Gallery());
    }

    /** @param gallery receives pictures of the worst judgements */
    CaseAuditor(ExpectedArrays expected, Gallery gallery) {
        this.expected = expected;
        this.gallery = gallery;
    }

    /** The engines that can compute this case here. */
    public List<Engine> engines() {
        return expected.posed().engines();
    }

    /** What the engines are judged by. */
    ExpectedArrays expected() {
        return expected;
    }

    /**
     * Runs every stage of an engine, locally and end to end, and judges what it computes.
     *
     * @throws IllegalArgumentException if there is no such engine, or it cannot run here
     */
    public CaseAudit audit(String engine) {
        return audit(engine, expected.problem().stages(engine));
    }

    /**
     * As {@link #audit(String)}, for an implementation that is no registered engine.
     *
     * @param engine what to call it
     * @param stages that it has, see {@link Problem#stages}
     */
    public CaseAudit audit(String engine, List<Stage> stages) {
        CaseJudge judge = new CaseJudge(expected, engine, gallery);
        // What the engine computes from the inputs alone. An array that equals the expected one to the bit is replaced
        // by it, so that a stage whose arguments are all equal need not run again: engines are deterministic.
        Map<String, NdArray> computed = new HashMap<>();
        expected.subject().inputs().keySet().forEach(name -> computed.put(name, expected.array(name)));
        Set<String> reached = new TreeSet<>();
        for (Stage stage : stages) {
            String output = stage.output();
            NdArray local = stage.compute(expected.arrays());
            Yardstick yardstick = expected.yardstick(stage, Scope.LOCAL);
            Comparison comparison = yardstick.compare(local);
            judge.add(stage, Scope.LOCAL, local, yardstick, comparison, expected.bounds());
            judge.observe(observation(stage, yardstick, comparison));
            if (reached.add(output)) {
                boolean sameArguments =
                        stage.inputs().stream().allMatch(name -> computed.get(name) == expected.array(name));
                NdArray value = sameArguments ? local : stage.compute(computed);
                Yardstick whole = expected.yardstick(stage, Scope.END_TO_END);
                Comparison endToEnd =
                        sameArguments && whole.bound() == yardstick.bound() ? comparison : whole.compare(value);
                judge.add(stage, Scope.END_TO_END, value, whole, endToEnd, expected.bounds());
                computed.put(output, endToEnd.isSame() ? expected.array(output) : value);
            }
        }
        return judge.audit();
    }

    /** Nothing is kept of what an engine computes, so it is computed again if it failed. */
    private Observation observation(Stage stage, Yardstick yardstick, Comparison comparison) {
        return new Observation(
                stage,
                expected.arrays(),
                () -> comparison.passes() ? yardstick.reference() : stage.compute(expected.arrays()),
                comparison,
                yardstick,
                yardstick.policy() instanceof Policy.Certified
                        && yardstick.bound().isExact());
    }
}
