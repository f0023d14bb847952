package org.npyparity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Judgement;
import org.npyparity.audit.Scope;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Violations;
import org.npyparity.compare.Verdict;

/** A judgement as ordered facts, aligned. This is the one place that words a failure. */
public final class Facts {
    private record Fact(String key, String value) {}

    /**
     * An element's two values as they are shown, for whoever knows them better than a double does.
     *
     * @param apart |actual - expected|
     */
    public record Shown(String actual, String expected, double apart) {
        /** The doubles, so that they can be read back to the bit. */
        public static Shown of(Difference d) {
            return new Shown(Numbers.exact(d.actual()), Numbers.exact(d.expected()), d.absolute());
        }
    }

    private static final String MISMATCHED = "mismatched";

    private final List<Fact> facts = new ArrayList<>();
    private final Function<Difference, Shown> shown;

    private Facts(Function<Difference, Shown> shown) {
        this.shown = shown;
    }

    /** The facts of one array of one case. */
    public static String of(CaseAudit audit, Judgement judgement) {
        Report.Outcome outcome = Entries.outcome(audit);
        return of(outcome, outcome.run().judgements().get(audit.judgements().indexOf(judgement)));
    }

    /** The facts of one array of one case. */
    public static String of(Report.Outcome outcome, Report.Judged judged) {
        Facts f = new Facts(Shown::of);
        f.add("case", outcome.subject().id());
        f.add(
                "array",
                judged.array() + ", " + judged.scope() + ", by stage " + judged.stage() + " of engine "
                        + outcome.run().engine());
        f.add("why", outcome.subject().why());
        if (judged.scope() == Scope.END_TO_END) {
            outcome.run()
                    .place()
                    .filter(place -> place.verdict() == Verdict.MISMATCH)
                    .ifPresent(place ->
                            f.add("cause", "stage " + place.stage() + " fails first; this may be its consequence"));
        }
        (judged.scope() == Scope.LOCAL
                        ? outcome.run().mistakes(judged)
                        : outcome.run().what())
                .forEach(w -> f.add("matches", w.mistake() + ": " + w.description() + " (" + w.evidence() + ")"));
        f.addComparison(outcome.subject().policy(), judged);
        outcome.run().who(judged).forEach(w -> f.add("exact at " + w.index(), w.exact() + ": " + arbitrated(w)));
        return f.toString();
    }

    /** The facts of one comparison, its elements shown like that. */
    public static String of(Comparison comparison, Function<Difference, Shown> shown) {
        Facts f = new Facts(shown);
        f.addComparison(
                comparison.policy().toString(),
                Entries.judged("", "", Scope.LOCAL, comparison, comparison.policy(), 0));
        return f.toString();
    }

    /** Who is wrong. */
    static String arbitrated(Arbitration w) {
        return w.verdict() + "; error / bound: actual " + Numbers.error(w.actualFraction(), w.actualUlp())
                + "; expected " + Numbers.error(w.expectedFraction(), w.expectedUlp());
    }

    private void addComparison(String policy, Report.Judged j) {
        add("verdict", j.verdict().toString());
        add("policy", j.policy() == null ? policy : j.policy());
        if (j.incomparable() != null) {
            add("not compared", j.incomparable());
        }
        if (j.elements() == 0) {
            return;
        }
        add(
                "elements",
                Numbers.count(j.elements()) + " compared, " + Numbers.count(j.differing()) + " differ, "
                        + (j.zeroSigns() > 0 ? Numbers.count(j.zeroSigns()) + " are zeros of the other sign, " : "")
                        + Numbers.count(j.failing()) + " outside the policy");
        if (j.undecidable() > 0) {
            add("undecidable", Numbers.count(j.undecidable()) + " elements: the bound proves nothing there");
        }
        if (j.ambiguous() > 0) {
            add(
                    "ambiguous",
                    Numbers.count(j.ambiguous()) + " elements lie at the ReLU's kink, where both masks are right");
        }
        facts.addAll(violations(j, shown, Numbers::exact));
        // Zeros of two signs are 0 apart, and of a tolerance of 0 that is no fraction.
        worst(
                "worst / bound",
                j.byFraction(),
                p -> Numbers.measure(p.tolerance() == 0 ? p.fraction() : apart(p) / p.tolerance()));
        worst("worst absolute", j.byAbsolute(), p -> Numbers.measure(apart(p)));
        worst("worst relative", j.byRelative(), p -> Numbers.measure(apart(p) / Math.abs(p.expected())));
        worst("worst ulp", j.byUlp(), p -> Numbers.distance(p.ulp()));
        for (Difference p : j.firstPoints()) {
            // A tolerance in ULP is no number that the element has.
            String allowed = !Double.isNaN(p.tolerance())
                    ? "tolerance " + Numbers.measure(p.tolerance())
                    : p.ulp() < 0 ? "NaN has no distance" : Numbers.distance(p.ulp()) + " ULP apart";
            add("at " + p.index(), values(p) + ", " + allowed);
        }
    }

    /** The elements outside the policy as {@code numpy.testing.assert_allclose} counts them, a fact for each kind. */
    private static List<Fact> violations(
            Report.Judged j, Function<Difference, Shown> shown, DoubleFunction<String> number) {
        Violations v = j.violations();
        if (v == null) {
            return List.of();
        }
        List<Fact> facts = new ArrayList<>();
        if (v.nanLocations() > 0) {
            facts.add(new Fact("nan locations", Numbers.count(v.nanLocations()) + " NaN on one side only"));
        }
        if (v.infValues() > 0) {
            facts.add(new Fact(
                    "inf values", Numbers.count(v.infValues()) + " infinite on one side only or of the other sign"));
        }
        if (v.mismatched() > 0) {
            double absolute = j.byAbsolute()
                    .filter(d -> d.absolute() == v.largestAbsolute())
                    .map(d -> shown.apply(d).apart())
                    .orElse(v.largestAbsolute());
            double relative = j.byRelative()
                    .filter(d -> d.relative() == v.largestRelative())
                    .map(d -> shown.apply(d).apart() / Math.abs(d.expected()))
                    .orElse(v.largestRelative());
            facts.add(new Fact(
                    MISMATCHED,
                    Numbers.count(v.mismatched()) + " of " + Numbers.count(j.elements()) + " ("
                            + Numbers.measure(100.0 * v.mismatched() / j.elements())
                            + "%), among them max absolute difference " + number.apply(absolute)
                            + ", max relative " + number.apply(relative)));
        }
        return facts;
    }

    /** The same in one line, and where the first of them are; empty if there are none. */
    public static String outside(Report.Judged j) {
        List<Fact> violations = violations(j, Shown::of, Numbers::measure);
        return violations.isEmpty()
                ? ""
                : violations.stream()
                                .map(f -> f.key.equals(MISMATCHED) ? f.key + " " + f.value : f.value)
                                .collect(Collectors.joining("; "))
                        + "; first at "
                        + j.firstPoints().stream()
                                .map(p -> p.index().toString())
                                .collect(Collectors.joining(", "));
    }

    private void worst(String key, Optional<Difference> point, Function<Difference, String> measure) {
        point.ifPresent(p -> add(key, measure.apply(p) + " at " + p.index() + ": " + values(p)));
    }

    private String values(Difference p) {
        Shown values = shown.apply(p);
        return "actual " + values.actual() + ", expected " + values.expected();
    }

    private double apart(Difference p) {
        return shown.apply(p).apart();
    }

    private void add(String key, String value) {
        facts.add(new Fact(key, value));
    }

    @Override
    public String toString() {
        int width = facts.stream().mapToInt(f -> f.key.length()).max().orElse(0);
        return facts.stream()
                .map(f -> f.key + " ".repeat(width - f.key.length()) + "  " + f.value)
                .collect(Collectors.joining("\n"));
    }
}
