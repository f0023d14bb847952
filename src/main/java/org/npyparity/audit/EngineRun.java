package org.npyparity.audit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.npyparity.array.NdArray;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;

/** What an engine computes from a case's inputs alone; the expected arrays are not opened. */
public final class EngineRun {
    private EngineRun() {}

    /**
     * Runs all stages end to end.
     *
     * @return every array that the operation computes, by name, in the order of computation
     * @throws FixtureException if the case is no good: an unknown operation, a refused parameter, a corrupt input, or the
     *     engine does not know the operation
     */
    public static Map<String, NdArray> compute(Case subject, String engine) {
        CaseProblem posed = CaseProblem.of(subject);
        if (posed.engines(engine::equals).isEmpty()) {
            throw posed.refusal("operation is " + subject.operation() + ": engine " + engine + " does not compute it");
        }
        posed.requireInputs();
        Map<String, NdArray> inputs = new HashMap<>();
        subject.inputs().forEach((name, array) -> inputs.put(name, CaseArrays.load(subject, name, array)));
        return compute(posed.problem(), engine, inputs);
    }

    /** The same from inputs that are at hand. */
    static Map<String, NdArray> compute(Problem problem, String engine, Map<String, NdArray> inputs) {
        Map<String, NdArray> arrays = new HashMap<>(inputs);
        Map<String, NdArray> computed = new LinkedHashMap<>();
        for (Stage stage : problem.stages(engine)) {
            if (!computed.containsKey(stage.output())) {
                NdArray value = stage.compute(arrays);
                arrays.put(stage.output(), value);
                computed.put(stage.output(), value);
            }
        }
        return computed;
    }
}
