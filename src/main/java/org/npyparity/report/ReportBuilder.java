package org.npyparity.report;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.CaseProblem;
import org.npyparity.audit.Environment;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureHash;
import org.npyparity.fixture.Provenance;
import org.npyparity.operation.Operation.Engine;

/** Makes the report of an audit in this virtual machine while it runs: case by case, and in the end what stands around. */
final class ReportBuilder {
    private final AuditRequest request;
    private final String command;
    private final Cases.Builder cases;
    /** Of each fixture directory those of its cases, by id: 32 bytes, for of 20,000 cases texts would be felt. */
    private final List<Map<String, byte[]>> checksums = new ArrayList<>();

    /** By what provenance.json holds. */
    private final Map<String, Integer> made = new LinkedHashMap<>();

    /** One case of each operation. */
    private final Map<String, Case> examples = new TreeMap<>();

    /** @param directory for the files in which the cases wait */
    ReportBuilder(AuditRequest request, Path directory) {
        this.request = request;
        this.command = Invocation.command(request);
        this.cases = new Cases.Builder(directory, command);
        request.directories().forEach(d -> checksums.add(new HashMap<>()));
    }

    /** The index of the fixture directory that holds a case, or is one. */
    private int directoryOf(Path subject) {
        for (int i = 0; i < request.directories().size(); i++) {
            Path directory = request.directories().get(i);
            if (subject.equals(directory) || subject.equals(directory.resolve(FixtureDirectory.id(subject)))) {
                return i;
            }
        }
        throw new IllegalArgumentException(subject + " is in none of " + request.directories());
    }

    /** Takes a case, in the order of the directories: what each engine came to. */
    void add(List<CaseAudit> audits) {
        Case subject = audits.get(0).subject();
        int directory = directoryOf(subject.directory());
        cases.add(Entries.entry(audits, directory, request.policy().orElse(subject.policy())));
        checksums.get(directory).put(subject.id(), HexFormat.of().parseHex(subject.sha256()));
        made.merge(Provenance.text(subject.directory()), 1, Integer::sum);
        examples.put(subject.operation(), subject);
    }

    /** The whole, with what its result does not know of itself: when, and how long it took. */
    Report build(AuditResult result, Instant started, Duration took) {
        List<SortedMap<String, String>> hashed = new ArrayList<>();
        for (int i = 0; i < checksums.size(); i++) {
            List<Path> found = FixtureDirectory.casesIn(request.directories().get(i));
            hashed.add(FixtureHash.ofCases(found, checksums.get(i)));
        }
        Cases all = cases.build(result.pictures());
        return new Report(
                Report.FORMAT,
                version(),
                result.verdict(),
                result.exitCode(),
                command,
                started.truncatedTo(ChronoUnit.SECONDS) + "",
                took.toMillis() / 1000.0,
                new Report.Selection(
                        request.engine(),
                        request.cases(),
                        request.policy().map(Policy::toString).orElse(null),
                        request.actual().map(Path::toString).orElse(null),
                        List.of(request.shard().toString()),
                        request.arrays()),
                new Report.Fixtures(FixtureHash.of(hashed), directories(hashed)),
                engines(result.engines(), all.totals()),
                Entries.sorted(result.ledger()),
                all.totals().coverage(),
                new Report.Origins(
                        Entries.mostFirst(provenances(), Report.Made::new),
                        List.of(new Report.Ran(Environment.here(), all.size()))),
                all,
                result.matrix().orElse(null));
    }

    private Map<Provenance, Integer> provenances() {
        Map<Provenance, Integer> cases = new LinkedHashMap<>();
        made.forEach((text, n) -> cases.merge(Provenance.of(text), n, Integer::sum));
        return cases;
    }

    private static String version() {
        return Optional.ofNullable(Report.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private List<Report.Engine> engines(List<String> judged, Totals totals) {
        Map<String, String> descriptions = new TreeMap<>();
        examples.values().stream()
                .flatMap(subject -> CaseProblem.of(subject).engines(judged::contains).stream())
                .forEach((Engine e) -> descriptions.put(e.name(), e.description()));
        return judged.stream()
                .map(name -> new Report.Engine(name, descriptions.getOrDefault(name, ""), totals.equality(name)))
                .toList();
    }

    private List<Report.Directory> directories(List<SortedMap<String, String>> hashed) {
        List<Report.Directory> directories = new ArrayList<>();
        for (int i = 0; i < hashed.size(); i++) {
            directories.add(new Report.Directory(
                    request.directories().get(i).toString().replace('\\', '/'),
                    FixtureHash.of(List.of(hashed.get(i))),
                    hashed.get(i).size()));
        }
        return directories;
    }
}
