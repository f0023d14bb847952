package org.npyparity.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Ulp;

/**
 * Where in an array the differences lie, and how large they are in ULP: a heat map over two of its axes and a histogram.
 *
 * <p>A cell is the largest difference among the elements that fall into it, as one character:
 *
 * <ul>
 *   <li>{@code .} no difference;
 *   <li>{@code A} to {@code Z} inside the tolerance: {@code Z} more than half of it, {@code Y} more than a quarter, and
 *       so on by powers of two;
 *   <li>{@code a} to {@code z} outside: {@code a} less than four times the tolerance, {@code b} less than 16 times, and
 *       so on by powers of four. Under a policy without tolerance: {@code z} more than a quarter of the array's largest expected value,
 *       {@code y} more than a sixteenth, and so on by powers of four;
 *   <li>{@code ?} undecidable;
 *   <li>{@code !} outside: a NaN or an infinity on one side only.
 * </ul>
 *
 * @param measure what a cell says
 * @param axes the array's axes shown as rows and columns; -1 where it has none to show
 * @param names of those axes; empty if the operation does not name them
 * @param extents of those axes
 * @param cells rows of at most {@value #GRID} characters, at most {@value #GRID} of them
 * @param ulps the histogram
 */
public record Picture(
        Measure measure,
        List<Integer> axes,
        List<String> names,
        List<Integer> extents,
        List<String> cells,
        Histogram ulps) {
    /** The most rows and columns of a heat map. */
    public static final int GRID = 64;

    private static final String WORST_FIRST = "!zyxwvutsrqponmlkjihgfedcba?ZYXWVUTSRQPONMLKJIHGFEDCBA.";
    private static final int LETTERS = 26;

    /** What a cell says. */
    public enum Measure {
        /** |actual - expected| / tolerance. */
        TOLERANCE,
        /** |actual - expected| / the largest |expected|. */
        SCALE
    }

    /**
     * How many elements are how far apart in ULP. Bucket 0 is equality, bucket i ≥ 1 the distances from 2^(i-1) to
     * 2^i - 1.
     *
     * @param counts elements by bucket, up to the last that has any
     * @param failing how many of them are outside the policy, same buckets
     * @param nonfinite elements with a NaN or an infinity on one side only, in no bucket
     */
    public record Histogram(List<Long> counts, List<Long> failing, long nonfinite) {
        public Histogram {
            counts = List.copyOf(counts);
            failing = List.copyOf(failing);
        }
    }

    public Picture {
        axes = List.copyOf(axes);
        names = List.copyOf(names);
        extents = List.copyOf(extents);
        cells = List.copyOf(cells);
    }

    /**
     * Looks at two arrays of the same shape and type again.
     *
     * @param bound what {@link Policy.Certified} allows
     * @param names of the array's axes, outermost first; empty if they have none
     */
    static Picture of(NdArray actual, NdArray expected, Policy policy, Bound bound, List<String> names) {
        return new Painter(actual, expected, policy, bound).paint(names);
    }

    private static final class Painter {
        private final NdArray actual;
        private final NdArray expected;
        private final Policy policy;
        private final Bound bound;
        private final Measure measure;
        private final double scale;
        private final long[] counts = new long[Long.SIZE];
        private final long[] failing = new long[Long.SIZE];
        private long nonfinite;

        Painter(NdArray actual, NdArray expected, Policy policy, Bound bound) {
            this.actual = actual;
            this.expected = expected;
            this.policy = policy;
            this.bound = bound;
            boolean tolerant = policy instanceof Policy.Certified && !bound.isExact()
                    || policy instanceof Policy.AllClose close && (close.rtol() > 0 || close.atol() > 0);
            this.measure = tolerant ? Measure.TOLERANCE : Measure.SCALE;
            double largest = 0;
            for (int i = 0; i < expected.size(); i++) {
                double magnitude = Math.abs(expected.get(i));
                largest = magnitude <= Double.MAX_VALUE ? Math.max(largest, magnitude) : largest;
            }
            this.scale = largest;
        }

        Picture paint(List<String> names) {
            int[] shape = expected.shape();
            int[] axes = axes(shape);
            int rows = axes[0] < 0 ? 1 : shape[axes[0]];
            int columns = axes[1] < 0 ? 1 : shape[axes[1]];
            char[][] cells = new char[Math.min(rows, GRID)][Math.min(columns, GRID)];
            for (char[] row : cells) {
                Arrays.fill(row, '.');
            }
            int rowStride = stride(shape, axes[0]);
            int columnStride = stride(shape, axes[1]);
            for (int i = 0; i < expected.size(); i++) {
                char cell = cell(i);
                if (cell != '.') {
                    int row = (int) ((long) (i / rowStride % rows) * cells.length / rows);
                    int column = (int) ((long) (i / columnStride % columns) * cells[row].length / columns);
                    cells[row][column] = worse(cells[row][column], cell);
                }
            }
            List<String> named = new ArrayList<>();
            for (int axis : axes) {
                named.add(names.isEmpty() || axis < 0 ? "" : names.get(axis));
            }
            return new Picture(
                    measure,
                    List.of(axes[0], axes[1]),
                    names.isEmpty() ? List.of() : named,
                    List.of(rows, columns),
                    Arrays.stream(cells).map(String::new).toList(),
                    histogram());
        }

        /** A feature map is looked at from above; of other arrays the two longest axes are shown. */
        private static int[] axes(int[] shape) {
            if (shape.length == 4 && shape[1] > 1 && shape[2] > 1) {
                return new int[] {1, 2};
            }
            int first = -1;
            int second = -1;
            for (int axis = 0; axis < shape.length; axis++) {
                if (first < 0 || shape[axis] > shape[first]) {
                    second = first;
                    first = axis;
                } else if (second < 0 || shape[axis] > shape[second]) {
                    second = axis;
                }
            }
            return new int[] {Math.min(first, second), Math.max(first, second)};
        }

        private static int stride(int[] shape, int axis) {
            int stride = 1;
            for (int inner = shape.length - 1; inner > axis && axis >= 0; inner--) {
                stride *= shape[inner];
            }
            return stride;
        }

        private static char worse(char a, char b) {
            return WORST_FIRST.indexOf(a) <= WORST_FIRST.indexOf(b) ? a : b;
        }

        private char cell(int position) {
            double a = actual.get(position);
            double e = expected.get(position);
            double tolerance = tolerance(position, e);
            double difference = Math.abs(a - e);
            if (policy.isSame(a, e)) {
                counts[0]++;
                return Double.isNaN(tolerance) ? '?' : '.';
            }
            boolean finite = difference <= Double.MAX_VALUE;
            boolean allowed = policy instanceof Policy.Certified && bound.isAlternative(position, a);
            boolean fails = !allowed && !Double.isNaN(tolerance) && !(finite && difference <= tolerance);
            if (finite) {
                long ulp = Ulp.distance(expected.dtype(), a, e);
                // Zeros of two signs are 0 ULP apart, and yet may differ.
                int bucket = Long.SIZE - Long.numberOfLeadingZeros(ulp);
                counts[bucket]++;
                failing[bucket] += fails || difference == 0 ? 1 : 0;
            } else {
                nonfinite++;
            }
            if (allowed) {
                return 'Z';
            }
            if (Double.isNaN(tolerance)) {
                return '?';
            }
            return finite ? letter(difference, tolerance) : '!';
        }

        private double tolerance(int position, double expectedValue) {
            if (policy instanceof Policy.AllClose close) {
                return close.tolerance(expected.dtype(), expectedValue);
            }
            return policy instanceof Policy.Certified ? bound.at(position) : 0;
        }

        private char letter(double difference, double tolerance) {
            if (measure == Measure.SCALE) {
                return scale == 0 ? 'z' : outside(LETTERS - 1 - doublings(scale / difference) / 2);
            }
            double fraction = difference / tolerance;
            return fraction > 1
                    ? outside(doublings(fraction) / 2)
                    : (char) ('Z' - Math.min(LETTERS - 1, doublings(tolerance / difference)));
        }

        /** floor(log2(ratio)), at least 0. */
        private static int doublings(double ratio) {
            return Math.max(0, Math.getExponent(ratio));
        }

        private static char outside(int level) {
            return (char) ('a' + Math.max(0, Math.min(LETTERS - 1, level)));
        }

        private Histogram histogram() {
            int used = counts.length;
            while (used > 0 && counts[used - 1] == 0) {
                used--;
            }
            return new Histogram(
                    Arrays.stream(counts, 0, used).boxed().toList(),
                    Arrays.stream(failing, 0, used).boxed().toList(),
                    nonfinite);
        }
    }
}
