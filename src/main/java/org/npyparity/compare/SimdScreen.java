package org.npyparity.compare;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Passes over a block whose elements are within all limits, on the JDK's Vector API. */
final class SimdScreen {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, DOUBLES.vectorShape());

    /** Whether vectors are more than emulated: 64 bits where the JVM knows of none for its processor. */
    static final boolean IS_FAST = DOUBLES.vectorBitSize() > Long.SIZE;

    private SimdScreen() {}

    /**
     * Counts the elements of a block that differ, unless one of them is beyond the limits: it is not the same, and one of
     * the limits does not hold. Zeros of two signs are equal, but by their bits farther apart than any limit. A sum is
     * negative, and a sign bit set, exactly where it should be: an infinite or NaN difference has larger bits than any
     * limit, and no other term can be NaN beside a smaller one.
     *
     * <p>All in one method: the JIT may compile a part of it earlier by itself, and then no longer puts it into this loop,
     * so that vectors become objects.
     *
     * @param actuals {@link BlockLoop#BLOCK} elements from index {@code first} on, as {@code expecteds}
     * @param tolerances those of the block, from index 0 on
     * @return -1 if an element is beyond the limits
     */
    static int differing(double[] actuals, double[] expecteds, int first, double[] tolerances, Limits limits) {
        LongVector absolute = LongVector.broadcast(LONGS, Double.doubleToRawLongBits(limits.absolute()));
        LongVector ulp = LongVector.broadcast(LONGS, limits.ulp());
        LongVector beyond = LongVector.zero(LONGS);
        LongVector differing = LongVector.zero(LONGS);
        for (int i = 0; i < BlockLoop.BLOCK; i += DOUBLES.length()) {
            DoubleVector x = DoubleVector.fromArray(DOUBLES, actuals, first + i);
            DoubleVector y = DoubleVector.fromArray(DOUBLES, expecteds, first + i);
            DoubleVector difference = x.sub(y).abs();
            DoubleVector scaled = difference.mul(Limits.SCALE);
            DoubleVector size = y.abs();
            DoubleVector tolerated = DoubleVector.fromArray(DOUBLES, tolerances, i)
                    .mul(limits.fraction())
                    .add(size.mul(limits.rtol()).add(limits.atol()));
            LongVector apart = x.reinterpretAsLongs().sub(y.reinterpretAsLongs());
            // Negative where the two are not equal, or one is NaN; else 0.
            LongVector differs = LongVector.zero(LONGS).sub(difference.reinterpretAsLongs());
            beyond = absolute.sub(difference.reinterpretAsLongs())
                    .or(size.mul(limits.relative()).sub(scaled).reinterpretAsLongs())
                    .or(tolerated.sub(scaled).reinterpretAsLongs())
                    .or(ulp.sub(apart))
                    .or(ulp.add(apart))
                    .and(differs.or(apart))
                    .or(beyond);
            differing = differing.add(differs.lanewise(VectorOperators.LSHR, Long.SIZE - 1));
        }
        return beyond.reduceLanes(VectorOperators.OR) < 0 ? -1 : (int) differing.reduceLanes(VectorOperators.ADD);
    }
}
