package org.npyparity.audit;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The pictures that an audit keeps: for every array and engine the worst failing ones and the worst that passes.
 *
 * <p>Which ones are kept does not depend on the order in which they are offered, so neither on threads nor on shards;
 * and their number does not grow with that of the cases. Safe for use by several threads.
 */
public final class Gallery {
    /** How many failing judgements of one array, engine and scope get a picture, with a tolerance and without. */
    public static final int FAILING_KEPT = 8;

    /**
     * Whose picture.
     *
     * @param caseId of the case
     * @param engine its name
     * @param stage its name
     * @param array its name
     * @param scope of the judgement
     */
    public record Subject(String caseId, String engine, String stage, String array, Scope scope) {}

    /**
     * A picture and its rank.
     *
     * @param subject whose
     * @param passes whether the judgement passes
     * @param fraction the judgement's largest error as a fraction of the tolerance
     * @param picture the picture
     */
    public record Exhibit(Subject subject, boolean passes, double fraction, Picture picture) {}

    private static final Comparator<Exhibit> WORST_FIRST = Comparator.comparing(Exhibit::fraction)
            .reversed()
            .thenComparing(e -> e.subject().caseId())
            .thenComparing(e -> e.subject().scope())
            .thenComparing(e -> e.subject().stage());

    private record Wall(String engine, String array, String kind) {}

    private final Map<Wall, TreeSet<Exhibit>> walls = new HashMap<>();

    /** Takes a picture of a judgement, if it is among the worst of its kind so far. */
    void offer(String caseId, String engine, Judgement judgement, Supplier<Picture> picture) {
        if (judgement.comparison().elements() == 0
                || judgement.passes() && judgement.comparison().differing() == 0) {
            return;
        }
        Subject subject = new Subject(caseId, engine, judgement.stage(), judgement.array(), judgement.scope());
        double fraction = judgement.comparison().worstFraction();
        if (wants(subject, judgement.passes(), fraction)) {
            keep(new Exhibit(subject, judgement.passes(), fraction, picture.get()));
        }
    }

    /** Those that allow no difference hang apart: their fractions are all infinite and would crowd out the others. */
    private static Wall wall(Subject subject, boolean passes, double fraction) {
        return new Wall(
                subject.engine(),
                subject.array(),
                passes ? "passing" : "failing " + subject.scope() + Double.isInfinite(fraction));
    }

    private static int capacity(boolean passes) {
        return passes ? 1 : FAILING_KEPT;
    }

    private synchronized boolean wants(Subject subject, boolean passes, double fraction) {
        TreeSet<Exhibit> wall = walls.get(wall(subject, passes, fraction));
        if (wall == null || wall.size() < capacity(passes)) {
            return true;
        }
        Exhibit least = wall.last();
        return WORST_FIRST.compare(new Exhibit(subject, passes, fraction, least.picture()), least) < 0;
    }

    /** Hangs that picture, if it is among the worst of its kind so far. */
    public synchronized void keep(Exhibit exhibit) {
        TreeSet<Exhibit> wall = walls.computeIfAbsent(
                wall(exhibit.subject(), exhibit.passes(), exhibit.fraction()), w -> new TreeSet<>(WORST_FIRST));
        wall.add(exhibit);
        if (wall.size() > capacity(exhibit.passes())) {
            wall.pollLast();
        }
    }

    /** What is kept. */
    public synchronized Map<Subject, Picture> pictures() {
        Map<Subject, Picture> pictures = new LinkedHashMap<>();
        walls.values().forEach(wall -> wall.forEach(e -> pictures.put(e.subject(), e.picture())));
        return Collections.unmodifiableMap(pictures);
    }
}
