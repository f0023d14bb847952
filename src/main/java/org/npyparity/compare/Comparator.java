package org.npyparity.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Comparison.Worst;

/**
 * Judges an array against its expected values in one pass, on all cores if it is large.
 *
 * <p>The result does not depend on the number of cores: what is found in each piece of an array is
 * exact, and put together in their order.
 */
public final class Comparator {
    /** Elements in one piece of work for one core, at least: some 50 µs, more than it takes to wake a core. */
    static final int PIECE = 1 << 17;

    /** Pieces at most: enough that cores which are not equally fast end together. */
    private static final int PIECES = 4 * Runtime.getRuntime().availableProcessors();

    /** Whether the JVM was started with the module of the Vector API. */
    static final boolean HAS_VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /**
     * The JIT takes a second and more before it has compiled vectors well. A JVM that has compared so many elements
     * without them has spent as much, and is likely to compare as many again.
     */
    private static final long WORTH_VECTORS = 1L << 29;

    private static final LongAdder COMPARED = new LongAdder();

    private final Elements actual;
    private final Elements expected;
    private final Policy policy;
    private final Bound bound;
    private final boolean vectors;
    private final int[] shape;
    private final long size;
    private final int pieces;

    private Comparator(Elements actual, Elements expected, Policy policy, Bound bound, boolean vectors, int pieces) {
        this.actual = actual;
        this.expected = expected;
        this.policy = policy;
        this.bound = bound;
        this.vectors = vectors;
        this.shape = expected.shape();
        this.size = NdArray.sizeOf(shape);
        this.pieces = pieces;
    }

    /**
     * Judges {@code actual}.
     *
     * @param bound what {@link Policy.Certified} allows; the other policies do not look at it
     * @return a {@link Verdict#MISMATCH} without any element if shape or dtype differ, or if there is no element
     */
    public static Comparison compare(NdArray actual, NdArray expected, Policy policy, Bound bound) {
        return compare(Elements.of(actual), Elements.of(expected), policy, bound);
    }

    /** {@link #compare(NdArray, NdArray, Policy, Bound)} for arrays that need not fit on the heap. */
    public static Comparison compare(Elements actual, Elements expected, Policy policy, Bound bound) {
        boolean vectors = HAS_VECTORS && COMPARED.sum() >= WORTH_VECTORS && SimdScreen.IS_FAST;
        long pieces = (NdArray.sizeOf(expected.shape()) - 1) / PIECE + 1;
        return compare(actual, expected, policy, bound, vectors, (int) Math.min(PIECES, pieces));
    }

    /** The same; the result depends neither on the use of vectors nor on the number of pieces. */
    static Comparison compare(
            Elements actual, Elements expected, Policy policy, Bound bound, boolean vectors, int pieces) {
        return new Comparator(actual, expected, policy, bound, vectors, pieces).compare();
    }

    private Comparison compare() {
        Optional<String> incomparable = incomparable();
        Tally tally = incomparable.isPresent() ? new Tally() : tally();
        Verdict verdict = incomparable.isPresent() || tally.failing > 0
                ? Verdict.MISMATCH
                : tally.undecidable > 0 ? Verdict.UNDECIDABLE : Verdict.PARITY;
        return new Comparison(
                verdict,
                policy,
                expected.dtype(),
                Arrays.stream(shape).boxed().toList(),
                incomparable.isPresent() ? 0 : size,
                tally.differing,
                tally.zeroSigns,
                tally.failing,
                tally.undecidable,
                tally.ambiguous,
                tally.allZero,
                new Worst(
                        difference(tally.absolute),
                        difference(tally.relative),
                        difference(tally.ulp),
                        difference(tally.fraction)),
                tally.first.stream().map(this::difference).toList(),
                incomparable,
                tally.violations());
    }

    private Optional<String> incomparable() {
        if (!Arrays.equals(actual.shape(), shape)) {
            return Optional.of(
                    "shape is " + NdArray.shapeText(actual.shape()) + ": expected " + NdArray.shapeText(shape));
        }
        if (actual.dtype() != expected.dtype()) {
            return Optional.of("dtype is " + actual.dtype() + ": expected " + expected.dtype());
        }
        return size == 0 ? Optional.of("the arrays are empty: nothing was compared") : Optional.empty();
    }

    private Tally tally() {
        if (policy instanceof Policy.Certified) {
            bound.requireSize(size);
        }
        COMPARED.add(size);
        if (pieces == 1) {
            return piece(0);
        }
        Tally whole = new Tally();
        for (Tally part :
                IntStream.range(0, pieces).parallel().mapToObj(this::piece).toArray(Tally[]::new)) {
            whole.add(part);
        }
        return whole;
    }

    private Tally piece(int index) {
        // Of whole blocks, so that no element is cut that has two parts.
        long blocks = (size - 1) / BlockLoop.BLOCK + 1;
        long start = blocks * index / pieces * BlockLoop.BLOCK;
        long end = Math.min(size, blocks * (index + 1) / pieces * BlockLoop.BLOCK);
        return new BlockLoop(actual, expected, policy, bound, vectors).run(start, end);
    }

    private Optional<Comparison.Difference> difference(Tally.Extreme extreme) {
        return extreme.element().map(this::difference);
    }

    private Comparison.Difference difference(Tally.Element element) {
        Integer[] index = new Integer[shape.length];
        long rest = element.position();
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = (int) (rest % shape[axis]);
            rest /= shape[axis];
        }
        return new Comparison.Difference(
                List.of(index),
                element.actual(),
                element.expected(),
                element.tolerance(),
                Ulp.distance(expected.dtype(), element.actual(), element.expected()));
    }
}
