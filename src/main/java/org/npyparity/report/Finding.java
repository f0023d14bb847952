package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.compare.Verdict;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/**
 * Failures of one kind.
 *
 * @param engine that fails
 * @param stage that fails first
 * @param array that it makes
 * @param local whether the stage fails from correct predecessors; otherwise only the end result is wrong
 * @param mistake that explains that stage; empty if none does
 * @param description of the mistake
 * @param evidence for it, in the example
 * @param outcomes worst first
 * @param example the one to look at
 * @param judged its judgement
 * @param others what else is wrong by itself in these cases, the most common first: {@code unpad → din_data (2 cases)}
 * @param consequences the arrays of the example that fail end to end alone
 */
public record Finding(
        String engine,
        String stage,
        String array,
        boolean local,
        String mistake,
        String description,
        String evidence,
        List<Outcome> outcomes,
        Outcome example,
        Judged judged,
        List<String> others,
        List<String> consequences) {
    /** Whether nothing is known to be wrong. */
    public boolean isUndecidable() {
        return judged.verdict() == Verdict.UNDECIDABLE;
    }

    /** What {@link #others} are. */
    public String further() {
        return (isUndecidable() ? "undecidable too" : "further stages that fail by themselves") + ": ";
    }

    /** The mistakes that the example cannot tell from the one that is named. */
    List<String> alike() {
        return example.run().mistakes(judged).stream()
                .skip(1)
                .map(Explanation::mistake)
                .toList();
    }

    /** Which side is wrong, by the elements of {@link #judged}. */
    public List<Arbitration> who() {
        return example.run().who(judged);
    }

    /** Failures by kind, the most common first. */
    static List<Finding> of(Cases cases) {
        Map<List<String>, List<Totals.Failure>> kinds = new LinkedHashMap<>();
        for (Totals.Failure f : cases.totals().failures()) {
            kinds.computeIfAbsent(List.of(f.engine(), f.stage(), f.mistake()), k -> new ArrayList<>())
                    .add(f);
        }
        return kinds.values().stream()
                .map(failures -> kind(cases, failures))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingInt((Finding f) -> f.outcomes().size())
                        .reversed())
                .toList();
    }

    /** The number of pairs of cells that differ in being outside: a large map, half of it wrong, shows most. */
    private static long pattern(Outcome outcome) {
        return outcome.run().worst().map(Judged::picture).stream()
                .mapToLong(p -> {
                    long cells = p.cells().stream().mapToLong(String::length).sum();
                    long outside = p.cells().stream()
                            .flatMapToInt(String::chars)
                            .filter(c -> c == '!' || Character.isLowerCase(c))
                            .count();
                    return outside * (cells - outside);
                })
                .sum();
    }

    /** The example is of ordinary data if there is one, and has the picture with the clearest pattern. */
    private static Optional<Finding> kind(Cases cases, List<Totals.Failure> failures) {
        Outcome example = failures.stream()
                .filter(f -> cases.isPictured(f.position()))
                .map(cases::outcome)
                .filter(o -> o.run().worst().map(Judged::picture).isPresent())
                .min(Comparator.<Outcome, Boolean>comparing(
                                o -> o.subject().family().equals("special"))
                        .thenComparing(o -> -pattern(o)))
                .orElseGet(() -> cases.outcome(failures.get(0)));
        return example.run().worst().map(judged -> {
            Set<String> places =
                    example.run().places().stream().map(Judged::array).collect(Collectors.toSet());
            Optional<Explanation> what = example.run().mistakes(judged).stream().findFirst();
            return new Finding(
                    example.run().engine(),
                    judged.stage(),
                    judged.array(),
                    !places.isEmpty(),
                    what.map(Explanation::mistake).orElse(""),
                    what.map(Explanation::description).orElse(""),
                    what.map(Explanation::evidence).orElse(""),
                    cases.outcomes(failures),
                    example,
                    judged,
                    others(failures),
                    example.run().judgements().stream()
                            .filter(j -> j.verdict() == Verdict.MISMATCH)
                            .map(Judged::array)
                            .filter(array -> !places.contains(array))
                            .distinct()
                            .toList());
        });
    }

    private static List<String> others(List<Totals.Failure> failures) {
        Map<String, Integer> cases = new LinkedHashMap<>();
        failures.forEach(f -> f.others().forEach(place -> cases.merge(place, 1, Integer::sum)));
        return cases.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(e -> e.getKey()
                        + (e.getValue() == failures.size() ? "" : " (" + Numbers.counted(e.getValue(), "case") + ")"))
                .toList();
    }
}
