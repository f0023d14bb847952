package org.npyparity.operation;

import java.util.List;

/**
 * A mistake that ports make, as a computation: the operation's stages with that mistake in one of them.
 *
 * @param name short, in the field's words: {@code flipped kernel}
 * @param description one sentence: what is done wrong, and how ports come to it
 * @param stages all stages of the operation, one for each array
 */
public record Mistake(String name, String description, List<Stage> stages) {
    public Mistake {
        stages = List.copyOf(stages);
    }
}
