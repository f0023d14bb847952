package org.npyparity.audit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Operation.Engine;

/** Audits fixture directories: each case is loaded, judged and let go, so memory does not grow with their number. */
public final class Auditor {

    /** Is told of every case that is done, from any thread. */
    public interface Progress {
        /** Nobody listens. */
        Progress NONE = (done, of) -> {};

        void update(int done, int of);
    }

    /** One case's outcome: audits, or the sentence that refuses it. */
    private record Outcome(String name, List<CaseAudit> audits, long arraysExpected, List<String> refusals) {}

    private final AuditRequest request;
    private final Progress progress;
    private final Gallery gallery = new Gallery();

    private Auditor(AuditRequest request, Progress progress) {
        this.request = request;
        this.progress = progress;
    }

    /**
     * Judges what is asked for, on all cores.
     *
     * @throws FixtureException if a directory holds no case, or two hold one of the same id
     */
    public static AuditResult audit(AuditRequest request, Progress progress) {
        return new Auditor(request, progress).audit();
    }

    private AuditResult audit() {
        Map<String, Path> found = new HashMap<>();
        List<Path> wanted = new ArrayList<>();
        for (Path directory : request.directories()) {
            for (Path path : FixtureDirectory.caseDirectories(directory)) {
                String id = path.toAbsolutePath().normalize().getFileName() + "";
                Path twin = found.putIfAbsent(id, path);
                if (twin != null) {
                    throw new FixtureException(path, "case " + id + " is also in " + twin + ": expected it once");
                }
                if (request.includes(id)) {
                    wanted.add(path);
                }
            }
        }
        return summarize(found.size(), wanted.size(), outcomes(wanted));
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
            CaseAuditor auditor = new CaseAuditor(subject, request.policy(), gallery);
            List<String> engines = CaseAuditor.engines(subject).stream()
                    .map(Engine::name)
                    .filter(name -> request.engine().equals(AuditRequest.ALL_ENGINES)
                            || request.engine().equals(name))
                    .toList();
            List<CaseAudit> audits = engines.stream().map(auditor::audit).toList();
            return new Outcome(subject.id(), audits, (long) subject.expected().size() * engines.size(), List.of());
        } catch (FixtureException e) {
            return new Outcome(path.getFileName() + "", List.of(), 0, List.of(e.getMessage() + ""));
        }
    }

    private AuditResult summarize(int found, int wanted, List<Outcome> outcomes) {
        List<CaseAudit> audits =
                outcomes.stream().flatMap(o -> o.audits().stream()).toList();
        List<Judgement> judgements =
                audits.stream().flatMap(a -> a.judgements().stream()).toList();
        List<String> gaps = new ArrayList<>();
        if (wanted == 0) {
            gaps.add("no case was judged: " + found + " found, none matches " + request.cases() + " in shard "
                    + request.shard());
        }
        for (Outcome outcome : outcomes) {
            long judged = endToEnd(outcome.audits());
            if (outcome.refusals().isEmpty() && outcome.audits().isEmpty()) {
                gaps.add("case " + outcome.name() + ": no engine was judged");
            } else if (judged != outcome.arraysExpected()) {
                gaps.add("case " + outcome.name() + ": " + judged + " arrays judged, expected "
                        + outcome.arraysExpected());
            }
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
                        found - wanted,
                        (int) outcomes.stream()
                                .filter(o -> !o.audits().isEmpty())
                                .count(),
                        outcomes.stream().flatMap(o -> o.refusals().stream()).toList(),
                        outcomes.stream().mapToLong(Outcome::arraysExpected).sum(),
                        endToEnd(audits),
                        judgements.size(),
                        judgements.stream()
                                .mapToLong(j -> j.comparison().elements())
                                .sum(),
                        gaps),
                gallery.pictures());
    }

    private static long endToEnd(List<CaseAudit> audits) {
        return audits.stream()
                .flatMap(a -> a.judgements().stream())
                .filter(j -> j.scope() == Scope.END_TO_END)
                .count();
    }
}
