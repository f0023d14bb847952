package org.npyparity.fuzz;

import static org.npyparity.conv.ConvGeometry.Field.BATCH;
import static org.npyparity.conv.ConvGeometry.Field.FILTER_SIZE;
import static org.npyparity.conv.ConvGeometry.Field.IN_DEPTH;
import static org.npyparity.conv.ConvGeometry.Field.IN_HEIGHT;
import static org.npyparity.conv.ConvGeometry.Field.IN_WIDTH;
import static org.npyparity.conv.ConvGeometry.Field.OUT_DEPTH;
import static org.npyparity.conv.ConvGeometry.Field.PADDING;
import static org.npyparity.conv.ConvGeometry.Field.STRIDE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.npyparity.array.DType;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.ConvGeometry.Field;
import org.npyparity.fuzz.LiveRounds.Round;
import org.npyparity.python.CaseSpec;

/**
 * Makes a failing case smaller for as long as it still fails, in the same way and for the same engine.
 *
 * <p>First sizes fall in large steps. Then the numbers are simplified, and all layers of a small box none of whose sizes
 * is larger than what is left are tried, from the smallest upwards, until neither finds anything. Sizes count before
 * numbers: batch, channels, pixels along the longer side, then the number of elements.
 */
final class Shrinker {
    /** Simple numbers first: {@code small} can be checked by hand. */
    private static final List<String> NUMBERS = List.of("special small", "exact", "chained", "document", "special");

    private static final Comparator<Shape> BY_SIZE = Comparator.<Shape>comparingInt(s -> s.get(BATCH))
            .thenComparingInt(s -> Math.max(s.get(IN_DEPTH), s.get(OUT_DEPTH)))
            .thenComparingInt(s -> Math.max(s.get(IN_HEIGHT), s.get(IN_WIDTH)))
            .thenComparingLong(Shrinker::elements)
            .thenComparingInt(s -> s.get(PADDING) + s.get(STRIDE) + s.get(FILTER_SIZE))
            .thenComparing(s -> s.parameters().toString());

    private static final Comparator<CaseSpec> BY_SIMPLICITY = Comparator.<CaseSpec, Shape>comparing(
                    c -> Shape.of(c.parameters()), BY_SIZE)
            .thenComparingInt(Shrinker::difficulty)
            .thenComparing(CaseSpec::dtype)
            .thenComparing(CaseSpec::operation)
            .thenComparingLong(CaseSpec::seed);

    /** The box in which every layer is tried: sides, filters, strides and paddings; batch and depths end at 2. */
    private static final int SIDE = 4;

    private static final int SEEDS_IN_BOX = 2;
    private static final int ROUND = 64;
    private static final int FIRST_ROUND = 8;
    private static final int SEEDS = 4;
    private static final int TRIES = 6000;

    private final LiveRounds rounds;
    private final Judge judge;
    private final String engine;
    private final Set<CaseSpec> tried = new HashSet<>();
    private Failure smallest;

    private Shrinker(LiveRounds rounds, Judge judge, String engine, Failure failure) {
        this.rounds = rounds;
        this.judge = judge;
        this.engine = engine;
        this.smallest = failure;
    }

    /**
     * Shrinks.
     *
     * @param engine that is to be judged
     * @param tries receives the number of cases that were judged meanwhile
     * @return the smallest failure found, {@code failure} itself if there is none
     */
    static Failure shrink(LiveRounds rounds, Judge judge, String engine, Failure failure, int[] tries) {
        Shrinker shrinker = new Shrinker(rounds, judge, engine, failure);
        shrinker.shrink();
        tries[0] = shrinker.tried.size();
        return shrinker.smallest;
    }

    private void shrink() {
        while (improve(fallen(smallest.spec()))) {}
        while (improve(simpler(smallest.spec())) || improve(box(smallest.spec()))) {}
    }

    /**
     * Tries candidates in their order, a few at a time, and stops at the first round in which one fails.
     *
     * @return whether one does; it is the smallest now
     */
    private boolean improve(List<CaseSpec> candidates) {
        List<CaseSpec> fresh = candidates.stream()
                .distinct()
                .filter(c -> BY_SIMPLICITY.compare(c, smallest.spec()) < 0 && !tried.contains(c))
                .toList();
        int size = FIRST_ROUND;
        for (int from = 0; from < fresh.size() && tried.size() < TRIES; from += size, size = ROUND) {
            List<CaseSpec> part = fresh.subList(from, Math.min(fresh.size(), from + size));
            tried.addAll(part);
            try (Round round = rounds.emit(part)) {
                Optional<Failure> best = judge.failures(round.cases(), engine).stream()
                        .filter(f -> f.kind() == smallest.kind() && f.engine().equals(smallest.engine()))
                        .min(Comparator.comparing(Failure::spec, BY_SIMPLICITY));
                if (best.isPresent()) {
                    smallest = best.get();
                    return true;
                }
            }
        }
        return false;
    }

    /** Sizes fallen to their least, to half, and by one: all of them, some together, each alone. */
    private static List<CaseSpec> fallen(CaseSpec from) {
        List<List<Field>> groups = new ArrayList<>(List.of(
                List.of(BATCH, IN_HEIGHT, IN_WIDTH, IN_DEPTH, OUT_DEPTH),
                List.of(IN_HEIGHT, IN_WIDTH),
                List.of(IN_DEPTH, OUT_DEPTH),
                List.of(IN_HEIGHT, IN_WIDTH, FILTER_SIZE),
                List.of(FILTER_SIZE, PADDING),
                List.of(FILTER_SIZE, STRIDE),
                List.of(IN_HEIGHT, IN_WIDTH, FILTER_SIZE, PADDING)));
        for (Field field : Field.values()) {
            groups.add(List.of(field));
        }
        Set<CaseSpec> candidates = new LinkedHashSet<>();
        for (int step = 0; step < 3; step++) {
            for (List<Field> group : groups) {
                Shape shape = Shape.of(from.parameters());
                for (Field field : group) {
                    int least = field == PADDING ? 0 : 1;
                    int value = shape.get(field);
                    shape.set(field, Math.max(least, step == 0 ? least : step == 1 ? value / 2 : value - 1));
                }
                candidates.add(with(from, shape.mended(), from.seed()));
                candidates.add(with(from, shape, 0));
            }
        }
        return List.copyOf(candidates);
    }

    /** Every layer none of whose sizes is larger, the smallest first, as far as they lie in the box. */
    private static List<CaseSpec> box(CaseSpec from) {
        List<Shape> shapes = new ArrayList<>(List.of(new Shape(1, 1, 1, 1, 1, 1, 1, 0)));
        Shape limit = Shape.of(from.parameters());
        for (Field field : Field.values()) {
            List<Shape> larger = new ArrayList<>();
            for (Shape shape : shapes) {
                int most = Math.min(
                        limit.get(field), field == BATCH || field == IN_DEPTH || field == OUT_DEPTH ? 2 : SIDE);
                for (int value = shape.get(field) + 1; value <= most; value++) {
                    larger.add(shape.copy().set(field, value));
                }
            }
            shapes.addAll(larger);
        }
        return shapes.stream()
                .filter(s -> s.get(FILTER_SIZE) <= s.largestFilter())
                .sorted(BY_SIZE)
                .flatMap(s -> LongStream.range(0, SEEDS_IN_BOX).mapToObj(seed -> with(from, s, seed)))
                .toList();
    }

    /** The same layer with simpler numbers. */
    private static List<CaseSpec> simpler(CaseSpec from) {
        List<CaseSpec> candidates = new ArrayList<>();
        for (String numbers : NUMBERS) {
            for (DType dtype : DType.values()) {
                for (String operation : List.of("conv2d", "conv2d_backward")) {
                    for (long seed = 0; seed < SEEDS; seed++) {
                        String[] family = numbers.split(" ");
                        Optional<String> variant = family.length > 1
                                ? Optional.of(family[1])
                                : family[0].equals("special") ? from.variant() : Optional.empty();
                        boolean exists = !family[0].equals("document") || operation.equals("conv2d_backward");
                        if (exists && (!family[0].equals("special") || variant.isPresent())) {
                            candidates.add(new CaseSpec(operation, family[0], variant, dtype, from.parameters(), seed));
                        }
                    }
                }
            }
        }
        candidates.sort(BY_SIMPLICITY);
        return candidates;
    }

    private static CaseSpec with(CaseSpec from, Shape shape, long seed) {
        return new CaseSpec(from.operation(), from.family(), from.variant(), from.dtype(), shape.parameters(), seed);
    }

    private static int difficulty(CaseSpec spec) {
        boolean small = spec.variant().equals(Optional.of("small"));
        return small ? 0 : NUMBERS.indexOf(spec.family());
    }

    /** Of all inputs and of the output. */
    private static long elements(Shape shape) {
        ConvGeometry g = shape.geometry();
        return (long) g.batch() * g.inHeight() * g.inWidth() * g.inDepth()
                + (long) g.patchSize() * g.outDepth()
                + (long) g.positions() * g.outDepth();
    }
}
