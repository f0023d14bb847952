package org.npyparity.jnpy;

import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The element types of NumPy that this package knows. The byte order is no part of it: an array of either has the same
 * values (see {@link NpyArray#byteOrder()}).
 */
public enum DType {
    /** One byte, false when it is zero; held as {@code byte[]}, so that no bit is lost. */
    BOOL('b', 1, Carrier.BYTE),
    /** Signed, 8 bits. */
    INT8('i', 1, Carrier.BYTE),
    /** Signed, 16 bits. */
    INT16('i', 2, Carrier.SHORT),
    /** Signed, 32 bits. */
    INT32('i', 4, Carrier.INT),
    /** Signed, 64 bits. */
    INT64('i', 8, Carrier.LONG),
    /** Unsigned, 8 bits; its bits are held in a {@code byte[]}. */
    UINT8('u', 1, Carrier.BYTE),
    /** Unsigned, 16 bits; its bits are held in a {@code short[]}. */
    UINT16('u', 2, Carrier.SHORT),
    /** Unsigned, 32 bits; its bits are held in an {@code int[]}. */
    UINT32('u', 4, Carrier.INT),
    /** Unsigned, 64 bits; its bits are held in a {@code long[]}. */
    UINT64('u', 8, Carrier.LONG),
    /** IEEE 754 binary16; its bits are held in a {@code short[]}. */
    FLOAT16('f', 2, Carrier.SHORT),
    /** IEEE 754 binary32. */
    FLOAT32('f', 4, Carrier.FLOAT),
    /** IEEE 754 binary64. */
    FLOAT64('f', 8, Carrier.DOUBLE),
    /** Two binary32, real part first; held in a {@code float[]} of twice the length. */
    COMPLEX64('c', 8, Carrier.FLOAT),
    /** Two binary64, real part first; held in a {@code double[]} of twice the length. */
    COMPLEX128('c', 16, Carrier.DOUBLE),
    /** NumPy's {@code S}, bytes of fixed width: headers name it, arrays of it are refused. */
    BYTES('S', 1, null),
    /** NumPy's {@code U}, UCS-4 text of fixed width: headers name it, arrays of it are refused. */
    UNICODE('U', 4, null);

    private final char kind;
    private final int unitBytes;
    private final @Nullable Carrier carrier;

    DType(char kind, int unitBytes, @Nullable Carrier carrier) {
        this.kind = kind;
        this.unitBytes = unitBytes;
        this.carrier = carrier;
    }

    /** NumPy's name: {@code float64}, {@code uint8}, ... */
    public String numpyName() {
        return switch (this) {
            case BYTES -> "bytes_";
            case UNICODE -> "str_";
            default -> name().toLowerCase(Locale.ROOT);
        };
    }

    /** The size of an element in bytes; for text, of one character. */
    public int bytes() {
        return unitBytes;
    }

    /** Whether the size of an element follows from its type alone; false for the two kinds of text. */
    public boolean isFixedSize() {
        return carrier != null;
    }

    /** NumPy's code without byte order and size: {@code f} for {@link #FLOAT64}. */
    char kind() {
        return kind;
    }

    /** NumPy's type string of a fixed-size type, such as {@code <f8}. */
    String descr(ByteOrder byteOrder) {
        char order = unitBytes == 1 ? '|' : byteOrder == ByteOrder.BIG_ENDIAN ? '>' : '<';
        return "" + order + kind + unitBytes;
    }

    /** What holds the elements; only of a fixed-size type. */
    Carrier carrier() {
        if (carrier == null) {
            throw new IllegalStateException("elements of " + numpyName() + " have no Java type");
        }
        return carrier;
    }

    /** How many values of the carrier make an element: 2 for the complex types. */
    int lanes() {
        return unitBytes / carrier().bytes;
    }

    /** Whether every value is also a {@code long}. */
    boolean fitsLong() {
        return kind == 'b' || kind == 'i' || (kind == 'u' && unitBytes < 8);
    }

    /** Whether every value is also an {@code int}. */
    boolean fitsInt() {
        return fitsLong() && (unitBytes < 4 || this == INT32);
    }

    /** Whether every value is also a {@code double}. */
    boolean fitsDouble() {
        return kind == 'f' || (fitsLong() && unitBytes < 8);
    }

    /** Whether every value is also a {@code float}. */
    boolean fitsFloat() {
        return (kind == 'f' || fitsLong()) && (unitBytes < 4 || this == FLOAT32);
    }

    /** Whether an element is two numbers. */
    boolean isComplex() {
        return kind == 'c';
    }

    /** Refuses an accessor that could change values, with those that cannot. */
    void require(boolean legal, String method, String what) {
        if (!legal) {
            throw new IllegalStateException(
                    method + "() needs " + what + ", the array is " + numpyName() + ": " + accessors());
        }
    }

    /** What a caller who asked for the wrong type may use. */
    String accessors() {
        String own =
                switch (this) {
                    case BOOL -> "toBooleans()";
                    case INT8 -> "bytes()";
                    case INT16 -> "shorts()";
                    case INT32 -> "ints()";
                    case INT64 -> "longs()";
                    case UINT8 -> "unsignedBytes()";
                    case UINT16 -> "unsignedShorts()";
                    case UINT32 -> "unsignedInts()";
                    case UINT64 -> "unsignedLongs()";
                    case FLOAT16 -> "halves()";
                    case FLOAT32 -> "floats()";
                    case FLOAT64 -> "doubles()";
                    case COMPLEX64 -> "complexFloats(), getReal(), getImaginary()";
                    case COMPLEX128 -> "complexDoubles(), getReal(), getImaginary()";
                    case BYTES, UNICODE -> "nothing";
                };
        return "use " + own
                + (fitsInt() ? ", toInts()" : "")
                + (fitsLong() ? ", toLongs()" : "")
                + (fitsFloat() ? ", toFloats()" : isReal() ? ", toFloatsRounded()" : "")
                + (fitsDouble() ? ", toDoubles()" : isReal() ? ", toDoublesRounded()" : "");
    }

    /** Whether it has a value that is one number. */
    boolean isReal() {
        return carrier != null && kind != 'c';
    }

    /** The value of an integer or boolean from its bits, which were sign-extended; of {@link #UINT64} the bits. */
    long longValue(long bits) {
        return switch (this) {
            case BOOL -> bits == 0 ? 0 : 1;
            case UINT8 -> bits & 0xFFL;
            case UINT16 -> bits & 0xFFFFL;
            case UINT32 -> bits & 0xFFFF_FFFFL;
            default -> bits;
        };
    }

    /** The value from its bits, rounded to nearest, ties to even, where no {@code double} equals it. */
    double doubleValue(long bits) {
        return switch (this) {
            case FLOAT64, COMPLEX128 -> Double.longBitsToDouble(bits);
            case FLOAT32, COMPLEX64 -> Float.intBitsToFloat((int) bits);
            case FLOAT16 -> Half.toFloat((short) bits);
            case UINT64 -> unsignedToDouble(bits);
            default -> longValue(bits);
        };
    }

    /** The value from its bits, rounded once to nearest, ties to even, where no {@code float} equals it. */
    float floatValue(long bits) {
        return switch (this) {
            case FLOAT64, COMPLEX128 -> (float) Double.longBitsToDouble(bits);
            case FLOAT32, COMPLEX64 -> Float.intBitsToFloat((int) bits);
            case FLOAT16 -> Half.toFloat((short) bits);
            case UINT64 -> unsignedToFloat(bits);
            default -> longValue(bits);
        };
    }

    /** Halved with a sticky last bit the number fits a signed long and still rounds the same way. */
    private static double unsignedToDouble(long bits) {
        return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
    }

    private static float unsignedToFloat(long bits) {
        return bits >= 0 ? bits : (float) ((bits >>> 1) | (bits & 1)) * 2;
    }
}
