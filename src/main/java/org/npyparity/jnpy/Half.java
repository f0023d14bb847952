package org.npyparity.jnpy;

/** IEEE 754 binary16, which Java has no type for (and no conversion before JDK 20). */
final class Half {
    private Half() {}

    /** The value of the 16 bits: exact, for a float has every half; the payload of a NaN moves up by 13 bits. */
    static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half & 0x7C00;
        int fraction = half & 0x03FF;
        if (exponent == 0x7C00) {
            return Float.intBitsToFloat(sign | 0x7F80_0000 | fraction << 13);
        }
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        return Float.intBitsToFloat(sign | ((exponent << 13) + (127 - 15 << 23)) | fraction << 13);
    }
}
