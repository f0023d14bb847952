package org.npyparity.array;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The two element types that are computed with, under NumPy's names. */
public enum DType {
    FLOAT64("float64", Double.BYTES, 0x1p-53, Double.MIN_VALUE, Double.MAX_VALUE),
    FLOAT32("float32", Float.BYTES, 0x1p-24, Float.MIN_VALUE, Float.MAX_VALUE);

    private final String numpyName;
    private final int bytes;
    private final double unitRoundoff;
    private final double smallestSubnormal;
    private final double largest;

    DType(String numpyName, int bytes, double unitRoundoff, double smallestSubnormal, double largest) {
        this.numpyName = numpyName;
        this.bytes = bytes;
        this.unitRoundoff = unitRoundoff;
        this.smallestSubnormal = smallestSubnormal;
        this.largest = largest;
    }

    /** The type that NumPy calls {@code name}, if it is one of the two. */
    public static Optional<DType> named(String name) {
        for (DType dtype : values()) {
            if (dtype.numpyName.equals(name)) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    /** The names of both, for messages: {@code float64 or float32}. */
    public static String names() {
        return Arrays.stream(values()).map(DType::toString).collect(Collectors.joining(" or "));
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The unit roundoff u: half the distance from 1 to the next larger number. */
    public double unitRoundoff() {
        return unitRoundoff;
    }

    /** The smallest positive number, η. */
    public double smallestSubnormal() {
        return smallestSubnormal;
    }

    /** The largest finite number. */
    public double largest() {
        return largest;
    }

    /** {@code value} rounded to this type, to nearest, as a double. */
    public double round(double value) {
        return this == FLOAT64 ? value : (float) value;
    }

    /** NumPy's name. */
    @Override
    public String toString() {
        return numpyName;
    }
}
