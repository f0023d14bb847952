package org.npyparity.audit;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.operation.Operations;

/**
 * Audits fixture directories: each case is loaded, judged, handed on and let go, so memory does not grow with their
 * number.
 */
public final class Auditor {
    /** How many cases may be judged before one that comes before them in the order is. */
    private static final int AHEAD = 256;

    /** Is told of every case that is done, from any thread. */
    public interface Progress {
        /** Nobody listens. */
        Progress NONE = (done, of) -> {};

        void update(int done, int of);

        /** Is told of what a sentence of the ledger stands for, from any thread. */
        default void failed(String what, Throwable cause) {}
    }

    /** What one case came to. */
    private static final class Outcome {
        private final String name;
        private final List<CaseAudit> audits = new ArrayList<>();
        private List<Matrix.Pair> pairs = List.of();
        private long arraysExpected;
        /** The names of arrays that were not asked for, and of those of them that are there. */
        private List<String> arraysLeft = List.of();

        private List<String> arraysUnread = List.of();
        /** Sentences that refuse the case, or some of its arrays. */
        private final List<String> refused = new ArrayList<>();
        /** Sentences on what is missing. */
        private final List<String> gaps = new ArrayList<>();

        Outcome(String name) {
            this.name = name;
        }

        /** Whether the case has none of the arrays asked for. */
        boolean isLeft() {
            return arraysExpected == 0 && !arraysLeft.isEmpty();
        }
    }

    private final AuditRequest request;
    private final Progress progress;
    private final Consumer<List<CaseAudit>> judged;
    private final Gallery gallery = new Gallery();
    private final Sum sum = new Sum();
    private final List<Operation> operations = Operations.all();

    private Auditor(AuditRequest request, Progress progress, Consumer<List<CaseAudit>> judged) {
        this.request = request;
        this.progress = progress;
        this.judged = judged;
    }

    /** {@link #audit(AuditRequest, Progress, Consumer)} for whoever asks for the verdict and the ledger alone. */
    public static AuditResult audit(AuditRequest request, Progress progress) {
        return audit(request, progress, audits -> {});
    }

    /**
     * Judges what is asked for, on all cores. Bad input ends up in the ledger; everything else is still judged.
     *
     * @param judged is given what every engine came to in a case: case by case, in the order of the directories, by the
     *     calling thread
     */
    public static AuditResult audit(AuditRequest request, Progress progress, Consumer<List<CaseAudit>> judged) {
        return new Auditor(request, progress, judged).audit();
    }

    private AuditResult audit() {
        Map<String, Path> found = FixtureDirectory.find(request.directories(), sum.refused::add);
        int all = found.size();
        Stream.concat(request.actual().stream(), request.against().stream()).forEach(out -> {
            try {
                sum.gaps.addAll(ActualArrays.orphans(out, found.keySet()));
            } catch (FixtureException e) {
                sum.refused.add(e.getMessage() + "");
            }
        });
        Optional<List<Matrix.Party>> parties =
                request.against().isEmpty() ? Optional.empty() : Optional.of(Matrix.parties(request, found.values()));
        found.keySet().removeIf(request.includes().negate());
        Deque<Path> wanted = new ArrayDeque<>(found.values());
        int asked = wanted.size();
        // With many cases their names are most of what memory holds. Each path is let go with its case.
        found.clear();
        if (asked == 0) {
            sum.gaps.add("no case was judged: " + all + " found, none matches " + request.cases() + " in shard "
                    + request.shard());
        }
        judge(wanted);
        if (sum.left > 0 && sum.left == asked) {
            sum.gaps.add("no case was judged: none of " + asked + " has any of the arrays "
                    + String.join(", ", request.arrays()));
        }
        Optional<Matrix> matrix = parties.map(p -> new Matrix(p, sum.pairs));
        return new AuditResult(
                request,
                matrix.map(Matrix::verdict).orElse(Verdict.PARITY).and(sum.verdict),
                List.copyOf(sum.engines),
                sum.ledger(all, asked),
                gallery.pictures(),
                matrix);
    }

    /** All at once on the workers, but no more than {@link #AHEAD} of what is handed on. */
    private void judge(Deque<Path> wanted) {
        int asked = wanted.size();
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), asked)));
        try {
            Deque<Future<Outcome>> running = new ArrayDeque<>();
            for (int done = 0; done < asked; ) {
                if (!wanted.isEmpty() && running.size() < AHEAD) {
                    Path path = wanted.remove();
                    running.add(workers.submit(() -> outcome(path)));
                } else {
                    Outcome outcome = running.remove().get();
                    sum.add(outcome);
                    if (!outcome.audits.isEmpty()) {
                        judged.accept(outcome.audits);
                    }
                    progress.update(++done, asked);
                }
            }
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
            CaseProblem posed = CaseProblem.of(CaseReader.read(path), operations);
            ExpectedArrays expected = ExpectedArrays.load(posed, request.policy());
            return request.actual().isPresent()
                    ? check(expected, request.actual().get())
                    : audit(expected);
        } catch (FixtureException e) {
            progress.failed(path + "", e);
            Outcome outcome = new Outcome(path.getFileName() + "");
            outcome.refused.add(e.getMessage() + "");
            return outcome;
        }
    }

    private Outcome audit(ExpectedArrays expected) {
        Case subject = expected.subject();
        Outcome outcome = new Outcome(subject.id());
        CaseAuditor auditor = new CaseAuditor(expected, gallery);
        for (Engine engine : expected.posed().engines(request::asksFor)) {
            outcome.arraysExpected += subject.expected().size();
            try {
                outcome.audits.add(auditor.audit(engine.name()));
            } catch (RuntimeException | Error e) {
                // An engine that throws is a failed port, and no reason to stop judging.
                outcome.gaps.add("case " + subject.id() + ": engine " + engine.name() + " threw " + e);
                progress.failed("case " + subject.id() + ", engine " + engine.name(), e);
            }
        }
        if (!request.against().isEmpty() && outcome.gaps.isEmpty()) {
            try {
                outcome.pairs = Matrix.of(request, expected, outcome.refused, outcome.gaps);
            } catch (FixtureException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                outcome.gaps.add("case " + subject.id() + ": its pairs could not be compared: " + e);
                progress.failed("case " + subject.id() + ", pairs", e);
            }
        }
        return outcome;
    }

    private Outcome check(ExpectedArrays expected, Path out) {
        Case subject = expected.subject();
        Outcome outcome = new Outcome(subject.id());
        outcome.arraysLeft = subject.expected().keySet().stream()
                .filter(name -> !request.judges(name))
                .toList();
        outcome.arraysExpected = subject.expected().size() - outcome.arraysLeft.size();
        if (outcome.isLeft()) {
            return outcome;
        }
        ActualArrays actual = ActualArrays.load(out, subject, request::judges);
        CaseAudit audit = CaseChecker.check(expected, actual, request.engine(), gallery);
        if (!audit.judgements().isEmpty()) {
            outcome.audits.add(audit);
        }
        outcome.arraysUnread = actual.unread();
        outcome.refused.addAll(actual.refused());
        outcome.gaps.addAll(actual.gaps());
        return outcome;
    }

    /** What is kept of the cases that are done. */
    private static final class Sum {
        private final Set<String> engines = new TreeSet<>();
        private final List<String> refused = new ArrayList<>();
        private final List<String> gaps = new ArrayList<>();
        private List<Matrix.Pair> pairs = List.of();
        private Verdict verdict = Verdict.PARITY;
        private final Set<String> arraysLeft = new LinkedHashSet<>();
        private final Set<String> arraysUnread = new LinkedHashSet<>();
        private int left;
        private int judged;
        private long arraysExpected;
        private long arraysJudged;
        private long comparisons;
        private long elements;

        void add(Outcome outcome) {
            List<Judgement> judgements = outcome.audits.stream()
                    .flatMap(a -> a.judgements().stream())
                    .toList();
            long arrays = judgements.stream()
                    .filter(j -> j.scope() == Scope.END_TO_END)
                    .count();
            for (CaseAudit audit : outcome.audits) {
                engines.add(audit.engine());
                verdict = verdict.and(audit.verdict());
                elements += audit.elements();
            }
            if (!outcome.pairs.isEmpty()) {
                pairs = Matrix.sum(
                        Stream.concat(pairs.stream(), outcome.pairs.stream()).toList());
            }
            judged += outcome.audits.isEmpty() ? 0 : 1;
            arraysExpected += outcome.arraysExpected;
            arraysJudged += arrays;
            comparisons += judgements.size();
            refused.addAll(outcome.refused);
            gaps.addAll(outcome.gaps);
            left += outcome.isLeft() ? 1 : 0;
            arraysLeft.addAll(outcome.arraysLeft);
            arraysUnread.addAll(outcome.arraysUnread);
            if (outcome.gaps.isEmpty() && outcome.refused.isEmpty() && !outcome.isLeft()) {
                if (outcome.audits.isEmpty()) {
                    gaps.add("case " + outcome.name + ": no engine was judged");
                } else if (arrays != outcome.arraysExpected) {
                    gaps.add("case " + outcome.name + ": " + arrays + " arrays judged, expected "
                            + outcome.arraysExpected);
                }
            }
        }

        Ledger ledger(int found, int wanted) {
            return new Ledger(
                    found,
                    found - wanted + left,
                    judged,
                    refused,
                    arraysExpected,
                    arraysJudged,
                    comparisons,
                    elements,
                    List.copyOf(arraysLeft),
                    List.copyOf(arraysUnread),
                    gaps);
        }
    }
}
