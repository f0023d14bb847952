package org.npyparity.operation.conv.mistakes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.CaseAuditor;
import org.npyparity.audit.CaseProblem;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fuzz.FoundCases;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;
import org.npyparity.python.CaseSpec;

/** The golden cases, audited with mistakes in place of an engine. Each pair is audited once, when first asked for. */
public final class Mutants {
    public static final Path GOLDEN = Path.of("fixtures/golden");

    /** The golden cases of the table, and none that fuzzing has found, in the order of their ids. */
    public static final List<Golden> CASES = cases();

    private Mutants() {}

    private static List<Golden> cases() {
        Set<CaseSpec> found = FoundCases.list(Path.of("fixtures")).stream()
                .map(c -> c.because(""))
                .collect(Collectors.toSet());
        return FixtureDirectory.caseDirectories(GOLDEN).stream()
                .map(Golden::new)
                .filter(c -> !found.contains(CaseSpec.of(c.subject).because("")))
                .toList();
    }

    /** The one of that id, but for its hash. */
    public static Golden named(String name) {
        return CASES.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    /** Those of one family. */
    public static List<Golden> family(String name) {
        return CASES.stream().filter(c -> c.subject.family().equals(name)).toList();
    }

    /** What the audit said of a mistake. */
    public record Outcome(boolean caught, List<String> places, List<String> named) {
        public static Outcome of(CaseAudit audit) {
            return new Outcome(
                    audit.verdict() == Verdict.MISMATCH,
                    audit.place().map(j -> List.of(j.stage())).orElse(List.of()),
                    audit.diagnosis().what().stream().map(Explanation::mistake).toList());
        }
    }

    /** One golden case. */
    public static final class Golden {
        public final Case subject;
        public final List<Mistake> mistakes;
        public final List<Stage> correct;
        public final CaseAuditor auditor;
        private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

        public final Problem problem;

        Golden(Path directory) {
            subject = CaseReader.read(directory);
            problem = CaseProblem.of(subject).problem();
            mistakes = problem.mistakes();
            correct = problem.stages("ejml");
            auditor = new CaseAuditor(subject, Optional.empty());
        }

        /** The id without its hash. */
        public String name() {
            return subject.id().substring(0, subject.id().lastIndexOf('-'));
        }

        public boolean offers(String mistake) {
            return mistakes.stream().anyMatch(m -> m.name().equals(mistake));
        }

        public Mistake mistake(String name) {
            return mistakes.stream()
                    .filter(m -> m.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        public CaseAudit audit(Mistake mistake) {
            return auditor.audit(mistake.name(), mistake.stages());
        }

        /** The correct stages, but for one of each mistake: the stage of that name. */
        public CaseAudit audit(Map<String, Mistake> byStage) {
            return auditor.audit(
                    byStage.toString(),
                    correct.stream()
                            .map(s -> Optional.ofNullable(byStage.get(s.name()))
                                    .map(m -> stage(m, s.name()))
                                    .orElse(s))
                            .toList());
        }

        private static Stage stage(Mistake mistake, String name) {
            return mistake.stages().stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        public Outcome outcome(String mistake) {
            return outcomes.computeIfAbsent(mistake, name -> Outcome.of(audit(mistake(name))));
        }

        public boolean catches(String mistake) {
            return offers(mistake) && outcome(mistake).caught();
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
