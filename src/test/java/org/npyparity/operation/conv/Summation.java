package org.npyparity.operation.conv;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.npyparity.array.DType;

/**
 * One way to compute sums of products, of those that correct implementations choose from.
 *
 * @param oneAccumulator whether the windows over a pixel are one sum, and not each summed before they are added up
 */
record Summation(Order order, Arithmetic arithmetic, boolean oneAccumulator, DType dtype) {
    private static final int LANES = 4;

    enum Order {
        SEQUENTIAL,
        REVERSED,
        SHUFFLED,
        ASCENDING,
        DESCENDING,
        PAIRWISE,
        BLOCKED
    }

    enum Arithmetic {
        /** Each product and each sum is rounded. */
        PLAIN,
        /** A product and the sum that it is added to are rounded once. */
        FMA,
        /** Sums of float32 in float64, those of float64 in a pair of float64; rounded at the end. */
        WIDER
    }

    static List<Summation> all(DType dtype) {
        List<Summation> all = new ArrayList<>();
        for (Order order : Order.values()) {
            for (Arithmetic arithmetic : Arithmetic.values()) {
                for (boolean oneAccumulator : new boolean[] {false, true}) {
                    all.add(new Summation(order, arithmetic, oneAccumulator, dtype));
                }
            }
        }
        return all;
    }

    double of(Sum sum) {
        if (oneAccumulator || sum.windows().length == 1) {
            return ofOneWindow(sum);
        }
        Sum.Builder windows = new Sum.Builder();
        for (int i = 0; i < sum.windows().length; i++) {
            windows.add(ofOneWindow(sum.part(i)), 1);
        }
        return ofOneWindow(windows.build());
    }

    private double ofOneWindow(Sum sum) {
        Sum s = ordered(sum);
        if (s.n() == 0) {
            return 0;
        }
        return switch (order) {
            case PAIRWISE -> pairwise(s, 0, s.n()).rounded();
            case BLOCKED -> {
                Accumulator[] lanes = new Accumulator[Math.min(LANES, s.n())];
                for (int i = 0; i < s.n(); i++) {
                    if (i < LANES) {
                        lanes[i] = new Accumulator();
                    }
                    lanes[i % LANES].addProduct(s.a()[i], s.b()[i]);
                }
                for (int i = 1; i < lanes.length; i++) {
                    lanes[0].add(lanes[i]);
                }
                yield lanes[0].rounded();
            }
            default -> {
                Accumulator accumulator = new Accumulator();
                for (int i = 0; i < s.n(); i++) {
                    accumulator.addProduct(s.a()[i], s.b()[i]);
                }
                yield accumulator.rounded();
            }
        };
    }

    private Accumulator pairwise(Sum s, int from, int to) {
        Accumulator sum = new Accumulator();
        if (to - from <= 2) {
            for (int i = from; i < to; i++) {
                sum.addProduct(s.a()[i], s.b()[i]);
            }
            return sum;
        }
        int middle = (from + to) / 2;
        sum.add(pairwise(s, from, middle));
        sum.add(pairwise(s, middle, to));
        return sum;
    }

    private Sum ordered(Sum sum) {
        if (order == Order.SEQUENTIAL || order == Order.PAIRWISE || order == Order.BLOCKED) {
            return sum;
        }
        List<Integer> indices =
                new ArrayList<>(IntStream.range(0, sum.n()).boxed().toList());
        Comparator<Integer> size = Comparator.comparingDouble(i -> Math.abs(sum.a()[i] * sum.b()[i]));
        switch (order) {
            case REVERSED -> Collections.reverse(indices);
            case SHUFFLED -> Collections.shuffle(indices, new Random(sum.n()));
            case ASCENDING -> indices.sort(size);
            default -> indices.sort(size.reversed());
        }
        return sum.reordered(indices.toArray(Integer[]::new));
    }

    /** A sum in the making. Float32 is computed in float64 and rounded after each operation, which is the same. */
    private final class Accumulator {
        private double high;
        private double low;

        void addProduct(double a, double b) {
            switch (arithmetic) {
                case PLAIN -> high = dtype.round(high + dtype.round(a * b));
                case FMA ->
                    high = dtype == DType.FLOAT64 ? Math.fma(a, b, high) : Math.fma((float) a, (float) b, (float) high);
                case WIDER -> {
                    double product = a * b;
                    addWide(product, dtype == DType.FLOAT64 ? Math.fma(a, b, -product) : 0);
                }
            }
        }

        void add(Accumulator other) {
            if (arithmetic == Arithmetic.WIDER) {
                addWide(other.high, other.low);
            } else {
                high = dtype.round(high + other.high);
            }
        }

        private void addWide(double x, double error) {
            double sum = high + x;
            double kept = sum - high;
            if (dtype == DType.FLOAT64) {
                low += (high - (sum - kept)) + (x - kept) + error;
            }
            high = sum;
        }

        double rounded() {
            // Past an overflow the errors mean nothing.
            double sum = high + low;
            return dtype.round(Double.isFinite(sum) ? sum : high);
        }
    }
}
