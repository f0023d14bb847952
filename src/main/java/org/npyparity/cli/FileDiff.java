package org.npyparity.cli;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Elements;
import org.npyparity.compare.Policy;
import org.npyparity.jnpy.MappedNpy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.jnpy.NpyHeader;
import org.npyparity.jnpy.Order;
import org.npyparity.report.Facts;

/**
 * Two files, compared from their mapped pieces, so that neither need fit the heap.
 *
 * <p>float32 is compared as such, every other real dtype as float64. Integers that differ are told apart even if they
 * round to the same number, and shown as they are; which of them are farthest apart is judged by what they round to. No
 * tolerance is: it is refused where one of two that differ is rounded. Complex numbers are compared by their parts, on
 * one more axis. Byte order and C or Fortran order make no difference; where only one file is in Fortran order it is read
 * to the heap to move its elements, and where both are the first five elements are the first in that order.
 */
final class FileDiff implements Closeable {
    private final Path file;
    private final MappedNpy actual;
    private final MappedNpy expected;
    private final Path actualFile;

    private FileDiff(Path actualFile, MappedNpy actual, Path file, MappedNpy expected) {
        this.actualFile = actualFile;
        this.actual = actual;
        this.file = file;
        this.expected = expected;
    }

    static FileDiff open(Path actual, Path expected) throws IOException {
        UsageException.requireFile(actual);
        UsageException.requireFile(expected);
        MappedNpy a = Npy.open(actual);
        try {
            return new FileDiff(actual, a, expected, Npy.open(expected));
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

    /**
     * Compares by a policy other than {@code certified}.
     *
     * @throws UsageException if an axis is longer than an index can count, or if a tolerance would judge what integers
     *     round to
     */
    Comparison compare(Policy policy) throws IOException {
        Optional<String> incomparable = incomparable(actual.header(), expected.header());
        if (incomparable.isPresent()) {
            MappedElements e = MappedElements.of(file, expected, true, null, false);
            return Comparison.incomparable(policy, e.dtype(), e.shape(), incomparable.get());
        }
        boolean reversed = actual.order() == Order.FORTRAN && expected.order() == Order.FORTRAN;
        MappedElements e = MappedElements.of(file, expected, reversed, null, false);
        MappedElements a = MappedElements.of(actualFile, actual, reversed, e, policy instanceof Policy.AllClose);
        Comparison comparison = Comparator.compare(a, e, policy, Bound.exact());
        return reversed ? unreversed(comparison, e.lanes()) : comparison;
    }

    private static Optional<String> incomparable(NpyHeader actual, NpyHeader expected) {
        if (!Arrays.equals(actual.shape(), expected.shape())) {
            return Optional.of("shape is " + shapeText(actual) + ": expected " + shapeText(expected));
        }
        if (actual.dtype() != expected.dtype()) {
            return Optional.of("dtype is " + actual.dtype().numpyName() + ": expected "
                    + expected.dtype().numpyName());
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        actual.close();
        expected.close();
    }

    /**
     * The values of an element that this comparison found, integers of any size as they are.
     *
     * @throws IllegalStateException if the files are closed
     */
    Facts.Shown shown(Difference d) {
        if (!expected.dtype().numpyName().contains("int")) {
            return Facts.Shown.of(d);
        }
        BigInteger a = integer(actual, d.index());
        BigInteger e = integer(expected, d.index());
        return new Facts.Shown(a + "", e + "", a.subtract(e).abs().doubleValue());
    }

    private static BigInteger integer(MappedNpy mapped, List<Integer> index) {
        boolean fortran = mapped.order() == Order.FORTRAN;
        MappedNpy source = fortran ? mapped.transpose() : mapped;
        List<Integer> axes = fortran ? unreversed(index, 1) : index;
        long[] shape = source.shape();
        long position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            position = position * shape[axis] + axes.get(axis);
        }
        NpyArray one = source.read(position, 1);
        return mapped.dtype() == org.npyparity.jnpy.DType.UINT64
                ? new BigInteger(Long.toUnsignedString(one.unsignedLongs()[0]))
                : BigInteger.valueOf(one.toLongs()[0]);
    }

    /** A shape as Python writes it. */
    static String shapeText(NpyHeader header) {
        long[] shape = header.shape();
        String inner = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return shape.length == 1 ? "(" + inner + ",)" : "(" + inner + ")";
    }

    /** The comparison of two transposes as one of the arrays: only the last axis of complex parts stays where it is. */
    private static Comparison unreversed(Comparison c, int lanes) {
        Comparison.Worst w = c.worst();
        return new Comparison(
                c.verdict(),
                c.policy(),
                c.dtype(),
                unreversed(c.shape(), lanes),
                c.elements(),
                c.differing(),
                c.zeroSigns(),
                c.failing(),
                c.undecidable(),
                c.ambiguous(),
                c.allZero(),
                new Comparison.Worst(
                        w.absolute().map(d -> unreversed(d, lanes)),
                        w.relative().map(d -> unreversed(d, lanes)),
                        w.ulp().map(d -> unreversed(d, lanes)),
                        w.fraction().map(d -> unreversed(d, lanes))),
                c.first().stream().map(d -> unreversed(d, lanes)).toList(),
                c.incomparable(),
                c.violations());
    }

    private static Difference unreversed(Difference d, int lanes) {
        return new Difference(unreversed(d.index(), lanes), d.actual(), d.expected(), d.tolerance(), d.ulp());
    }

    private static List<Integer> unreversed(List<Integer> axes, int lanes) {
        List<Integer> back = new ArrayList<>(axes);
        Collections.reverse(back.subList(0, back.size() - (lanes - 1)));
        return back;
    }

    /** The elements of one file, in C order of {@code source}. */
    private static final class MappedElements implements Elements {
        private final Path file;
        private final MappedNpy mapped;
        private final MappedNpy source;
        /** The whole array on the heap, if its elements had to be moved. */
        private final @Nullable NpyArray moved;
        /** What 64-bit integers are told apart from. */
        private final Optional<MappedElements> other;
        /** Whether those that differ from the other's must be doubles. */
        private final boolean tolerant;

        private MappedElements(
                Path file,
                MappedNpy mapped,
                MappedNpy source,
                @Nullable NpyArray moved,
                Optional<MappedElements> other,
                boolean tolerant) {
            this.file = file;
            this.mapped = mapped;
            this.source = source;
            this.moved = moved;
            this.other = other;
            this.tolerant = tolerant;
        }

        static MappedElements of(
                Path file, MappedNpy mapped, boolean reversed, @Nullable MappedElements other, boolean tolerant)
                throws IOException {
            boolean move = mapped.order() == Order.FORTRAN && !reversed;
            return new MappedElements(
                    file,
                    mapped,
                    reversed ? mapped.transpose() : mapped,
                    move ? Npy.read(file).inOrder(Order.C) : null,
                    Optional.ofNullable(other),
                    tolerant);
        }

        int lanes() {
            return switch (mapped.dtype()) {
                case COMPLEX64, COMPLEX128 -> 2;
                default -> 1;
            };
        }

        @Override
        public DType dtype() {
            return switch (mapped.dtype()) {
                case FLOAT32, COMPLEX64 -> DType.FLOAT32;
                default -> DType.FLOAT64;
            };
        }

        @Override
        public int[] shape() {
            long[] axes = source.shape();
            if (LongStream.of(axes).anyMatch(extent -> extent > Integer.MAX_VALUE)) {
                throw new UsageException(file + ": shape is " + shapeText(mapped.header())
                        + ", diff expects no axis longer than 2^31 - 1; reshape the array");
            }
            IntStream extents = LongStream.of(axes).mapToInt(Math::toIntExact);
            return (lanes() == 2 ? IntStream.concat(extents, IntStream.of(2)) : extents).toArray();
        }

        @Override
        public void read(long start, double[] to, int length) {
            long from = start / lanes();
            int count = length / lanes();
            switch (mapped.dtype()) {
                case INT64, UINT64 -> {
                    long[] integers = integers(from, count);
                    boolean unsigned = mapped.dtype() == org.npyparity.jnpy.DType.UINT64;
                    for (int i = 0; i < count; i++) {
                        to[i] = rounded(integers[i], unsigned);
                    }
                    other.ifPresent(o -> {
                        long[] others = o.integers(from, count);
                        if (tolerant) {
                            requireDoubles(integers, others, unsigned);
                        }
                        part(integers, others, to, unsigned);
                    });
                }
                case COMPLEX128 -> System.arraycopy(run(from, count).complexDoubles(), at(start), to, 0, length);
                case COMPLEX64 -> widen(run(from, count).complexFloats(), at(start), to, length);
                case FLOAT64 -> System.arraycopy(run(from, count).doubles(), at(start), to, 0, length);
                case FLOAT32 -> widen(run(from, count).floats(), at(start), to, length);
                default -> System.arraycopy(run(from, count).toDoubles(), at(start), to, 0, length);
            }
        }

        /** What holds the elements from {@code from} on: a run of them, or all. */
        private NpyArray run(long from, int count) {
            return moved != null ? moved : source.read(from, count);
        }

        private int at(long start) {
            return moved != null ? Math.toIntExact(start) : 0;
        }

        private long[] integers(long from, int count) {
            NpyArray run = run(from, count);
            long[] whole = mapped.dtype() == org.npyparity.jnpy.DType.UINT64 ? run.unsignedLongs() : run.longs();
            return moved != null ? Arrays.copyOfRange(whole, at(from), at(from) + count) : whole;
        }

        private static void widen(float[] from, int at, double[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = from[at + i];
            }
        }

        /** Moves integers that round to the same number as others, but are not equal to them, apart. */
        private static void part(long[] mine, long[] others, double[] to, boolean unsigned) {
            for (int i = 0; i < mine.length; i++) {
                if (mine[i] != others[i] && to[i] == rounded(others[i], unsigned)) {
                    to[i] = Math.nextUp(to[i]);
                }
            }
        }

        private void requireDoubles(long[] mine, long[] others, boolean unsigned) {
            for (int i = 0; i < mine.length; i++) {
                if (mine[i] != others[i] && !(isDouble(mine[i], unsigned) && isDouble(others[i], unsigned))) {
                    throw new UsageException(
                            file + ": a tolerance would judge what " + text(mine[i], unsigned) + " and "
                                    + text(others[i], unsigned)
                                    + " round to: --rtol and --atol expect integers that are"
                                    + " doubles, as all up to 2^53 are; without them integers of any size are compared exactly");
                }
            }
        }

        /** Whether it has no more significant bits than a double. */
        private static boolean isDouble(long integer, boolean unsigned) {
            long magnitude = unsigned ? integer : Math.abs(integer);
            return Long.SIZE - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude) <= 53;
        }

        private static String text(long integer, boolean unsigned) {
            return unsigned ? Long.toUnsignedString(integer) : Long.toString(integer);
        }

        private static double rounded(long integer, boolean unsigned) {
            // Halved with its last bit kept, so that the rounding is the same as of the whole.
            return unsigned && integer < 0 ? 2.0 * ((integer >>> 1) | (integer & 1)) : integer;
        }
    }
}
