package org.npyparity.compare;

/** What a comparison proves, best first. */
public enum Verdict {
    /** Every element is equal within the policy. */
    PARITY,
    /** No element is known to be wrong, but for some the bound proves nothing: never a pass. */
    UNDECIDABLE,
    /** At least one element is outside the policy, or the arrays cannot be compared. */
    MISMATCH;

    public boolean passes() {
        return this == PARITY;
    }

    /** The worse of two. */
    public Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
