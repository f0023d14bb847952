package org.npyparity.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
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

    static final Comparator<Coverage> ORDER = order();

    private static Comparator<Coverage> order() {
        Comparator<@Nullable Integer> nullsFirst = Comparator.nullsFirst(Comparator.naturalOrder());
        return Comparator.comparing(Coverage::filterSize, nullsFirst)
                .thenComparing(Coverage::stride, nullsFirst)
                .thenComparing(Coverage::padding, nullsFirst)
                .thenComparing(Coverage::dtype)
                .thenComparing(Coverage::family);
    }

    /** The coverage of one case. */
    static Coverage of(Report.CaseEntry c) {
        Map<String, Tally> stages = new LinkedHashMap<>();
        c.runs().stream()
                .flatMap(r -> r.judgements().stream())
                .forEach(j -> stages.merge(j.stage(), Tally.of(j), Tally::plus));
        return new Coverage(
                c.parameter("filter_size"),
                c.parameter("stride"),
                c.parameter("padding"),
                c.dtype(),
                c.family(),
                1,
                stages);
    }

    /** What it covers, without how often: the same for all that can be added up. */
    Coverage kind() {
        return new Coverage(filterSize, stride, padding, dtype, family, 0, Map.of());
    }

    /** With another of the same kind. */
    Coverage plus(Coverage other) {
        Map<String, Tally> sum = new LinkedHashMap<>(stages);
        other.stages.forEach((stage, tally) -> sum.merge(stage, tally, Tally::plus));
        return new Coverage(filterSize, stride, padding, dtype, family, cases + other.cases, sum);
    }

    /** Over all stages. */
    public Tally total() {
        return stages.values().stream().reduce(Tally.NONE, Tally::plus);
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
