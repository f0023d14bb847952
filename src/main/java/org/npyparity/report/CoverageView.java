package org.npyparity.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which combinations were judged, as a table. Public only because templates see it by reflection. */
public final class CoverageView {
    private final List<Coverage> coverage;

    CoverageView(List<Coverage> coverage) {
        this.coverage = coverage;
    }

    /**
     * A column of the coverage.
     *
     * @param dtype what is computed in
     * @param family how the data were chosen
     */
    public record Kind(String dtype, String family) {
        static Kind of(Coverage c) {
            return new Kind(c.dtype(), c.family());
        }
    }

    /**
     * A row of the coverage.
     *
     * @param geometry filter size, stride and padding; nulls for operations without
     * @param cells one for each {@link #kinds}; null where nothing was judged
     */
    public record Row(List<@Nullable Integer> geometry, List<@Nullable Coverage> cells) {}

    /** The columns of the coverage. */
    public List<Kind> kinds() {
        return coverage.stream()
                .map(Kind::of)
                .distinct()
                .sorted(Comparator.comparing(Kind::dtype).reversed().thenComparing(Kind::family))
                .toList();
    }

    /** How many neighbouring {@link #kinds} each dtype has. */
    public Map<String, Integer> dtypes() {
        Map<String, Integer> spans = new LinkedHashMap<>();
        kinds().forEach(k -> spans.merge(k.dtype(), 1, Integer::sum));
        return spans;
    }

    /** The rows of the coverage, over {@link #kinds}. */
    public List<Row> rows() {
        List<Kind> kinds = kinds();
        Map<List<@Nullable Integer>, Map<Kind, Coverage>> rows = new LinkedHashMap<>();
        for (Coverage c : coverage) {
            rows.computeIfAbsent(Arrays.asList(c.filterSize(), c.stride(), c.padding()), g -> new HashMap<>())
                    .put(Kind.of(c), c);
        }
        return rows.entrySet().stream()
                .map(row -> new Row(
                        row.getKey(), kinds.stream().map(row.getValue()::get).toList()))
                .toList();
    }
}
