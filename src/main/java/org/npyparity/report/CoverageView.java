package org.npyparity.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
    public record Kind(String dtype, String family) {}

    /**
     * A row of the coverage.
     *
     * @param filterSize null for operations without one, as the next two
     * @param stride of the windows
     * @param padding of the input
     * @param cells one for each {@link #kinds}; null where nothing was judged
     */
    public record Row(
            @Nullable Integer filterSize,
            @Nullable Integer stride,
            @Nullable Integer padding,
            List<@Nullable Cell> cells) {}

    /**
     * A cell of the coverage.
     *
     * @param cases how many
     * @param total over all stages
     * @param stages by name
     */
    public record Cell(int cases, Coverage.Tally total, Map<String, Coverage.Tally> stages) {}

    /**
     * Neighbouring columns of one dtype.
     *
     * @param dtype its name
     * @param span how many
     */
    public record Group(String dtype, int span) {}

    /** The columns of the coverage. */
    public List<Kind> kinds() {
        return coverage.stream()
                .map(c -> new Kind(c.dtype(), c.family()))
                .distinct()
                .sorted(Comparator.comparing(Kind::dtype).reversed().thenComparing(Kind::family))
                .toList();
    }

    /** The groups of {@link #kinds}. */
    public List<Group> dtypes() {
        return kinds().stream()
                .map(Kind::dtype)
                .distinct()
                .map(d -> new Group(d, (int)
                        kinds().stream().filter(k -> k.dtype().equals(d)).count()))
                .toList();
    }

    /** The rows of the coverage, over {@link #kinds}. */
    public List<Row> rows() {
        List<Kind> kinds = kinds();
        Map<List<Optional<Integer>>, List<Coverage>> rows = new LinkedHashMap<>();
        for (Coverage c : coverage) {
            rows.computeIfAbsent(
                            Stream.of(
                                            Optional.ofNullable(c.filterSize()),
                                            Optional.ofNullable(c.stride()),
                                            Optional.ofNullable(c.padding()))
                                    .toList(),
                            k -> new ArrayList<>())
                    .add(c);
        }
        List<Row> table = new ArrayList<>();
        rows.forEach((geometry, found) -> {
            List<@Nullable Cell> cells = new ArrayList<>();
            for (Kind kind : kinds) {
                cells.add(found.stream()
                        .filter(c -> kind.equals(new Kind(c.dtype(), c.family())))
                        .map(c -> new Cell(c.cases(), c.total(), c.stages()))
                        .findFirst()
                        .orElse(null));
            }
            table.add(new Row(
                    geometry.get(0).orElse(null),
                    geometry.get(1).orElse(null),
                    geometry.get(2).orElse(null),
                    cells));
        });
        return table;
    }
}
