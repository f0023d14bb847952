package org.npyparity.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.npyparity.array.NdArray;

/** An operation with its sizes fixed: what goes in, what comes out, in which stages. */
public interface Problem {

    /** The shapes of the inputs, by name. */
    Map<String, int[]> inputs();

    /** The shapes of all other arrays, by name, in the order of computation. */
    Map<String, int[]> outputs();

    /** The names of the axes of each array, outermost first, for pictures; empty for arrays without. */
    default Map<String, List<String>> axes() {
        return Map.of();
    }

    /**
     * The stages in the order in which that engine computes them. The first stage with a given output is the one that
     * counts end to end; further ones are other ways to the same array and are judged locally only.
     *
     * @param engine one of {@link Operation#engines()}
     */
    List<Stage> stages(String engine);

    /**
     * The certified bounds, if the operation has any.
     *
     * @param arrays the inputs and the expected arrays, by name
     */
    Optional<Bounds> bounds(Map<String, NdArray> arrays);

    /**
     * Whether these sizes alone can force every element of that array to be zero. Where they cannot, a case that declares
     * {@code all_zero} is refused: zeros that the data make, by masking everything out, prove nothing.
     */
    default boolean mayBeAllZero(String array) {
        return true;
    }

    /**
     * What a check recomputes arrays with, in the order of computation; empty if the operation has no such stages. Then
     * a check recomputes with the first engine, and allows for its rounding too.
     */
    default List<PreciseStage> preciseStages() {
        return List.of();
    }

    /** The mistakes that ports of this operation make, the simplest first; empty if none are known. */
    default List<Mistake> mistakes() {
        return List.of();
    }
}
