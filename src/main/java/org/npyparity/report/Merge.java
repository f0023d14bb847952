package org.npyparity.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Environment;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Matrix;
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

    /** By case. */
    private final Map<String, Source> sources = new TreeMap<>();

    private final Path scratch;
    private int count;

    private Merge(List<Part> parts, Path scratch) {
        this.parts = parts;
        this.scratch = scratch;
    }

    /**
     * A case of a report, to be read in its turn.
     *
     * @param directory the index of its fixture directory
     * @param id its name
     * @param cases of the report
     * @param position in them
     */
    private record Source(int directory, String id, Cases cases, int position) {
        /** The order of every report. */
        static final Comparator<Source> ORDER =
                Comparator.comparingInt(Source::directory).thenComparing(Source::id);
    }

    /** @param scratch the directory for files in which cases wait */
    static Report of(List<Part> parts, Path scratch) {
        if (parts.isEmpty()) {
            throw new ReportException("no report to merge: expected at least one report.json");
        }
        return new Merge(parts, scratch).merge();
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
        Cases cases = part.report().cases();
        Totals totals = cases.totals();
        for (int i = 0; i < cases.size(); i++) {
            String id = totals.ids().get(i);
            if (sources.putIfAbsent(id, new Source(totals.directory(i), id, cases, i)) != null) {
                gaps.add("case " + id + " was judged twice: again in " + part.name());
            }
        }
    }

    /** With the pictures that the whole audit would have kept. */
    private Cases cases(String command) {
        Cases.Builder builder = new Cases.Builder(scratch, command);
        sources.values().stream()
                .sorted(Source.ORDER)
                .forEach(s -> builder.add(s.cases().get(s.position())));
        return builder.build();
    }

    private Report result(Report first) {
        List<Report> taken =
                shards.values().stream().distinct().map(Part::report).toList();
        String command = Invocation.whole(first.command());
        Cases merged = cases(command);
        Ledger ledger = ledger(taken, merged);
        Optional<Matrix> matrix =
                taken.stream().flatMap(r -> Stream.ofNullable(r.matrix())).reduce(Matrix::plus);
        Verdict verdict = matrix.map(Matrix::verdict)
                .orElse(Verdict.PARITY)
                .and(merged.totals().verdict());
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
                ledger.exitCode(verdict),
                command,
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
                        .map(e -> e.with(merged.totals().equality(e.name())))
                        .toList(),
                ledger,
                merged.totals().coverage(),
                new Report.Origins(Entries.mostFirst(made, Report.Made::new), Entries.mostFirst(ran, Report.Ran::new)),
                merged,
                matrix.orElse(null));
    }

    private Ledger ledger(List<Report> taken, Cases merged) {
        int total = taken.get(0).ledger().cases();
        int wanted = (int) sum(taken, l -> l.cases() - l.left());
        for (Report report : taken) {
            Ledger l = report.ledger();
            // A shard may be empty where there are few cases: no gap, as long as the others are not.
            if (l.cases() != l.left() || merged.isEmpty()) {
                gaps.addAll(l.gaps());
            }
        }
        if (shards.size() == count && isOfAllCases(taken.get(0).selection()) && wanted != total) {
            gaps.add(wanted + " cases in all shards: expected the " + total + " that the fixtures hold");
        }
        return Entries.sorted(new Ledger(
                total,
                total - wanted,
                (int) sum(taken, Ledger::judged),
                union(taken, Ledger::refused),
                sum(taken, Ledger::arraysExpected),
                sum(taken, Ledger::arraysJudged),
                sum(taken, Ledger::comparisons),
                sum(taken, Ledger::elements),
                union(taken, Ledger::arraysLeft),
                union(taken, Ledger::arraysUnread),
                // What is wrong beside the cases every shard says.
                gaps.stream().distinct().toList()));
    }

    private static boolean isOfAllCases(Report.Selection selection) {
        return selection.cases().equals(AuditRequest.ALL_CASES)
                && selection.arrays().isEmpty();
    }

    private static long sum(List<Report> reports, ToLongFunction<Ledger> count) {
        return reports.stream().mapToLong(r -> count.applyAsLong(r.ledger())).sum();
    }

    private static List<String> union(List<Report> reports, Function<Ledger, List<String>> names) {
        return reports.stream()
                .flatMap(r -> names.apply(r.ledger()).stream())
                .distinct()
                .toList();
    }
}
