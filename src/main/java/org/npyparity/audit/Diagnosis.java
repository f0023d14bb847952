package org.npyparity.audit;

import java.util.List;

/**
 * What stands behind a failure. Where: {@link CaseAudit#place}.
 *
 * @param who for the worst elements, which of the two sides is wrong
 * @param what the known mistakes that explain the result, best first
 */
public record Diagnosis(List<Arbitration> who, List<Explanation> what) {
    /** Nothing failed. */
    public static final Diagnosis NONE = new Diagnosis(List.of(), List.of());

    public Diagnosis {
        who = List.copyOf(who);
        what = List.copyOf(what);
    }

    /**
     * Both sides of one element against its exact value.
     *
     * @param judgement the comparison that the element belongs to
     * @param index of the element
     * @param exact the value in exact arithmetic on the inputs, rounded to 25 significant digits
     * @param actual the value under test
     * @param expected the reference value
     * @param actualFraction |actual - exact| / one-sided bound
     * @param expectedFraction |expected - exact| / one-sided bound
     * @param actualUlp distance of actual from the correctly rounded exact value, in ULP
     * @param expectedUlp distance of expected from it, in ULP
     */
    public record Arbitration(
            Judgement judgement,
            List<Integer> index,
            String exact,
            double actual,
            double expected,
            double actualFraction,
            double expectedFraction,
            long actualUlp,
            long expectedUlp) {
        public Arbitration {
            index = List.copyOf(index);
        }
    }

    /**
     * A known mistake that the result matches.
     *
     * @param mistake its name
     * @param description its sentence
     * @param evidence which arrays match the mistaken computation, and how far they are from it
     */
    public record Explanation(String mistake, String description, String evidence) {}
}
