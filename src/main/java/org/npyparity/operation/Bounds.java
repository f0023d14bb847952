package org.npyparity.operation;

import java.util.Optional;
import org.npyparity.compare.Bound;
import org.npyparity.compare.ExactValue;

/**
 * How far correct implementations can be from the expected arrays of one case, and what exact arithmetic makes of single
 * elements. Both are computed when asked for.
 */
public interface Bounds {

    /** The bound of a stage's output, when the stage starts from the expected arrays. */
    Bound local(Stage stage);

    /** The bound of an array computed from the inputs alone. */
    Bound endToEnd(String array);

    /**
     * What exact arithmetic makes of one element, when the stage starts from the expected arrays.
     *
     * @param position in C order
     * @return empty if the operation has no exact arithmetic
     */
    default Optional<ExactValue> exactLocal(Stage stage, int position) {
        return Optional.empty();
    }

    /**
     * What exact arithmetic makes of one element from the inputs alone.
     *
     * @param position in C order
     * @return empty if the operation has no exact arithmetic
     */
    default Optional<ExactValue> exactEndToEnd(String array, int position) {
        return Optional.empty();
    }
}
