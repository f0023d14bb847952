package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.compare.Verdict;
import org.npyparity.report.Report.CaseEntry;
import org.npyparity.report.Report.Judged;

/**
 * What the cases of a report come to, added up as they come: of the cases themselves it keeps no more than where they
 * stand and their ids.
 */
final class Totals {
    /**
     * Where a judgement stands.
     *
     * @param subject position of the case
     * @param run its position in the case
     * @param judgement its position in the run
     */
    record Place(int subject, int run, int judgement) {
        String key() {
            return subject + "." + run + "." + judgement;
        }
    }

    /**
     * A case that an engine does not pass.
     *
     * @param position of the case
     * @param run the engine's position in the case
     * @param id of the case
     * @param engine its name
     * @param verdict the worst of the judgements
     * @param fraction the largest error as a fraction of its tolerance
     * @param stage of the judgement that says most
     * @param mistake that explains that stage best; empty if none does
     * @param others what else is wrong by itself: {@code unpad → din_data like “padding sliced as padding:”}
     */
    record Failure(
            int position,
            int run,
            String id,
            String engine,
            Verdict verdict,
            double fraction,
            String stage,
            String mistake,
            List<String> others) {
        static final Comparator<Failure> WORST_FIRST = Comparator.comparing(Failure::verdict)
                .thenComparing(Failure::fraction)
                .reversed()
                .thenComparing(Failure::id)
                .thenComparing(Failure::engine);
    }

    private final List<String> ids = new ArrayList<>();
    private final List<Integer> directories = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Map<Coverage, Coverage> coverage = new LinkedHashMap<>();
    private final Map<String, Coverage.Tally> tallies = new HashMap<>();
    private final Map<String, Equality> equalities = new HashMap<>();
    private final Map<String, Map<String, ArrayRow>> rows = new HashMap<>();
    /** Names in the order of computation, of every kind of case, and from how many judgements they come. */
    private final Map<List<String>, Integer> arrays = new LinkedHashMap<>();

    private final Map<List<String>, Integer> stages = new LinkedHashMap<>();
    private Verdict verdict = Verdict.PARITY;
    private double worstFraction;
    private boolean everyToleranceIsDerived = true;

    void add(CaseEntry entry) {
        List<String> names = new ArrayList<>();
        for (int r = 0; r < entry.runs().size(); r++) {
            Report.Run run = entry.runs().get(r);
            verdict = verdict.and(run.verdict());
            worstFraction = Math.max(worstFraction, run.worstFraction());
            if (!run.passes()) {
                failures.add(failure(entry, r));
            }
            List<String> stageNames = new ArrayList<>();
            for (int j = 0; j < run.judgements().size(); j++) {
                Judged judged = run.judgements().get(j);
                Place place = new Place(ids.size(), r, j);
                rows.computeIfAbsent(judged.array(), a -> new TreeMap<>())
                        .merge(run.engine(), ArrayRow.of(entry, run, judged, place), ArrayRow::plus);
                tallies.merge(run.engine(), Coverage.Tally.of(judged), Coverage.Tally::plus);
                names.add(judged.array());
                stageNames.add(judged.stage());
            }
            Equality equality = Equality.of(entry, run);
            if (equality != null) {
                equalities.merge(run.engine(), equality, Equality::plus);
            }
            List<String> distinct = stageNames.stream().distinct().toList();
            stages.putIfAbsent(distinct, distinct.size());
        }
        everyToleranceIsDerived &= !entry.policy().startsWith("allclose");
        arrays.merge(names.stream().distinct().toList(), names.size(), Math::max);
        Coverage kind = Coverage.of(entry);
        coverage.merge(kind.kind(), kind, Coverage::plus);
        ids.add(entry.id());
        directories.add(entry.directory());
    }

    private Failure failure(CaseEntry entry, int position) {
        Report.Run run = entry.runs().get(position);
        return new Failure(
                ids.size(),
                position,
                entry.id(),
                run.engine(),
                run.verdict(),
                run.worstFraction(),
                run.worst().map(Judged::stage).orElse(""),
                run.worst().map(j -> mistake(run, j)).orElse(""),
                run.places().stream().skip(1).map(j -> other(run, j)).toList());
    }

    private static String mistake(Report.Run run, Judged judged) {
        return run.mistakes(judged).stream()
                .map(Explanation::mistake)
                .findFirst()
                .orElse("");
    }

    private static String other(Report.Run run, Judged judged) {
        String mistake = mistake(run, judged);
        return judged.step() + (mistake.isEmpty() ? "" : " like “" + mistake + "”");
    }

    /** The cases' names, by position. */
    List<String> ids() {
        return ids;
    }

    /** The index of the fixture directory that the case at that position is in. */
    int directory(int position) {
        return directories.get(position);
    }

    /** The worst verdict of all. */
    Verdict verdict() {
        return verdict;
    }

    /** Whether no case was judged by a tolerance that somebody chose. */
    boolean everyToleranceIsDerived() {
        return everyToleranceIsDerived;
    }

    /** The largest error as a fraction of its tolerance. */
    double worstFraction() {
        return worstFraction;
    }

    /** Those that do not pass, the worst first. */
    List<Failure> failures() {
        return failures.stream().sorted(Failure.WORST_FIRST).toList();
    }

    /** Which combinations were judged. */
    List<Coverage> coverage() {
        return coverage.values().stream().sorted(Coverage.ORDER).toList();
    }

    /** All judgements of an engine. */
    Coverage.Tally tally(String engine) {
        return tallies.getOrDefault(engine, Coverage.Tally.NONE);
    }

    /** How much of what an engine computed is NumPy's to the bit; null if there is nothing to share. */
    @Nullable
    Equality equality(String engine) {
        return equalities.get(engine);
    }

    /** Every array by every engine, in the order of computation. */
    List<ArrayRow> arrays() {
        return names(arrays).stream()
                .flatMap(array -> rows.getOrDefault(array, Map.of()).values().stream())
                .toList();
    }

    /** The stages that were judged, in the order of computation. */
    List<String> stages() {
        return names(stages);
    }

    /** The order of the longest computation, then of the others for what it has not. */
    private static List<String> names(Map<List<String>, Integer> orders) {
        Set<String> names = new LinkedHashSet<>();
        orders.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Integer>comparingByValue().reversed())
                .forEach(e -> names.addAll(e.getKey()));
        return List.copyOf(names);
    }
}
