package org.npyparity.audit;

import java.util.List;
import org.npyparity.compare.Verdict;

/**
 * What was there to be judged, and what was: nothing passes by comparing nothing.
 *
 * @param cases directories found
 * @param left how many of them another shard or the case filter leaves to somebody else, or have none of the arrays asked
 *     for
 * @param judged cases that at least one engine was judged on
 * @param refused bad input, one sentence for each case that could not be judged
 * @param arraysExpected (array, engine) pairs that should have been judged end to end
 * @param arraysJudged those that were
 * @param comparisons all comparisons, local and end to end
 * @param elements compared in all of them
 * @param arraysLeft names of arrays that are expected, but were not asked for
 * @param arraysUnread which of them are there all the same; nobody opened them
 * @param gaps what is missing without a reason, by name; any fails the audit
 */
public record Ledger(
        int cases,
        int left,
        int judged,
        List<String> refused,
        long arraysExpected,
        long arraysJudged,
        long comparisons,
        long elements,
        List<String> arraysLeft,
        List<String> arraysUnread,
        List<String> gaps) {
    public Ledger {
        refused = List.copyOf(refused);
        gaps = List.copyOf(gaps);
        // An earlier report.json has neither.
        arraysLeft = arraysLeft == null ? List.of() : List.copyOf(arraysLeft);
        arraysUnread = arraysUnread == null ? List.of() : List.copyOf(arraysUnread);
    }

    /** 0 parity, 1 mismatch (or undecidable, or a gap), 2 bad input. */
    public int exitCode(Verdict verdict) {
        if (!refused.isEmpty()) {
            return 2;
        }
        return verdict.passes() && gaps.isEmpty() ? 0 : 1;
    }
}
