package org.npyparity.audit;

/** From where an array was computed. */
public enum Scope {
    /** By one stage, from the expected arrays before it: a failure here is where the bug is. */
    LOCAL("local"),
    /** By all stages, from the inputs: a failure here may be a consequence. */
    END_TO_END("end to end");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
