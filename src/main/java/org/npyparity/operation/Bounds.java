package org.npyparity.operation;

import org.npyparity.compare.Bound;

/** How far correct implementations can be from the expected arrays of one case. Bounds are computed when asked for. */
public interface Bounds {

    /** The bound of a stage's output, when the stage starts from the expected arrays. */
    Bound local(Stage stage);

    /** The bound of an array computed from the inputs alone. */
    Bound endToEnd(String array);
}
