package org.npyparity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.Judgement;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;

/** A judgement as ordered facts, aligned. This is the one place that words a failure. */
public final class Facts {
    private record Fact(String key, String value) {}

    private final List<Fact> facts = new ArrayList<>();

    private Facts() {}

    /** The facts of one array of one case. */
    public static String of(CaseAudit audit, Judgement judgement) {
        Facts f = new Facts();
        f.add("case", audit.subject().id());
        f.add(
                "array",
                judgement.array() + ", " + judgement.scope() + ", by stage " + judgement.stage() + " of engine "
                        + audit.engine());
        f.add("why", audit.subject().why());
        audit.place()
                .filter(place -> place != judgement)
                .ifPresent(place ->
                        f.add("cause", "stage " + place.stage() + " fails first; this may be its consequence"));
        f.addComparison(judgement.comparison());
        return f.toString();
    }

    /** The facts of one comparison. */
    public static String of(Comparison comparison) {
        Facts f = new Facts();
        f.addComparison(comparison);
        return f.toString();
    }

    private void addComparison(Comparison c) {
        add("verdict", c.verdict().toString());
        add("policy", c.policy().toString());
        c.incomparable().ifPresent(reason -> add("not compared", reason));
        if (c.elements() == 0) {
            return;
        }
        add(
                "elements",
                Numbers.count(c.elements()) + " compared, " + Numbers.count(c.differing()) + " differ, "
                        + Numbers.count(c.failing()) + " outside the policy");
        if (c.undecidable() > 0) {
            add("undecidable", Numbers.count(c.undecidable()) + " elements: the bound proves nothing there");
        }
        if (c.ambiguous() > 0) {
            add(
                    "ambiguous",
                    Numbers.count(c.ambiguous()) + " elements lie at the ReLU's kink, where both masks are right");
        }
        worst("worst / bound", c.worst().fraction(), d -> Numbers.measure(d.fraction()));
        worst("worst absolute", c.worst().absolute(), d -> Numbers.measure(d.absolute()));
        worst("worst relative", c.worst().relative(), d -> Numbers.measure(d.relative()));
        worst("worst ulp", c.worst().ulp(), d -> Numbers.count(d.ulp()));
        for (Difference d : c.first()) {
            add("at " + index(d), values(d) + ", tolerance " + Numbers.measure(d.tolerance()));
        }
    }

    private void worst(
            String key, Optional<Difference> difference, java.util.function.Function<Difference, String> measure) {
        difference.ifPresent(d -> add(key, measure.apply(d) + " at " + index(d) + ": " + values(d)));
    }

    private static String index(Difference d) {
        return d.index().toString();
    }

    private static String values(Difference d) {
        return "actual " + Numbers.exact(d.actual()) + ", expected " + Numbers.exact(d.expected());
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
