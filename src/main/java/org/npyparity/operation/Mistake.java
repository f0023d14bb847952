package org.npyparity.operation;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A mistake that ports make, as a computation: the operation's stages with that mistake in one or more of them.
 *
 * @param name short, in the field's words: {@code flipped kernel}
 * @param description one sentence: what is done wrong, and how ports come to it
 * @param places the names of the stages that compute something else than the correct ones, in order
 * @param stages all stages of the operation, one for each array
 */
public record Mistake(String name, String description, Set<String> places, List<Stage> stages) {
    public Mistake {
        places = Collections.unmodifiableSet(new LinkedHashSet<>(places));
        stages = List.copyOf(stages);
    }

    /** The whole computation. */
    public Pipeline pipeline() {
        return new Pipeline(stages);
    }
}
