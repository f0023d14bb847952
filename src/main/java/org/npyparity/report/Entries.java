package org.npyparity.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.CaseAuditor;
import org.npyparity.audit.Environment;
import org.npyparity.audit.Gallery;
import org.npyparity.audit.Judgement;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Picture;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Violations;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.FixtureException;
import org.npyparity.fixture.FixtureHash;
import org.npyparity.fixture.Provenance;

/** From an audit's values to the report's. */
final class Entries {
    private Entries() {}

    static Report report(AuditResult result, Invocation invocation) {
        List<SortedMap<String, String>> sets =
                result.request().directories().stream().map(Entries::checksums).toList();
        List<Report.CaseEntry> cases = cases(result, sets);
        Map<String, String> engines = new TreeMap<>();
        Map<Provenance, Integer> made = new LinkedHashMap<>();
        Map<String, Case> subjects = new LinkedHashMap<>();
        result.audits().forEach(a -> subjects.put(a.subject().id(), a.subject()));
        // Thousands of small files: read on all cores.
        subjects.values().parallelStream()
                .map(subject -> Provenance.read(subject.directory()))
                .toList()
                .forEach(provenance -> made.merge(provenance, 1, Integer::sum));
        Map<String, Case> examples = new TreeMap<>();
        subjects.values().forEach(subject -> examples.put(subject.operation(), subject));
        examples.values().stream()
                .flatMap(subject -> CaseAuditor.engines(subject).stream())
                .forEach(engine -> engines.put(engine.name(), engine.description()));
        Ledger ledger = sorted(result.ledger());
        return new Report(
                Report.FORMAT,
                version(),
                result.verdict(),
                result.exitCode(),
                invocation.command(),
                invocation.started().truncatedTo(java.time.temporal.ChronoUnit.SECONDS) + "",
                invocation.took().toMillis() / 1000.0,
                new Report.Selection(
                        result.request().engine(),
                        result.request().cases(),
                        result.request().policy().map(Policy::toString).orElse(null),
                        result.request().actual().map(Path::toString).orElse(null),
                        List.of(result.request().shard().toString()),
                        result.request().arrays()),
                new Report.Fixtures(
                        FixtureHash.of(sets), directories(result.request().directories(), sets)),
                result.engines().stream()
                        .map(name -> new Report.Engine(name, engines.getOrDefault(name, ""), Equality.of(cases, name)))
                        .toList(),
                ledger,
                Coverage.of(cases),
                new Report.Origins(
                        made.entrySet().stream()
                                .map(e -> new Report.Made(e.getKey(), e.getValue()))
                                .sorted(MOST_FIRST)
                                .toList(),
                        List.of(new Report.Ran(Environment.here(), subjects.size()))),
                cases,
                result.matrix().orElse(null));
    }

    /** A directory without cases is in the ledger already, as a refusal. */
    private static SortedMap<String, String> checksums(Path directory) {
        try {
            return FixtureHash.ofCases(directory);
        } catch (FixtureException e) {
            return Collections.emptySortedMap();
        }
    }

    static final Comparator<Report.Made> MOST_FIRST =
            Comparator.comparingInt(Report.Made::cases).reversed().thenComparing(m -> m.by().toString());

    private static String version() {
        return Optional.ofNullable(Report.class.getPackage().getImplementationVersion())
                .orElse("development");
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

    private static List<Report.Directory> directories(List<Path> paths, List<SortedMap<String, String>> sets) {
        List<Report.Directory> directories = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            directories.add(new Report.Directory(
                    paths.get(i).toString().replace('\\', '/'),
                    FixtureHash.of(List.of(sets.get(i))),
                    sets.get(i).size()));
        }
        return directories;
    }

    private static List<Report.CaseEntry> cases(AuditResult result, List<SortedMap<String, String>> sets) {
        Map<String, List<CaseAudit>> byCase = new LinkedHashMap<>();
        result.audits().forEach(a -> byCase.computeIfAbsent(a.subject().id(), id -> new ArrayList<>())
                .add(a));
        List<Report.CaseEntry> cases = new ArrayList<>();
        byCase.forEach((id, audits) -> {
            int directory = 0;
            while (directory < sets.size() - 1 && !sets.get(directory).containsKey(id)) {
                directory++;
            }
            String sha256 = sets.get(directory).getOrDefault(id, FixtureHash.UNREADABLE);
            Case subject = audits.get(0).subject();
            Policy policy = result.request().policy().orElse(subject.policy());
            cases.add(entry(subject, directory, sha256, policy, runs(audits, policy, result.pictures())));
        });
        cases.sort(BY_DIRECTORY);
        return cases;
    }

    static final Comparator<Report.CaseEntry> BY_DIRECTORY =
            Comparator.comparingInt(Report.CaseEntry::directory).thenComparing(Report.CaseEntry::id);

    private static Report.CaseEntry entry(
            Case subject, int directory, String sha256, Policy policy, List<Report.Run> runs) {
        return new Report.CaseEntry(
                subject.id(),
                subject.why(),
                directory,
                sha256,
                subject.operation(),
                subject.family(),
                subject.variant().orElse(null),
                subject.dtype().toString(),
                subject.parameters(),
                subject.seed(),
                policy.toString(),
                runs);
    }

    /** One case and engine on their own. */
    static Report.Outcome outcome(CaseAudit audit) {
        Policy policy = audit.judgements().isEmpty()
                ? audit.subject().policy()
                : audit.judgements().get(0).comparison().policy();
        List<Report.Run> runs = runs(List.of(audit), policy, Map.of());
        return new Report.Outcome(entry(audit.subject(), 0, FixtureHash.UNREADABLE, policy, runs), runs.get(0));
    }

    private static List<Report.Run> runs(
            List<CaseAudit> audits, Policy policy, Map<Gallery.Subject, Picture> pictures) {
        List<Report.Run> runs = new ArrayList<>();
        for (CaseAudit audit : audits) {
            List<Report.Judged> judgements = audit.judgements().stream()
                    .map(j -> judged(
                            j,
                            policy,
                            pictures.get(new Gallery.Subject(
                                    audit.subject().id(), audit.engine(), j.stage(), j.array(), j.scope()))))
                    .toList();
            runs.add(new Report.Run(
                    audit.engine(),
                    audit.verdict(),
                    judgements,
                    audit.diagnosis().who().stream()
                            .map(w -> new Report.Arbitrated(
                                    w.judgement().stage(),
                                    w.judgement().array(),
                                    w.judgement().scope(),
                                    w.index(),
                                    w.exact(),
                                    w.actual(),
                                    w.expected(),
                                    w.actualFraction(),
                                    w.expectedFraction(),
                                    w.actualUlp(),
                                    w.expectedUlp()))
                            .toList(),
                    audit.diagnosis().what().stream()
                            .map(w -> new Report.Explained(w.mistake(), w.description(), w.evidence()))
                            .toList()));
        }
        return runs;
    }

    private static Report.Judged judged(Judgement j, Policy policy, @Nullable Picture picture) {
        return judged(j.stage(), j.array(), j.scope(), j.comparison(), policy, j.noticedDrop(), picture);
    }

    static Report.Judged judged(
            String stage,
            String array,
            org.npyparity.audit.Scope scope,
            Comparison c,
            Policy policy,
            double noticedDrop,
            @Nullable Picture picture) {
        Map<Difference, Integer> points = new LinkedHashMap<>();
        Report.Worst worst = new Report.Worst(
                place(points, c.worst().absolute()),
                place(points, c.worst().relative()),
                place(points, c.worst().ulp()),
                place(points, c.worst().fraction()));
        List<Integer> first = new ArrayList<>();
        for (Difference d : c.first()) {
            points.putIfAbsent(d, points.size());
            first.add(points.getOrDefault(d, 0));
        }
        boolean none = c.worst().equals(Comparison.Worst.NONE);
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
                points.keySet().stream()
                        .map(d -> new Report.Point(d.index(), d.actual(), d.expected(), d.tolerance(), d.ulp()))
                        .toList(),
                c.incomparable().orElse(null),
                c.violations().equals(Violations.NONE) ? null : c.violations(),
                picture);
    }

    private static @Nullable Integer place(Map<Difference, Integer> points, Optional<Difference> difference) {
        if (difference.isEmpty()) {
            return null;
        }
        points.putIfAbsent(difference.get(), points.size());
        return points.get(difference.get());
    }
}
