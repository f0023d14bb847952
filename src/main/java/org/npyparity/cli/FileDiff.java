package org.npyparity.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Worst;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Ulp;
import org.npyparity.compare.Verdict;
import org.npyparity.jnpy.MappedNpy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.jnpy.NpyHeader;
import org.npyparity.jnpy.Order;

/**
 * Two files, compared block by block, so that neither need fit the heap.
 *
 * <p>float32 is compared as such, every other real dtype as float64. Integers past 2^53 that differ are told apart, but
 * shown rounded. Complex numbers are compared by their parts, on one more axis. Byte order and C or Fortran order make
 * no difference; where only one file is in Fortran order it is read to the heap to move its elements.
 */
final class FileDiff implements Closeable {
    private static final int BLOCK = 1 << 18;

    private final Elements actual;
    private final Elements expected;
    private final Optional<String> incomparable;
    private final boolean reversed;

    private FileDiff(Elements actual, Elements expected) throws IOException {
        this.actual = actual;
        this.expected = expected;
        this.incomparable = incomparable(actual.header(), expected.header());
        this.reversed = actual.order() == Order.FORTRAN && expected.order() == Order.FORTRAN;
        if (incomparable.isEmpty()) {
            actual.arrange(reversed);
            expected.arrange(reversed);
        }
    }

    static FileDiff open(Path actual, Path expected) throws IOException {
        Elements a = Elements.open(actual);
        try {
            return new FileDiff(a, Elements.open(expected));
        } catch (IOException e) {
            a.close();
            throw e;
        }
    }

    NpyHeader actual() {
        return actual.header();
    }

    NpyHeader expected() {
        return expected.header();
    }

    private static Optional<String> incomparable(NpyHeader actual, NpyHeader expected) {
        if (!Arrays.equals(actual.shape(), expected.shape())) {
            return Optional.of("shape is " + shapeText(actual) + ": expected " + shapeText(expected));
        }
        if (actual.dtype() != expected.dtype()) {
            return Optional.of("dtype is " + actual.dtype().numpyName() + ": expected "
                    + expected.dtype().numpyName());
        }
        return expected.size() == 0 ? Optional.of("the arrays are empty: nothing was compared") : Optional.empty();
    }

    /** A shape as Python writes it. */
    static String shapeText(NpyHeader header) {
        long[] shape = header.shape();
        String inner = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return shape.length == 1 ? "(" + inner + ",)" : "(" + inner + ")";
    }

    /** Compares by an exact or allclose policy. */
    Comparison compare(Policy policy) {
        return new Total(policy, null).compare();
    }

    /** Compares by distance in units in the last place: at most {@code ulp}. */
    Comparison compareUlp(long ulp) {
        return new Total(new Policy.Exact(false), ulp).compare();
    }

    @Override
    public void close() {
        actual.close();
        expected.close();
    }

    /** Some elements as numbers, and 64-bit integers also as what they are. */
    private record Run(NdArray values, long @Nullable [] integers) {
        static Run of(NpyArray run) {
            return switch (run.dtype()) {
                case FLOAT64 -> new Run(NdArray.of(run.doubles(), run.size()), null);
                case FLOAT32 -> new Run(NdArray.of(run.floats(), run.size()), null);
                case COMPLEX128 -> new Run(NdArray.of(run.complexDoubles(), 2 * run.size()), null);
                case COMPLEX64 -> new Run(NdArray.of(run.complexFloats(), 2 * run.size()), null);
                case INT64 -> new Run(NdArray.of(run.toDoublesRounded(), run.size()), run.longs());
                case UINT64 -> new Run(NdArray.of(run.toDoublesRounded(), run.size()), run.unsignedLongs());
                default -> new Run(NdArray.of(run.toDoubles(), run.size()), null);
            };
        }

        /** Moves integers that round to the same number as others, but are not equal to them, apart. */
        void partFrom(Run other) {
            if (integers != null && other.integers != null) {
                for (int i = 0; i < integers.length; i++) {
                    if (integers[i] != other.integers[i] && values.get(i) == other.values.get(i)) {
                        values.set(i, Math.nextUp(values.get(i)));
                    }
                }
            }
        }

        Run slice(int from, int to) {
            return new Run(
                    values.dtype() == DType.FLOAT64
                            ? NdArray.of(Arrays.copyOfRange(values.doubles(), from, to), to - from)
                            : NdArray.of(Arrays.copyOfRange(values.floats(), from, to), to - from),
                    integers == null ? null : Arrays.copyOfRange(integers, from, to));
        }
    }

    /** The elements of one file. */
    private static final class Elements implements Closeable {
        private final Path file;
        private final MappedNpy mapped;
        private MappedNpy source;
        private @Nullable Run moved;

        private Elements(Path file, MappedNpy mapped) {
            this.file = file;
            this.mapped = mapped;
            this.source = mapped;
        }

        static Elements open(Path file) throws IOException {
            return new Elements(file, Npy.open(file));
        }

        NpyHeader header() {
            return mapped.header();
        }

        Order order() {
            return mapped.order();
        }

        /** Makes runs follow the axes; or the reversed axes, as both files' elements stand in Fortran order. */
        void arrange(boolean reversed) throws IOException {
            if (reversed) {
                source = mapped.transpose();
            } else if (mapped.order() == Order.FORTRAN) {
                moved = Run.of(Npy.read(file).inOrder(Order.C));
            }
        }

        Run read(long from, int count) {
            if (moved != null) {
                int lanes = moved.values.size() / Math.toIntExact(mapped.size());
                return moved.slice((int) from * lanes, ((int) from + count) * lanes);
            }
            return Run.of(source.read(from, count));
        }

        @Override
        public void close() {
            mapped.close();
        }
    }

    /** The comparisons of all blocks, taken together. */
    private final class Total {
        private final Policy policy;
        private final @Nullable Long ulp;
        private final long[] shape;
        private final DType dtype;

        private long differing;
        private long failing;
        private boolean allZero = true;
        private Optional<Difference> absolute = Optional.empty();
        private Optional<Difference> relative = Optional.empty();
        private Optional<Difference> farthest = Optional.empty();
        private Optional<Difference> fraction = Optional.empty();
        private final List<Difference> first = new ArrayList<>();

        Total(Policy policy, @Nullable Long ulp) {
            this.policy = policy;
            this.ulp = ulp;
            boolean complex = lanes() == 2;
            long[] extents = expected().shape();
            long[] axes = reversed
                    ? IntStream.rangeClosed(1, extents.length)
                            .mapToLong(i -> extents[extents.length - i])
                            .toArray()
                    : extents;
            this.shape = complex
                    ? LongStream.concat(LongStream.of(axes), LongStream.of(2)).toArray()
                    : axes;
            this.dtype =
                    expected().itemBytes() / lanes() == Float.BYTES && isFloating() ? DType.FLOAT32 : DType.FLOAT64;
        }

        private int lanes() {
            return switch (expected().dtype()) {
                case COMPLEX64, COMPLEX128 -> 2;
                default -> 1;
            };
        }

        private boolean isFloating() {
            return switch (expected().dtype()) {
                case FLOAT32, COMPLEX64 -> true;
                default -> false;
            };
        }

        Comparison compare() {
            long size = incomparable.isPresent() ? 0 : expected().size();
            for (long from = 0; from < size; from += BLOCK) {
                int count = (int) Math.min(BLOCK, size - from);
                Run e = expected.read(from, count);
                Run a = actual.read(from, count);
                a.partFrom(e);
                add(from * lanes(), a.values, e.values);
            }
            return new Comparison(
                    incomparable.isPresent() || failing > 0 ? Verdict.MISMATCH : Verdict.PARITY,
                    policy,
                    dtype,
                    LongStream.of(shape).mapToObj(Math::toIntExact).toList(),
                    size * lanes(),
                    differing,
                    failing,
                    0,
                    0,
                    allZero,
                    new Worst(absolute, relative, farthest, fraction),
                    first,
                    incomparable,
                    Comparison.Violations.NONE);
        }

        private void add(long from, NdArray a, NdArray e) {
            Comparison part = Comparator.compare(a, e, policy, Bound.exact());
            differing += part.differing();
            allZero &= part.allZero();
            absolute = larger(absolute, place(part.worst().absolute(), from), Difference::absolute);
            relative = larger(relative, place(part.worst().relative(), from), Difference::relative);
            farthest = larger(farthest, place(part.worst().ulp(), from), Difference::ulp);
            if (ulp == null) {
                failing += part.failing();
                fraction = larger(fraction, place(part.worst().fraction(), from), Difference::fraction);
                part.first().forEach(d -> list(place(d, from)));
            } else if (part.differing() > 0) {
                for (int i = 0; i < e.size(); i++) {
                    double x = a.get(i);
                    double y = e.get(i);
                    long distance = Ulp.distance(dtype, x, y);
                    if (distance > ulp || distance < 0 && !(Double.isNaN(x) && Double.isNaN(y))) {
                        failing++;
                        list(place(new Difference(List.of(i), x, y, Double.NaN, distance), from));
                    }
                }
            }
        }

        private void list(Difference d) {
            if (first.size() < Comparison.LISTED) {
                first.add(d);
            }
        }

        private Optional<Difference> place(Optional<Difference> d, long from) {
            return d.map(value -> place(value, from));
        }

        /** The difference with its place in the whole array. */
        private Difference place(Difference d, long from) {
            long rest = from + d.index().get(0);
            Integer[] index = new Integer[shape.length];
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                index[axis] = Math.toIntExact(rest % shape[axis]);
                rest /= shape[axis];
            }
            List<Integer> places = new ArrayList<>(Arrays.asList(index));
            if (reversed) {
                java.util.Collections.reverse(places.subList(0, places.size() - (lanes() - 1)));
            }
            return new Difference(places, d.actual(), d.expected(), d.tolerance(), d.ulp());
        }
    }

    private static Optional<Difference> larger(
            Optional<Difference> one, Optional<Difference> other, java.util.function.ToDoubleFunction<Difference> by) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return by.applyAsDouble(other.get()) > by.applyAsDouble(one.get()) ? other : one;
    }
}
