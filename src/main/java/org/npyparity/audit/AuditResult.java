package org.npyparity.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.npyparity.compare.Verdict;

/**
 * All that an audit found.
 *
 * @param request what was asked
 * @param engines the names of the engines that were judged
 * @param audits one for each case and engine, in the order of the directories
 * @param ledger what was there and what was judged
 * @param pictures of the worst judgements, see {@link Gallery}
 * @param matrix which pairs agree; empty if none were asked for
 */
public record AuditResult(
        AuditRequest request,
        List<String> engines,
        List<CaseAudit> audits,
        Ledger ledger,
        Map<Gallery.Subject, Picture> pictures,
        Optional<Matrix> matrix) {
    public AuditResult {
        engines = List.copyOf(engines);
        audits = List.copyOf(audits);
        pictures = Map.copyOf(pictures);
    }

    /** A result without pictures or pairs. */
    public AuditResult(AuditRequest request, List<String> engines, List<CaseAudit> audits, Ledger ledger) {
        this(request, engines, audits, ledger, Map.of(), Optional.empty());
    }

    /** 0 parity, 1 mismatch (or undecidable, or a gap in the ledger), 2 bad input. */
    public int exitCode() {
        if (!ledger.refused().isEmpty()) {
            return 2;
        }
        return verdict().passes() && ledger.gaps().isEmpty() ? 0 : 1;
    }

    /** The worst verdict of all cases and pairs. */
    public Verdict verdict() {
        return audits.stream()
                .map(CaseAudit::verdict)
                .reduce(matrix.map(Matrix::verdict).orElse(Verdict.PARITY), Verdict::and);
    }
}
