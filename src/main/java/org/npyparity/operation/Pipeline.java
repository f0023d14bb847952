package org.npyparity.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.npyparity.array.NdArray;

/**
 * Stages that lead from some arrays to others.
 *
 * @param stages in the order of computation, one for each array
 */
public record Pipeline(List<Stage> stages) {
    public Pipeline {
        stages = List.copyOf(stages);
    }

    /**
     * The stages between the given arrays and that one, in the order of computation.
     *
     * @param array what is to be computed
     * @param given the names of arrays that are not computed
     */
    public List<Stage> path(String array, Set<String> given) {
        List<Stage> path = new ArrayList<>();
        addPath(array, given, path);
        return path;
    }

    private void addPath(String array, Set<String> given, List<Stage> path) {
        Optional<Stage> maker =
                stages.stream().filter(s -> s.output().equals(array)).findFirst();
        if (maker.isPresent() && !path.contains(maker.get())) {
            maker.get().inputs().stream().filter(i -> !given.contains(i)).forEach(i -> addPath(i, given, path));
            path.add(maker.get());
        }
    }

    /**
     * Computes one array.
     *
     * @param array its name
     * @param given the names of arrays that are not computed, even if a stage could
     * @param source of those, and of arrays that no stage makes
     * @throws IllegalArgumentException if no stage makes {@code array}
     */
    public NdArray compute(String array, Set<String> given, Function<String, NdArray> source) {
        Map<String, NdArray> arrays = new HashMap<>();
        for (Stage stage : path(array, given)) {
            stage.inputs().forEach(i -> arrays.computeIfAbsent(i, source));
            arrays.put(stage.output(), stage.compute(arrays));
        }
        NdArray computed = arrays.get(array);
        if (computed == null) {
            throw new IllegalArgumentException("no stage makes " + array);
        }
        return computed;
    }
}
