package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Environment;
import org.npyparity.audit.Gallery;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Matrix;
import org.npyparity.audit.Picture;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Provenance;

/** Adds up the reports of an audit's shards: what the whole audit would have reported, or a gap for what is missing. */
final class Merge {
    /**
     * One report.
     *
     * @param name for messages
     * @param report the report
     */
    record Part(String name, Report report) {}

    private final List<Part> parts;
    private final List<String> gaps = new ArrayList<>();
    /** By shard: who brought it. */
    private final Map<Integer, Part> shards = new TreeMap<>();

    private final Map<String, Report.CaseEntry> cases = new TreeMap<>();
    private int count;

    private Merge(List<Part> parts) {
        this.parts = parts;
    }

    static Report of(List<Part> parts) {
        if (parts.isEmpty()) {
            throw new ReportException("no report to merge: expected at least one report.json");
        }
        return new Merge(parts).merge();
    }

    private Report merge() {
        same("fixtures", r -> r.fixtures().sha256());
        same(
                "policy",
                r -> r.selection().policy() == null
                        ? "the cases' own"
                        : r.selection().policy());
        same("case filter", r -> r.selection().cases());
        same("engine selection", r -> r.selection().engine());
        same("arrays", r -> r.selection().arrays() + "");
        List<Part> judging =
                parts.stream().filter(p -> !p.report().engines().isEmpty()).toList();
        same(
                judging,
                "engines",
                r -> r.engines().stream().map(e -> e.with(null)).toList() + "");
        same("parties compared", r -> r.matrix() == null ? "none" : r.matrix().parties() + "");
        collectShards();
        shards.values().stream().distinct().forEach(this::collectCases);
        return result(parts.get(0).report());
    }

    private void same(String what, Function<Report, String> field) {
        same(parts, what, field);
    }

    private static void same(List<Part> parts, String what, Function<Report, String> field) {
        for (Part part : parts) {
            String first = field.apply(parts.get(0).report());
            String other = field.apply(part.report());
            if (!first.equals(other)) {
                throw new ReportException(part.name() + ": " + what + " " + other + ": expected " + first + ", as in "
                        + parts.get(0).name() + "; only shards of one audit can be merged");
            }
        }
    }

    private void collectShards() {
        for (Part part : parts) {
            for (String text : part.report().selection().shards()) {
                Shard shard = Shard.parse(text);
                if (count != 0 && shard.count() != count) {
                    throw new ReportException(part.name() + ": shard " + shard + ": expected one of " + count
                            + ", as in " + parts.get(0).name() + "; only shards of one audit can be merged");
                }
                count = shard.count();
                Part twin = shards.putIfAbsent(shard.index(), part);
                if (twin != null) {
                    gaps.add("shard " + shard + " is there twice: in " + twin.name() + " and " + part.name());
                }
            }
        }
        for (int i = 1; i <= count; i++) {
            if (!shards.containsKey(i)) {
                gaps.add("shard " + i + "/" + count + " is missing: its cases were not judged");
            }
        }
    }

    private void collectCases(Part part) {
        for (Report.CaseEntry entry : part.report().cases()) {
            if (cases.putIfAbsent(entry.id(), entry) != null) {
                gaps.add("case " + entry.id() + " was judged twice: again in " + part.name());
            }
        }
    }

    private Report result(Report first) {
        List<Report> taken =
                shards.values().stream().distinct().map(Part::report).toList();
        List<Report.CaseEntry> merged =
                hung(cases.values().stream().sorted(Entries.BY_DIRECTORY).toList());
        Ledger ledger = ledger(taken, merged);
        Optional<Matrix> matrix =
                taken.stream().flatMap(r -> Stream.ofNullable(r.matrix())).reduce(Matrix::plus);
        Verdict verdict = merged.stream()
                .flatMap(c -> c.runs().stream())
                .map(Report.Run::verdict)
                .reduce(matrix.map(Matrix::verdict).orElse(Verdict.PARITY), Verdict::and);
        Map<Provenance, Integer> made = new LinkedHashMap<>();
        Map<Environment, Integer> ran = new LinkedHashMap<>();
        for (Report report : taken) {
            report.provenance().expected().forEach(m -> made.merge(m.by(), m.cases(), Integer::sum));
            report.provenance().actual().forEach(r -> ran.merge(r.in(), r.cases(), Integer::sum));
        }
        return new Report(
                Report.FORMAT,
                first.npyparity(),
                verdict,
                !ledger.refused().isEmpty()
                        ? 2
                        : verdict.passes() && ledger.gaps().isEmpty() ? 0 : 1,
                Invocation.whole(first.command()),
                taken.stream()
                        .map(Report::started)
                        .min(Comparator.naturalOrder())
                        .orElse(first.started()),
                taken.stream().mapToLong(r -> Math.round(r.seconds() * 1000)).sum() / 1000.0,
                new Report.Selection(
                        first.selection().engine(),
                        first.selection().cases(),
                        first.selection().policy(),
                        first.selection().actual(),
                        shards.size() == count
                                ? List.of(Shard.WHOLE.toString())
                                : shards.keySet().stream()
                                        .map(i -> new Shard(i, count).toString())
                                        .toList(),
                        first.selection().arrays()),
                first.fixtures(),
                taken.stream().map(Report::engines).filter(e -> !e.isEmpty()).findFirst().orElse(List.of()).stream()
                        .map(e -> e.with(Equality.sum(equalities(taken, e.name()))))
                        .toList(),
                ledger,
                Coverage.of(merged),
                new Report.Origins(
                        made.entrySet().stream()
                                .map(e -> new Report.Made(e.getKey(), e.getValue()))
                                .sorted(Entries.MOST_FIRST)
                                .toList(),
                        ran.entrySet().stream()
                                .map(e -> new Report.Ran(e.getKey(), e.getValue()))
                                .sorted(Comparator.comparingInt(Report.Ran::cases)
                                        .reversed()
                                        .thenComparing(r -> r.in().toString()))
                                .toList()),
                merged,
                matrix.orElse(null));
    }

    private static Stream<Equality> equalities(List<Report> reports, String engine) {
        return reports.stream()
                .flatMap(r -> r.engines().stream())
                .filter(e -> e.name().equals(engine))
                .flatMap(e -> Stream.ofNullable(e.equality()));
    }

    private Ledger ledger(List<Report> taken, List<Report.CaseEntry> merged) {
        int total = taken.get(0).ledger().cases();
        int wanted = 0;
        int judged = 0;
        long expected = 0;
        long arrays = 0;
        long comparisons = 0;
        long elements = 0;
        List<String> refused = new ArrayList<>();
        for (Report report : taken) {
            Ledger l = report.ledger();
            wanted += l.cases() - l.left();
            judged += l.judged();
            expected += l.arraysExpected();
            arrays += l.arraysJudged();
            comparisons += l.comparisons();
            elements += l.elements();
            refused.addAll(l.refused());
            // A shard may be empty where there are few cases: no gap, as long as the others are not.
            if (l.cases() != l.left() || merged.isEmpty()) {
                gaps.addAll(l.gaps());
            }
        }
        if (shards.size() == count && isOfAllCases(first().selection()) && wanted != total) {
            gaps.add(wanted + " cases in all shards: expected the " + total + " that the fixtures hold");
        }
        return Entries.sorted(new Ledger(
                total,
                total - wanted,
                judged,
                refused,
                expected,
                arrays,
                comparisons,
                elements,
                union(taken, Ledger::arraysLeft),
                union(taken, Ledger::arraysUnread),
                List.copyOf(gaps)));
    }

    private static boolean isOfAllCases(Report.Selection selection) {
        return selection.cases().equals("*") && selection.arrays().isEmpty();
    }

    private static List<String> union(List<Report> reports, Function<Ledger, List<String>> names) {
        return reports.stream()
                .flatMap(r -> names.apply(r.ledger()).stream())
                .distinct()
                .toList();
    }

    private Report first() {
        return parts.get(0).report();
    }

    /** With the pictures that the whole audit would have kept. */
    private static List<Report.CaseEntry> hung(List<Report.CaseEntry> entries) {
        Map<Gallery.Subject, Picture> best = Gallery.best(entries.stream()
                .flatMap(c -> c.runs().stream()
                        .flatMap(r -> r.judgements().stream().flatMap(j -> Stream.ofNullable(j.picture())
                                .map(p -> new Gallery.Exhibit(subject(c, r, j), j.passes(), j.worstFraction(), p)))))
                .toList());
        return entries.stream()
                .map(c -> c.with(c.runs().stream()
                        .map(r -> r.with(r.judgements().stream()
                                .map(j -> rehung(j, best.get(subject(c, r, j))))
                                .toList()))
                        .toList()))
                .toList();
    }

    private static Report.Judged rehung(Report.Judged judged, @Nullable Picture picture) {
        return judged.picture() == picture ? judged : judged.with(picture);
    }

    private static Gallery.Subject subject(Report.CaseEntry c, Report.Run r, Report.Judged j) {
        return new Gallery.Subject(c.id(), r.engine(), j.stage(), j.array(), j.scope());
    }
}
