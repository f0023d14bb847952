package org.npyparity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Matrix;
import org.npyparity.audit.Matrix.Pair;

/** Which pairs of computations agree, as all renderers show it. Public only because templates see it by reflection. */
public final class PairsView {
    private final Matrix matrix;

    PairsView(Matrix matrix) {
        this.matrix = matrix;
    }

    /** Who computed, in the order of their letters. */
    public List<Matrix.Party> parties() {
        return matrix.parties();
    }

    /** Every two of them. */
    public List<Pair> all() {
        return matrix.pairs();
    }

    /**
     * A row of the pairs: one party beside all behind it.
     *
     * @param party its place
     * @param cells one for each party but the first; null where there is no pair
     */
    public record Row(int party, List<@Nullable Pair> cells) {}

    /** The upper triangle of the pairs, a row for each party but the last. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int a = 0; a < matrix.parties().size() - 1; a++) {
            List<@Nullable Pair> cells = new ArrayList<>();
            for (int b = 1; b < matrix.parties().size(); b++) {
                cells.add(pair(a, b));
            }
            rows.add(new Row(a, cells));
        }
        return rows;
    }

    private @Nullable Pair pair(int first, int second) {
        return matrix.pairs().stream()
                .filter(p -> p.first() == first && p.second() == second)
                .findFirst()
                .orElse(null);
    }

    /** The pairs that do not agree. */
    public List<Pair> apart() {
        return matrix.pairs().stream().filter(p -> !p.verdict().passes()).toList();
    }

    /** Two parties by their letters and names. */
    public String named(Pair pair) {
        return named(pair.first()) + " and " + named(pair.second());
    }

    private String named(int party) {
        return letter(party) + " (" + matrix.parties().get(party).name() + ")";
    }

    /** What a pair that does not agree is about. */
    public static String apart(Pair pair) {
        return pair.verdict().toString().toLowerCase(Locale.ROOT) + " in " + Numbers.count(pair.failing()) + " of "
                + Numbers.counted(pair.arrays(), "array") + ", worst / bound "
                + Numbers.measure(pair.worstFraction()) + " in "
                + pair.worst();
    }

    /** How a table calls a party: A to Z, then P26 and so on. */
    public static String letter(int party) {
        return party < 26 ? "" + (char) ('A' + party) : "P" + party;
    }

    /** How far a pair is apart: a cross if it does not agree, and the worst difference as a fraction of its bound. */
    public static String distance(Pair pair) {
        return (pair.verdict().passes() ? "" : "✗ ") + Numbers.measure(pair.worstFraction());
    }

    /** The share of equal bits. */
    public static String equalBits(Pair pair) {
        return Numbers.share(pair.equal(), pair.elements());
    }
}
