package org.npyparity.audit;

import java.util.List;
import org.npyparity.compare.ExactValue;

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
     * @param stage of the judgement that it belongs to
     * @param array of that judgement
     * @param scope of that judgement
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
            String stage,
            String array,
            Scope scope,
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

        /** Its name as NumPy takes it: {@code dweights[1, 2]}. */
        public String element() {
            return array + index;
        }

        /** {@code actual} in as many digits as {@code exact}. */
        public String actualValue() {
            return ExactValue.of(actual).toString();
        }

        /** {@code expected}, likewise. */
        public String expectedValue() {
            return ExactValue.of(expected).toString();
        }

        /** Which side is wrong, in words. */
        public String verdict() {
            if (Double.isNaN(actualFraction) || Double.isNaN(expectedFraction)) {
                return "undecidable";
            }
            boolean wrong = actualFraction > 1;
            boolean reference = expectedFraction > 1;
            return wrong
                    ? reference ? "both are wrong" : "actual is wrong"
                    : reference ? "expected is wrong" : "neither is wrong";
        }
    }

    /**
     * A known mistake that the result matches.
     *
     * @param mistake its name
     * @param description its sentence
     * @param evidence which arrays match the mistaken computation, and how far they are from it
     * @param stages that failed and that it explains
     */
    public record Explanation(String mistake, String description, String evidence, List<String> stages) {
        public Explanation {
            // An earlier report.json does not have them.
            stages = stages == null ? List.of() : List.copyOf(stages);
        }

        /** Whether it explains that stage, as far as is known. */
        public boolean explains(String stage) {
            return stages.isEmpty() || stages.contains(stage);
        }
    }
}
