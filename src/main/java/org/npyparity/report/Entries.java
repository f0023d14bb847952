package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.Judgement;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Scope;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Violations;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;

/** From an audit's values to the report's; without pictures, which are chosen at the end. */
final class Entries {
    private Entries() {}

    /** Who made how many of the cases, or judged them: the most first. */
    static <K, T> List<T> mostFirst(Map<K, Integer> cases, BiFunction<K, Integer, T> entry) {
        return cases.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<K, Integer> e) -> e.getValue())
                        .reversed()
                        .thenComparing(e -> e.getKey().toString()))
                .map(e -> entry.apply(e.getKey(), e.getValue()))
                .toList();
    }

    /** Shards are done in any order: only sorted names make their merge equal to the whole. */
    static Ledger sorted(Ledger l) {
        return new Ledger(
                l.cases(),
                l.left(),
                l.judged(),
                l.refused().stream().sorted().toList(),
                l.arraysExpected(),
                l.arraysJudged(),
                l.comparisons(),
                l.elements(),
                l.arraysLeft().stream().sorted().toList(),
                l.arraysUnread().stream().sorted().toList(),
                l.gaps().stream().sorted().toList());
    }

    /**
     * One case.
     *
     * @param audits of it, one for each engine
     * @param directory the index of its fixture directory
     */
    static Report.CaseEntry entry(List<CaseAudit> audits, int directory, Policy policy) {
        Case subject = audits.get(0).subject();
        return new Report.CaseEntry(
                subject.id(),
                subject.why(),
                directory,
                subject.sha256(),
                subject.operation(),
                subject.family(),
                subject.variant().orElse(null),
                subject.dtype().toString(),
                subject.parameters(),
                subject.seed(),
                policy.toString(),
                audits.stream().map(audit -> run(audit, policy)).toList());
    }

    /** One case and engine on their own. */
    static Report.Outcome outcome(CaseAudit audit) {
        Policy policy = audit.judgements().isEmpty()
                ? audit.subject().policy()
                : audit.judgements().get(0).comparison().policy();
        Report.CaseEntry entry = entry(List.of(audit), 0, policy);
        return new Report.Outcome(entry, entry.runs().get(0));
    }

    private static Report.Run run(CaseAudit audit, Policy policy) {
        return new Report.Run(
                audit.engine(),
                audit.verdict(),
                audit.judgements().stream().map(j -> judged(j, policy)).toList(),
                audit.diagnosis().who(),
                audit.diagnosis().what());
    }

    private static Report.Judged judged(Judgement j, Policy policy) {
        return judged(j.stage(), j.array(), j.scope(), j.comparison(), policy, j.noticedDrop());
    }

    static Report.Judged judged(
            String stage, String array, Scope scope, Comparison c, Policy policy, double noticedDrop) {
        List<Difference> points = new ArrayList<>();
        Report.Worst worst = new Report.Worst(
                c.worst().absolute().map(d -> place(points, d)).orElse(null),
                c.worst().relative().map(d -> place(points, d)).orElse(null),
                c.worst().ulp().map(d -> place(points, d)).orElse(null),
                c.worst().fraction().map(d -> place(points, d)).orElse(null));
        boolean none = points.isEmpty();
        List<Integer> first = c.first().stream().map(d -> place(points, d)).toList();
        return new Report.Judged(
                stage,
                array,
                scope,
                c.shape(),
                c.verdict(),
                c.elements(),
                c.differing(),
                c.zeroSigns(),
                c.failing(),
                c.undecidable(),
                c.ambiguous(),
                c.allZero() && c.elements() > 0,
                noticedDrop,
                c.policy().equals(policy) ? null : c.policy().toString(),
                none ? null : worst,
                first,
                points,
                c.incomparable().orElse(null),
                c.violations().equals(Violations.NONE) ? null : c.violations(),
                null);
    }

    /** Where it stands among the points; it is added if it does not. */
    private static int place(List<Difference> points, Difference difference) {
        int place = points.indexOf(difference);
        if (place < 0) {
            points.add(difference);
        }
        return place < 0 ? points.size() - 1 : place;
    }
}
