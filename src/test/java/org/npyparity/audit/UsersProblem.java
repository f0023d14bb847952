package org.npyparity.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.npyparity.array.NdArray;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;

/**
 * A layer as a user's operation would pose it, which has no more than it must: no precise stages and no mistakes.
 *
 * @param layer whose arrays and stages these are
 * @param without the name of an array that no stage makes; empty if there is none
 * @param derived the bounds, from the arrays
 */
record UsersProblem(Problem layer, String without, Function<Map<String, NdArray>, Optional<Bounds>> derived)
        implements Problem {
    @Override
    public Map<String, int[]> inputs() {
        return layer.inputs();
    }

    @Override
    public Map<String, int[]> outputs() {
        return layer.outputs();
    }

    @Override
    public List<Stage> stages(String engine) {
        return layer.stages(engine).stream()
                .filter(s -> !s.output().equals(without))
                .toList();
    }

    @Override
    public Optional<Bounds> bounds(Map<String, NdArray> arrays) {
        return derived.apply(arrays);
    }
}
