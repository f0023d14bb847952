package org.npyparity.operation;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.npyparity.array.NdArray;

/**
 * One step of an operation, by one engine.
 *
 * @param name in the field's terms, lower case with hyphens: {@code weight-gradient}
 * @param inputs the names of the arrays that it reads
 * @param output the name of the array that it makes
 * @param computation from arrays by name, of which it reads {@code inputs}
 */
public record Stage(
        String name, List<String> inputs, String output, Function<Map<String, NdArray>, NdArray> computation) {
    public Stage {
        inputs = List.copyOf(inputs);
    }

    /** Runs the stage; {@code arrays} is not changed. */
    public NdArray compute(Map<String, NdArray> arrays) {
        return computation.apply(arrays);
    }
}
