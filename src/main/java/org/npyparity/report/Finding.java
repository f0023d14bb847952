package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.Scope;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/**
 * Failures of one kind.
 *
 * @param engine that fails
 * @param stage that fails first
 * @param array that it makes
 * @param local whether the stage fails from correct predecessors; otherwise only the end result is wrong
 * @param mistake that explains them; empty if none does
 * @param description of the mistake
 * @param evidence for it, in the example
 * @param outcomes worst first
 * @param example the one to look at
 * @param judged its judgement
 * @param others the other judgements of the example that fail from correct predecessors: bugs of their own
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
        List<Judged> others,
        List<String> consequences) {
    /** The other stages that are wrong by themselves: {@code unpad → din_data}. */
    public List<String> otherPlaces() {
        return others.stream().map(j -> j.stage() + " → " + j.array()).toList();
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
            List<Judged> failing = example.run().judgements().stream()
                    .filter(j -> !j.passes() && !j.equals(judged))
                    .toList();
            List<Judged> others =
                    failing.stream().filter(j -> j.scope() == Scope.LOCAL).toList();
            Optional<Explanation> what = example.run().what().stream().findFirst();
            return new Finding(
                    example.run().engine(),
                    judged.stage(),
                    judged.array(),
                    example.run().place().isPresent(),
                    what.map(Explanation::mistake).orElse(""),
                    what.map(Explanation::description).orElse(""),
                    what.map(Explanation::evidence).orElse(""),
                    cases.outcomes(failures),
                    example,
                    judged,
                    others,
                    failing.stream()
                            .map(Judged::array)
                            .filter(array -> Stream.concat(Stream.of(judged), others.stream())
                                    .noneMatch(j -> j.array().equals(array)))
                            .distinct()
                            .toList());
        });
    }
}
