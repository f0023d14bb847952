package org.npyparity.jnpy;

/** IEEE 754 binary16, which Java has no type for (and no conversion before JDK 20). */
final class Half {
    private Half() {}

    /** The value of the 16 bits: exact, for a float has every half; the payload of a NaN moves up by 13 bits. */
    static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int magnitude = half & 0x7FFF;
        if (magnitude >= 0x7C00) {
            return Float.intBitsToFloat(sign | 0x7F80_0000 | magnitude << 13);
        }
        if (magnitude < 0x0400) {
            // Exact, and from normal floats alone: right even where a native library left subnormals flushed to zero.
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * 0x1p-24f));
        }
        return Float.intBitsToFloat(sign | (magnitude << 13) + (127 - 15 << 23));
    }
}
