package org.npyparity.audit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Operation.Engine;

/** Audits fixture directories: each case is loaded, judged and let go, so memory does not grow with their number. */
public final class Auditor {

    /** Is told of every case that is done, from any thread. */
    public interface Progress {
        /** Nobody listens. */
        Progress NONE = (done, of) -> {};

        void update(int done, int of);

        /** Is told of what a sentence of the ledger stands for, from any thread. */
        default void failed(String what, Throwable cause) {}
    }

    /**
     * One case's outcome: audits; its pairs; the names of arrays that were not asked for, and of those of them that are
     * there; sentences that refuse it, or some of its arrays; sentences on what is missing.
     */
    private record Outcome(
            String name,
            List<CaseAudit> audits,
            List<Matrix.Pair> pairs,
            long arraysExpected,
            List<String> arraysLeft,
            List<String> arraysUnread,
            List<String> refusals,
            List<String> gaps) {
        /** Whether the case has none of the arrays asked for. */
        boolean isLeft() {
            return arraysExpected == 0 && !arraysLeft.isEmpty();
        }
    }

    private final AuditRequest request;
    private final Progress progress;
    private final Gallery gallery = new Gallery();
    /** Looked for once, by name: that takes longer than to judge a small case. */
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();

    private Auditor(AuditRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Judges what is asked for, on all cores. Bad input ends up in the ledger; everything else is still judged. */
    public static AuditResult audit(AuditRequest request, Progress progress) {
        return new Auditor(request, progress).audit();
    }

    private AuditResult audit() {
        List<Path> wanted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        Map<String, Path> found = find(request.directories(), refused);
        found.forEach((id, path) -> {
            if (request.includes(id)) {
                wanted.add(path);
            }
        });
        Stream.concat(request.actual().stream(), request.against().stream()).forEach(out -> {
            try {
                gaps.addAll(ActualArrays.orphans(out, found.keySet()));
            } catch (FixtureException e) {
                refused.add(e.getMessage() + "");
            }
        });
        if (wanted.isEmpty()) {
            gaps.add("no case was judged: " + found.size() + " found, none matches " + request.cases() + " in shard "
                    + request.shard());
        }
        List<Outcome> outcomes = outcomes(wanted);
        Optional<Matrix> matrix = request.against().isEmpty()
                ? Optional.empty()
                : Optional.of(new Matrix(
                        Matrix.parties(request, found.values()),
                        Matrix.sum(outcomes.stream()
                                .flatMap(o -> o.pairs().stream())
                                .toList())));
        return summarize(found.size(), wanted.size(), refused, gaps, outcomes, matrix);
    }

    /**
     * The cases of several fixture directories, in their order.
     *
     * @param refused receives a sentence for each directory that holds none, and for each id that comes twice
     */
    static Map<String, Path> find(List<Path> directories, List<String> refused) {
        Map<String, Path> found = new LinkedHashMap<>();
        for (Path directory : directories) {
            try {
                for (Path path : FixtureDirectory.caseDirectories(directory)) {
                    String id = path.toAbsolutePath().normalize().getFileName() + "";
                    Path twin = found.putIfAbsent(id, path);
                    if (twin != null) {
                        refused.add(path + ": case " + id + " is also in " + twin + ", expected it once");
                    }
                }
            } catch (FixtureException e) {
                refused.add(e.getMessage() + "");
            }
        }
        return found;
    }

    private List<Outcome> outcomes(List<Path> wanted) {
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), wanted.size())));
        try {
            List<Future<Outcome>> futures = wanted.stream()
                    .map(path -> workers.submit(() -> outcome(path)))
                    .toList();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> future : futures) {
                outcomes.add(future.get());
                progress.update(outcomes.size(), wanted.size());
            }
            return outcomes;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the audit was interrupted", e);
        } finally {
            workers.shutdownNow();
        }
    }

    private Outcome outcome(Path path) {
        try {
            Case subject = CaseReader.read(path);
            Operation operation =
                    operations.computeIfAbsent(subject.operation(), name -> CaseAuditor.operation(subject));
            CaseAuditor auditor = new CaseAuditor(subject, operation, request.policy(), gallery);
            return request.actual().isPresent()
                    ? check(subject, auditor, request.actual().get())
                    : outcome(subject, auditor);
        } catch (FixtureException e) {
            progress.failed(path + "", e);
            return new Outcome(
                    path.getFileName() + "",
                    List.of(),
                    List.of(),
                    0,
                    List.of(),
                    List.of(),
                    List.of(e.getMessage() + ""),
                    List.of());
        }
    }

    private Outcome outcome(Case subject, CaseAuditor auditor) {
        List<String> engines = auditor.engines().stream()
                .map(Engine::name)
                .filter(request::asksFor)
                .toList();
        List<CaseAudit> audits = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        for (String engine : engines) {
            try {
                audits.add(auditor.audit(engine));
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                // An engine that throws is a failed port, and no reason to stop judging.
                gaps.add("case " + subject.id() + ": engine " + engine + " threw " + e);
                progress.failed("case " + subject.id() + ", engine " + engine, e);
            }
        }
        List<String> refused = new ArrayList<>();
        List<Matrix.Pair> pairs = List.of();
        if (!request.against().isEmpty() && gaps.isEmpty()) {
            try {
                pairs = Matrix.of(request, subject, refused, gaps);
            } catch (FixtureException e) {
                throw e;
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                gaps.add("case " + subject.id() + ": its pairs could not be compared: " + e);
                progress.failed("case " + subject.id() + ", pairs", e);
            }
        }
        return new Outcome(
                subject.id(),
                audits,
                pairs,
                (long) subject.expected().size() * engines.size(),
                List.of(),
                List.of(),
                refused,
                gaps);
    }

    private Outcome check(Case subject, CaseAuditor auditor, Path out) {
        List<String> left = subject.expected().keySet().stream()
                .filter(name -> !request.judges(name))
                .toList();
        long expected = subject.expected().size() - left.size();
        if (expected == 0) {
            return new Outcome(subject.id(), List.of(), List.of(), 0, left, List.of(), List.of(), List.of());
        }
        ActualArrays actual = ActualArrays.load(out, subject, request::judges);
        CaseAudit audit = auditor.check(request.engine(), actual);
        return new Outcome(
                subject.id(),
                audit.judgements().isEmpty() ? List.of() : List.of(audit),
                List.of(),
                expected,
                left,
                actual.unread(),
                actual.refused(),
                actual.gaps());
    }

    private AuditResult summarize(
            int found,
            int wanted,
            List<String> refused,
            List<String> otherGaps,
            List<Outcome> outcomes,
            Optional<Matrix> matrix) {
        List<CaseAudit> audits =
                outcomes.stream().flatMap(o -> o.audits().stream()).toList();
        List<Judgement> judgements =
                audits.stream().flatMap(a -> a.judgements().stream()).toList();
        List<String> gaps = new ArrayList<>(otherGaps);
        List<String> refusals = new ArrayList<>(refused);
        for (Outcome outcome : outcomes) {
            long judged = endToEnd(outcome.audits());
            refusals.addAll(outcome.refusals());
            gaps.addAll(outcome.gaps());
            if (!outcome.gaps().isEmpty() || outcome.isLeft()) {
                continue;
            }
            if (outcome.refusals().isEmpty() && outcome.audits().isEmpty()) {
                gaps.add("case " + outcome.name() + ": no engine was judged");
            } else if (outcome.refusals().isEmpty() && judged != outcome.arraysExpected()) {
                gaps.add("case " + outcome.name() + ": " + judged + " arrays judged, expected "
                        + outcome.arraysExpected());
            }
        }
        int left = (int) outcomes.stream().filter(Outcome::isLeft).count();
        if (left > 0 && left == wanted) {
            gaps.add("no case was judged: none of " + wanted + " has any of the arrays "
                    + String.join(", ", request.arrays()));
        }
        judgements.stream()
                .filter(j -> j.comparison().elements() == 0 && j.passes())
                .forEach(j -> gaps.add(j + " passed without an element"));
        return new AuditResult(
                request,
                List.copyOf(new TreeSet<>(audits.stream().map(CaseAudit::engine).toList())),
                audits,
                new Ledger(
                        found,
                        found - wanted + left,
                        (int) outcomes.stream()
                                .filter(o -> !o.audits().isEmpty())
                                .count(),
                        refusals,
                        outcomes.stream().mapToLong(Outcome::arraysExpected).sum(),
                        endToEnd(audits),
                        judgements.size(),
                        judgements.stream()
                                .mapToLong(j -> j.comparison().elements())
                                .sum(),
                        names(outcomes, Outcome::arraysLeft),
                        names(outcomes, Outcome::arraysUnread),
                        gaps),
                gallery.pictures(),
                matrix);
    }

    private static List<String> names(List<Outcome> outcomes, Function<Outcome, List<String>> part) {
        return outcomes.stream().flatMap(o -> part.apply(o).stream()).distinct().toList();
    }

    private static long endToEnd(List<CaseAudit> audits) {
        return audits.stream()
                .flatMap(a -> a.judgements().stream())
                .filter(j -> j.scope() == Scope.END_TO_END)
                .count();
    }
}
