package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was judged of one kind of case.
 *
 * @param filterSize of a convolution; null for operations without one, as the next two
 * @param stride of a convolution
 * @param padding of a convolution
 * @param dtype what is computed in
 * @param family how the data were chosen
 * @param cases how many
 * @param stages by stage: what was judged
 */
public record Coverage(
        @Nullable Integer filterSize,
        @Nullable Integer stride,
        @Nullable Integer padding,
        String dtype,
        String family,
        int cases,
        Map<String, Tally> stages) {
    public Coverage {
        stages = Report.copy(stages);
    }

    private Coverage with(List<Report.CaseEntry> members) {
        Map<String, Tally> tallies = new LinkedHashMap<>();
        members.stream()
                .flatMap(c -> c.runs().stream())
                .flatMap(r -> r.judgements().stream())
                .forEach(j -> tallies.merge(j.stage(), Tally.of(j), Tally::plus));
        return new Coverage(filterSize, stride, padding, dtype, family, members.size(), tallies);
    }

    /** Over all stages. */
    Tally total() {
        return stages.values().stream().reduce(Tally.NONE, Tally::plus);
    }

    /** The coverage of these cases. */
    static List<Coverage> of(List<Report.CaseEntry> cases) {
        Map<Coverage, List<Report.CaseEntry>> kinds = new LinkedHashMap<>();
        for (Report.CaseEntry c : cases) {
            kinds.computeIfAbsent(
                            new Coverage(
                                    c.parameter("filter_size"),
                                    c.parameter("stride"),
                                    c.parameter("padding"),
                                    c.dtype(),
                                    c.family(),
                                    0,
                                    Map.of()),
                            k -> new ArrayList<>())
                    .add(c);
        }
        Comparator<@Nullable Integer> order = Comparator.nullsFirst(Comparator.naturalOrder());
        return kinds.entrySet().stream()
                .map(e -> e.getKey().with(e.getValue()))
                .sorted(Comparator.comparing(Coverage::filterSize, order)
                        .thenComparing(Coverage::stride, order)
                        .thenComparing(Coverage::padding, order)
                        .thenComparing(Coverage::dtype)
                        .thenComparing(Coverage::family))
                .toList();
    }

    /**
     * Judgements, counted.
     *
     * @param judged by all engines, local and end to end
     * @param failed how many do not pass
     * @param worst the largest error as a fraction of its tolerance
     */
    public record Tally(int judged, int failed, double worst) {
        static final Tally NONE = new Tally(0, 0, 0);

        static Tally of(Report.Judged judgement) {
            return new Tally(1, judgement.passes() ? 0 : 1, judgement.worstFraction());
        }

        Tally plus(Tally other) {
            return new Tally(judged + other.judged, failed + other.failed, Math.max(worst, other.worst));
        }
    }
}
