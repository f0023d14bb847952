package org.npyparity.audit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;

/**
 * One case, judged for one engine.
 *
 * @param subject the case
 * @param engine the engine's name
 * @param judgements in the order of the stages, each local one before its end-to-end one
 * @param diagnosis what stands behind a failure; {@link Diagnosis#NONE} if nothing failed
 */
public record CaseAudit(Case subject, String engine, List<Judgement> judgements, Diagnosis diagnosis) {
    public CaseAudit {
        judgements = List.copyOf(judgements);
    }

    /** The worst verdict of all arrays. */
    public Verdict verdict() {
        return judgements.stream().map(j -> j.comparison().verdict()).reduce(Verdict.PARITY, Verdict::and);
    }

    /**
     * Where the bug is: the first stage that fails from correct predecessors. What is undecidable fails only where nothing
     * is wrong.
     */
    public Optional<Judgement> place() {
        Verdict whole = verdict();
        return judgements.stream()
                .filter(j -> j.scope() == Scope.LOCAL
                        && !j.passes()
                        && j.comparison().verdict() == whole)
                .findFirst();
    }

    /** The largest difference as a fraction of its bound, over all arrays. */
    public double worstFraction() {
        return judgements.stream()
                .map(j -> j.comparison().worstFraction())
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }

    /** How many elements were compared, local and end to end. */
    public long elements() {
        return judgements.stream().mapToLong(j -> j.comparison().elements()).sum();
    }
}
