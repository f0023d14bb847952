package org.npyparity.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.Judgement;
import org.npyparity.compare.Verdict;
import org.npyparity.fuzz.Failure.Kind;

/** Judges cases by a whole audit, its ledger included. */
public final class AuditJudge implements Judge {
    private static final Pattern THREW = Pattern.compile("engine ([^ ]+) threw");

    private final Auditor.Progress listener;

    /**
     * A judge.
     *
     * @param listener is told of the exceptions behind failures; of progress it hears nothing
     */
    public AuditJudge(Auditor.Progress listener) {
        this.listener = listener;
    }

    @Override
    public List<Failure> failures(List<Emitted> cases, String engine) {
        if (cases.isEmpty()) {
            return List.of();
        }
        Path directory =
                Objects.requireNonNull(cases.get(0).directory().toAbsolutePath().getParent());
        Auditor.Progress silent = new Auditor.Progress() {
            @Override
            public void update(int done, int of) {}

            @Override
            public void failed(String what, Throwable cause) {
                listener.failed(what, cause);
            }
        };
        Map<String, List<CaseAudit>> audits = new HashMap<>();
        AuditResult result = Auditor.audit(
                AuditRequest.of(directory).withEngine(engine),
                silent,
                judged -> audits.put(judged.get(0).subject().id(), judged));
        List<Failure> failures = new ArrayList<>();
        for (Emitted emitted : cases) {
            String id = emitted.id();
            audits.getOrDefault(id, List.of()).stream()
                    .filter(a -> !a.verdict().passes())
                    .forEach(a -> failures.add(failure(emitted, a)));
            result.ledger().refused().stream()
                    .filter(s -> s.contains(id))
                    .forEach(s -> failures.add(other(emitted, "", Kind.REFUSED, s)));
            result.ledger().gaps().stream().filter(s -> s.contains(id)).forEach(s -> failures.add(gap(emitted, s)));
        }
        if (failures.isEmpty() && (result.exitCode() != 0 || result.ledger().judged() != cases.size())) {
            throw new IllegalStateException(
                    "an audit of " + cases.size() + " cases fails without a case: " + result.ledger());
        }
        return failures;
    }

    /** What an audit that does not pass found. */
    public static Failure failure(Emitted emitted, CaseAudit audit) {
        Optional<Judgement> first = audit.place()
                .or(() -> audit.judgements().stream().filter(j -> !j.passes()).findFirst());
        return new Failure(
                emitted.spec(),
                emitted.id(),
                audit.engine(),
                audit.verdict() == Verdict.MISMATCH ? Kind.MISMATCH : Kind.UNDECIDABLE,
                first,
                first.map(j -> j.stage() + " → " + j.array() + ", " + j.scope()).orElse("nothing was judged"),
                audit.diagnosis().what().stream()
                        .filter(w -> first.filter(j -> w.explains(j.stage())).isPresent())
                        .map(Explanation::mistake)
                        .toList());
    }

    private static Failure gap(Emitted emitted, String sentence) {
        Matcher engine = THREW.matcher(sentence);
        return engine.find()
                ? other(emitted, engine.group(1), Kind.THREW, sentence)
                : other(emitted, "", Kind.REFUSED, sentence);
    }

    private static Failure other(Emitted emitted, String engine, Kind kind, String sentence) {
        // The scratch directory is gone by the time that anybody reads this.
        String lasting = sentence.replace(emitted.directory() + "/", "").replace(emitted.directory() + ": ", "");
        return new Failure(emitted.spec(), emitted.id(), engine, kind, Optional.empty(), lasting, List.of());
    }
}
