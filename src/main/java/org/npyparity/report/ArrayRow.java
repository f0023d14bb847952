package org.npyparity.report;

import org.jspecify.annotations.Nullable;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.report.Report.Judged;

/**
 * One array by one engine, over all cases. Public only because templates see it by reflection.
 *
 * @param array its name
 * @param engine its name
 * @param judged how many judgements
 * @param failed how many do not pass
 * @param elements compared
 * @param zeroSigns how many of them are zeros of two signs that pass for equal
 * @param fraction the largest error as a fraction of its tolerance, among the judgements that pass
 * @param relative the largest relative error among them
 * @param ulp the largest distance among them
 * @param power the smallest dropped term that every bound still notices, in mean terms
 * @param closest the case with the largest fraction; null if nothing that passes differs
 * @param place of that judgement
 */
public record ArrayRow(
        String array,
        String engine,
        int judged,
        int failed,
        long elements,
        long zeroSigns,
        double fraction,
        double relative,
        long ulp,
        double power,
        @Nullable String closest,
        Totals.Place place) {
    static ArrayRow of(Report.CaseEntry c, Report.Run run, Judged j, Totals.Place place) {
        boolean passes = j.passes();
        boolean differs = passes && j.differing() > 0;
        return new ArrayRow(
                j.array(),
                run.engine(),
                1,
                passes ? 0 : 1,
                j.elements(),
                j.zeroSigns(),
                differs ? j.worstFraction() : 0,
                passes ? j.byRelative().map(Difference::relative).orElse(0.0) : 0,
                passes ? j.byUlp().map(Difference::ulp).orElse(0L) : 0,
                j.noticedDrop(),
                differs ? c.id() : null,
                place);
    }

    ArrayRow plus(ArrayRow other) {
        boolean worse = other.closest != null && (closest == null || other.fraction > fraction);
        return new ArrayRow(
                array,
                engine,
                judged + other.judged,
                failed + other.failed,
                elements + other.elements,
                zeroSigns + other.zeroSigns,
                worse ? other.fraction : fraction,
                Math.max(relative, other.relative),
                Math.max(ulp, other.ulp),
                Math.max(power, other.power),
                worse ? other.closest : closest,
                worse ? other.place : place);
    }

    /** What is the same of all that passes, where nothing differs. */
    public String same() {
        return zeroSigns == 0 ? "same bits" : "same values";
    }
}
