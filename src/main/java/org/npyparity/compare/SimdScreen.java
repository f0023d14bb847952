package org.npyparity.compare;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Passes over runs of elements that are within all limits, on the JDK's Vector API. */
final class SimdScreen {
    /** Elements of a run. */
    static final int RUN = 128;

    /** What the processor's vectors are wide; 64 bits where the JVM knows of none, and emulates the Vector API. */
    private static final int PREFERRED_BITS = DoubleVector.SPECIES_PREFERRED.vectorBitSize();

    /** Whether vectors are more than emulated. */
    static final boolean IS_FAST = PREFERRED_BITS > Long.SIZE;

    /** Vectors of doubles, and of half as many bits for as many floats: the API has both from 128 to 512 bits only. */
    private static final int BITS = doubleBits(PREFERRED_BITS);

    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, VectorShape.forBitSize(BITS));
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, DOUBLES.vectorShape());
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS / 2));

    private final Elements actual;
    private final Elements expected;
    private final Policy policy;
    private final Bound bound;
    private final double[] tolerances = new double[BlockLoop.BLOCK];
    /** The elements of a block, from index {@code from} on: arrays on the heap themselves, or copies. */
    private Object actuals = new double[BlockLoop.BLOCK];

    private Object expecteds = new double[BlockLoop.BLOCK];
    private int from;

    SimdScreen(Elements actual, Elements expected, Policy policy, Bound bound) {
        this.actual = actual;
        this.expected = expected;
        this.policy = policy;
        this.bound = bound;
    }

    /** The bits of a vector of doubles where the processor's have {@code preferred}. */
    static int doubleBits(int preferred) {
        return Math.max(2 * Long.SIZE, Math.min(preferred, 8 * Long.SIZE));
    }

    /** Reads a block. */
    void read(long start) {
        if (actual instanceof Elements.OnHeap a && expected instanceof Elements.OnHeap e) {
            actuals = a.array().elements();
            expecteds = e.array().elements();
            from = Math.toIntExact(start);
        } else {
            actual.read(start, (double[]) actuals, BlockLoop.BLOCK);
            expected.read(start, (double[]) expecteds, BlockLoop.BLOCK);
        }
        if (policy instanceof Policy.Certified) {
            bound.copyTo(Math.toIntExact(start), tolerances, BlockLoop.BLOCK);
        }
    }

    /**
     * Counts the elements that differ in the run that begins at index {@code at} of the block.
     *
     * @return -1 if one of them is not within the limits
     */
    int differing(int at, Limits limits) {
        return actuals instanceof double[] a
                ? differing(a, (double[]) expecteds, from + at, tolerances, at, limits)
                : differing((float[]) actuals, (float[]) expecteds, from + at, tolerances, at, limits);
    }

    private static int differing(double[] a, double[] e, int from, double[] tolerances, int at, Limits limits) {
        LongVector beyond = LongVector.zero(LONGS);
        LongVector differing = LongVector.zero(LONGS);
        for (int i = 0; i < RUN; i += DOUBLES.length()) {
            DoubleVector x = DoubleVector.fromArray(DOUBLES, a, from + i);
            DoubleVector y = DoubleVector.fromArray(DOUBLES, e, from + i);
            LongVector differs = differs(x, y);
            beyond = beyond.or(beyond(x, y, differs, tolerances, at + i, limits));
            differing = differing.add(differs.lanewise(VectorOperators.LSHR, Long.SIZE - 1));
        }
        return count(beyond, differing);
    }

    private static int differing(float[] a, float[] e, int from, double[] tolerances, int at, Limits limits) {
        LongVector beyond = LongVector.zero(LONGS);
        LongVector differing = LongVector.zero(LONGS);
        for (int i = 0; i < RUN; i += DOUBLES.length()) {
            DoubleVector x = widened(a, from + i);
            DoubleVector y = widened(e, from + i);
            LongVector differs = differs(x, y);
            beyond = beyond.or(beyond(x, y, differs, tolerances, at + i, limits));
            differing = differing.add(differs.lanewise(VectorOperators.LSHR, Long.SIZE - 1));
        }
        return count(beyond, differing);
    }

    private static int count(LongVector beyond, LongVector differing) {
        return beyond.reduceLanes(VectorOperators.OR) < 0 ? -1 : (int) differing.reduceLanes(VectorOperators.ADD);
    }

    private static DoubleVector widened(float[] from, int at) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, from, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    /** Negative where the two are not equal, or one is NaN; else 0. */
    private static LongVector differs(DoubleVector x, DoubleVector y) {
        return LongVector.zero(LONGS).sub(x.sub(y).abs().reinterpretAsLongs());
    }

    /**
     * Negative where the two are not the same and one of the limits does not hold: zeros of two signs are equal, but by
     * their bits farther apart than any limit. A sum is negative, and a sign bit set, exactly where it should be:
     * an infinite or NaN difference has larger bits than any limit, and no other term can be NaN beside a smaller one.
     */
    private static LongVector beyond(
            DoubleVector x, DoubleVector y, LongVector differs, double[] tolerances, int at, Limits limits) {
        DoubleVector difference = x.sub(y).abs();
        DoubleVector scaled = difference.mul(Limits.SCALE);
        DoubleVector size = y.abs();
        DoubleVector tolerated = DoubleVector.fromArray(DOUBLES, tolerances, at)
                .mul(limits.fraction())
                .add(size.mul(limits.rtol()).add(limits.atol()));
        LongVector apart = x.reinterpretAsLongs().sub(y.reinterpretAsLongs());
        LongVector ulp = LongVector.broadcast(LONGS, limits.ulp());
        return LongVector.broadcast(LONGS, Double.doubleToRawLongBits(limits.absolute()))
                .sub(difference.reinterpretAsLongs())
                .or(size.mul(limits.relative()).sub(scaled).reinterpretAsLongs())
                .or(tolerated.sub(scaled).reinterpretAsLongs())
                .or(ulp.sub(apart))
                .or(ulp.add(apart))
                .and(differs.or(apart));
    }
}
