package org.npyparity.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.npyparity.compare.Verdict;

/**
 * What an audit found, but for the cases themselves: {@link Auditor#audit} hands those on one by one.
 *
 * @param request what was asked
 * @param verdict the worst of all cases and pairs
 * @param engines the names of the engines that were judged
 * @param ledger what was there and what was judged
 * @param pictures of the worst judgements, see {@link Gallery}
 * @param matrix which pairs agree; empty if none were asked for
 */
public record AuditResult(
        AuditRequest request,
        Verdict verdict,
        List<String> engines,
        Ledger ledger,
        Map<Gallery.Subject, Picture> pictures,
        Optional<Matrix> matrix) {
    public AuditResult {
        engines = List.copyOf(engines);
        pictures = Map.copyOf(pictures);
    }

    /** 0 parity, 1 mismatch (or undecidable, or a gap in the ledger), 2 bad input. */
    public int exitCode() {
        return ledger.exitCode(verdict);
    }
}
