package org.npyparity.jnpy;

import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * An array of numbers with a shape and a dtype, as NumPy saves it, on the heap.
 *
 * <pre>{@code
 * NpyArray weights = Npy.read(Path.of("weights.npy"));    // float64 (27, 8)
 * double[] flat = weights.doubles();                      // row-major: flat[row * 8 + column]
 * double one = weights.getDouble(26, 7);
 * Npy.write(Path.of("copy.npy"), NpyArray.of(flat, 27, 8));
 * }</pre>
 *
 * <ul>
 *   <li><b>Order.</b> Every flat Java array that goes in or comes out is row-major (C order). An array that was saved
 *       in Fortran order says so by {@link #order()}; its elements come out by {@code inOrder(Order.C)}, which moves
 *       them, or by {@link #transpose()}, which moves nothing.
 *   <li><b>Types.</b> {@link #doubles()} and its like give the array's own storage, without a copy, of exactly that
 *       dtype. {@link #toDoubles()} and its like copy, and widen only where no value can change.
 *       {@link #toDoublesRounded()} and its like may round. Nothing converts silently.
 *   <li><b>Bits.</b> NaN payloads, signed zeros, subnormals and booleans other than 0 and 1 survive reading, reordering
 *       and writing.
 *   <li><b>Sharing.</b> The storage is shared with the array given to {@code of} and taken by {@code doubles()}: what is
 *       written there shows here. An array whose storage nobody writes is immutable, and safe to read from any thread.
 *   <li><b>Equality</b> is identity: whether NaN equals NaN is for a comparison to say.
 * </ul>
 *
 * <p>It holds as many elements as a Java array can, about 2^31 (complex: 2^30); {@link MappedNpy} has no such bound.
 */
public final class NpyArray {
    /** The longest Java array that every JVM grants. */
    static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    private static final int SHOWN = 6;

    private final DType dtype;
    private final ByteOrder byteOrder;
    private final Order order;
    private final int[] shape;
    private final int size;
    /** An array of the dtype's carrier, of {@code size * lanes} values, in {@code order}. */
    private final Object storage;

    /** Takes storage whose length is right; {@code order} must be C where both orders mean the same. */
    NpyArray(DType dtype, ByteOrder byteOrder, Order order, int[] shape, Object storage) {
        this.dtype = dtype;
        this.byteOrder = dtype.bytes() == 1 ? ByteOrder.LITTLE_ENDIAN : byteOrder;
        long[] extents = extents(shape);
        this.order = NpyHeader.isBothOrders(extents) ? Order.C : order;
        this.shape = shape;
        this.size = (int) NpyHeader.sizeOf(extents);
        this.storage = storage;
    }

    private static NpyArray wrap(DType dtype, Object storage, int... shape) {
        Objects.requireNonNull(shape, "shape");
        int length = Array.getLength(storage);
        long size = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("an extent is negative: " + tuple(shape));
            }
            size = Math.min(size * extent, Integer.MAX_VALUE + 1L);
        }
        if (size * dtype.lanes() != length) {
            throw new IllegalArgumentException(dtype.numpyName() + " of shape " + tuple(shape) + " needs "
                    + (dtype.lanes() == 1 ? "" : "twice ")
                    + "the product of the shape as its length, but the array has "
                    + length);
        }
        if (!NpyHeader.fits(dtype.bytes(), extents(shape))) {
            throw new IllegalArgumentException(dtype.numpyName() + " of shape " + tuple(shape)
                    + " needs fewer than 2^63 bytes beside its empty axes");
        }
        if (shape.length > NpyHeader.MAX_DIMS) {
            throw new IllegalArgumentException(
                    "NumPy has at most " + NpyHeader.MAX_DIMS + " axes, the shape has " + shape.length);
        }
        return new NpyArray(dtype, ByteOrder.LITTLE_ENDIAN, Order.C, shape.clone(), storage);
    }

    /** A 1-d array of {@code float64} that shares {@code data}. */
    public static NpyArray of(double[] data) {
        return wrap(DType.FLOAT64, data, data.length);
    }

    /**
     * An array of {@code float64} that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(double[] data, int... shape) {
        return wrap(DType.FLOAT64, data, shape);
    }

    /** A 1-d array of {@code float32} that shares {@code data}. */
    public static NpyArray of(float[] data) {
        return wrap(DType.FLOAT32, data, data.length);
    }

    /**
     * An array of {@code float32} that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(float[] data, int... shape) {
        return wrap(DType.FLOAT32, data, shape);
    }

    /** A 1-d array of {@code int64} that shares {@code data}. */
    public static NpyArray of(long[] data) {
        return wrap(DType.INT64, data, data.length);
    }

    /**
     * An array of {@code int64} that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(long[] data, int... shape) {
        return wrap(DType.INT64, data, shape);
    }

    /** A 1-d array of {@code int32} that shares {@code data}. */
    public static NpyArray of(int[] data) {
        return wrap(DType.INT32, data, data.length);
    }

    /**
     * An array of {@code int32} that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(int[] data, int... shape) {
        return wrap(DType.INT32, data, shape);
    }

    /** A 1-d array of {@code int16} that shares {@code data}. */
    public static NpyArray of(short[] data) {
        return wrap(DType.INT16, data, data.length);
    }

    /**
     * An array of {@code int16} that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(short[] data, int... shape) {
        return wrap(DType.INT16, data, shape);
    }

    /** A 1-d array of {@code int8} that shares {@code data}. */
    public static NpyArray of(byte[] data) {
        return wrap(DType.INT8, data, data.length);
    }

    /**
     * An array of {@code int8} that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(byte[] data, int... shape) {
        return wrap(DType.INT8, data, shape);
    }

    /** A 1-d array of {@code bool}: a copy. */
    public static NpyArray of(boolean[] data) {
        return of(data, data.length);
    }

    /**
     * An array of {@code bool}: a copy of {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray of(boolean[] data, int... shape) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) (data[i] ? 1 : 0);
        }
        return wrap(DType.BOOL, bytes, shape);
    }

    /** A 1-d array of {@code uint8} from its bits that shares {@code data}. */
    public static NpyArray ofUnsigned(byte[] data) {
        return wrap(DType.UINT8, data, data.length);
    }

    /**
     * An array of {@code uint8} from its bits that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofUnsigned(byte[] data, int... shape) {
        return wrap(DType.UINT8, data, shape);
    }

    /** A 1-d array of {@code uint16} from its bits that shares {@code data}. */
    public static NpyArray ofUnsigned(short[] data) {
        return wrap(DType.UINT16, data, data.length);
    }

    /**
     * An array of {@code uint16} from its bits that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofUnsigned(short[] data, int... shape) {
        return wrap(DType.UINT16, data, shape);
    }

    /** A 1-d array of {@code uint32} from its bits that shares {@code data}. */
    public static NpyArray ofUnsigned(int[] data) {
        return wrap(DType.UINT32, data, data.length);
    }

    /**
     * An array of {@code uint32} from its bits that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofUnsigned(int[] data, int... shape) {
        return wrap(DType.UINT32, data, shape);
    }

    /** A 1-d array of {@code uint64} from its bits that shares {@code data}. */
    public static NpyArray ofUnsigned(long[] data) {
        return wrap(DType.UINT64, data, data.length);
    }

    /**
     * An array of {@code uint64} from its bits that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofUnsigned(long[] data, int... shape) {
        return wrap(DType.UINT64, data, shape);
    }

    /** A 1-d array of {@code float16} from its bits that shares {@code data}. */
    public static NpyArray ofHalves(short[] data) {
        return wrap(DType.FLOAT16, data, data.length);
    }

    /**
     * An array of {@code float16} from its bits that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofHalves(short[] data, int... shape) {
        return wrap(DType.FLOAT16, data, shape);
    }

    /** A 1-d array of {@code complex64} (real, imaginary, real, ...) that shares {@code data}. */
    public static NpyArray ofComplex(float[] data) {
        return wrap(DType.COMPLEX64, data, data.length / 2);
    }

    /**
     * An array of {@code complex64} (real, imaginary, real, ...) that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofComplex(float[] data, int... shape) {
        return wrap(DType.COMPLEX64, data, shape);
    }

    /** A 1-d array of {@code complex128} (real, imaginary, real, ...) that shares {@code data}. */
    public static NpyArray ofComplex(double[] data) {
        return wrap(DType.COMPLEX128, data, data.length / 2);
    }

    /**
     * An array of {@code complex128} (real, imaginary, real, ...) that shares {@code data}, which is row-major.
     *
     * @throws IllegalArgumentException if the shape does not fit the length
     */
    public static NpyArray ofComplex(double[] data, int... shape) {
        return wrap(DType.COMPLEX128, data, shape);
    }

    /** The type of the elements. */
    public DType dtype() {
        return dtype;
    }

    /** The byte order in files; the values in memory do not depend on it. Little-endian where an element is a byte. */
    public ByteOrder byteOrder() {
        return byteOrder;
    }

    /** The order in files and of the storage; {@link Order#C} where both orders mean the same. */
    public Order order() {
        return order;
    }

    /** The extent of each axis, a new array; empty for a 0-d array. */
    public int[] shape() {
        return shape.clone();
    }

    /** The number of axes. */
    public int ndim() {
        return shape.length;
    }

    /** The number of elements. */
    public int size() {
        return size;
    }

    /** The same elements, to be written in that byte order; shares the storage. */
    public NpyArray withByteOrder(ByteOrder byteOrder) {
        return new NpyArray(dtype, Objects.requireNonNull(byteOrder, "byteOrder"), order, shape, storage);
    }

    /** The axes reversed and the order flipped, as NumPy's {@code .T}; shares the storage. */
    public NpyArray transpose() {
        int[] reversed = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            reversed[i] = shape[shape.length - 1 - i];
        }
        return new NpyArray(dtype, byteOrder, order == Order.C ? Order.FORTRAN : Order.C, reversed, storage);
    }

    /** The same array with its elements in that order: itself where they are, otherwise a copy. */
    public NpyArray inOrder(Order order) {
        if (order == this.order || NpyHeader.isBothOrders(extents(shape))) {
            return this;
        }
        Object moved = dtype.carrier().allocate(size * dtype.lanes());
        // Fortran order of a shape is C order of the reversed shape: one routine serves both directions.
        Reorder.reverseAxes(dtype, storage, order == Order.C ? transpose().shape : shape, moved);
        return new NpyArray(dtype, byteOrder, order, shape, moved);
    }

    /**
     * The elements of a {@code float64} array, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public double[] doubles() {
        return (double[]) own(DType.FLOAT64, "doubles");
    }

    /**
     * The elements of a {@code float32} array, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public float[] floats() {
        return (float[]) own(DType.FLOAT32, "floats");
    }

    /**
     * The elements of a {@code int64} array, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public long[] longs() {
        return (long[]) own(DType.INT64, "longs");
    }

    /**
     * The elements of a {@code int32} array, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public int[] ints() {
        return (int[]) own(DType.INT32, "ints");
    }

    /**
     * The elements of a {@code int16} array, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public short[] shorts() {
        return (short[]) own(DType.INT16, "shorts");
    }

    /**
     * The elements of a {@code int8} array, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public byte[] bytes() {
        return (byte[]) own(DType.INT8, "bytes");
    }

    /**
     * The elements of a {@code uint64} array as bits, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public long[] unsignedLongs() {
        return (long[]) own(DType.UINT64, "unsignedLongs");
    }

    /**
     * The elements of a {@code uint32} array as bits, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public int[] unsignedInts() {
        return (int[]) own(DType.UINT32, "unsignedInts");
    }

    /**
     * The elements of a {@code uint16} array as bits, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public short[] unsignedShorts() {
        return (short[]) own(DType.UINT16, "unsignedShorts");
    }

    /**
     * The elements of a {@code uint8} array as bits, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public byte[] unsignedBytes() {
        return (byte[]) own(DType.UINT8, "unsignedBytes");
    }

    /**
     * The elements of a {@code float16} array as bits, row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public short[] halves() {
        return (short[]) own(DType.FLOAT16, "halves");
    }

    /**
     * The elements of a {@code complex64} array (real, imaginary, real, ...), row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public float[] complexFloats() {
        return (float[]) own(DType.COMPLEX64, "complexFloats");
    }

    /**
     * The elements of a {@code complex128} array (real, imaginary, real, ...), row-major: the storage itself, not a copy.
     *
     * @throws IllegalStateException if the dtype is another, or the order is Fortran
     */
    public double[] complexDoubles() {
        return (double[]) own(DType.COMPLEX128, "complexDoubles");
    }

    private Object own(DType wanted, String method) {
        if (dtype != wanted) {
            throw new IllegalStateException(method + "() is for " + wanted.numpyName() + ", the array is "
                    + dtype.numpyName() + ": " + dtype.accessors());
        }
        if (order == Order.FORTRAN) {
            throw new IllegalStateException(
                    method + "() is row-major, the array is in Fortran order: use inOrder(Order.C)." + method
                            + "(), which moves the elements, or transpose()." + method + "(), which reverses the axes");
        }
        return storage;
    }

    /**
     * A row-major copy of a {@code bool} array; every byte but 0 is true.
     *
     * @throws IllegalStateException if the dtype is another
     */
    public boolean[] toBooleans() {
        dtype.require(dtype == DType.BOOL, "toBooleans", "bool");
        return Conversion.toBooleans((byte[]) inOrder(Order.C).storage);
    }

    /**
     * A row-major copy as {@code int}; of a {@code bool} 0 and 1.
     *
     * @throws IllegalStateException unless the dtype is bool, int8 to int32, uint8 or uint16
     */
    public int[] toInts() {
        dtype.require(dtype.fitsInt(), "toInts", "a dtype whose every value is an int");
        return Conversion.toInts(dtype, inOrder(Order.C).storage, size);
    }

    /**
     * A row-major copy as {@code long}; of a {@code bool} 0 and 1.
     *
     * @throws IllegalStateException unless the dtype is bool, int8 to int64, or uint8 to uint32
     */
    public long[] toLongs() {
        dtype.require(dtype.fitsLong(), "toLongs", "a dtype whose every value is a long");
        return Conversion.toLongs(dtype, inOrder(Order.C).storage, size);
    }

    /**
     * A row-major copy as {@code float}.
     *
     * @throws IllegalStateException unless the dtype is bool, int8, int16, uint8, uint16, float16 or float32
     */
    public float[] toFloats() {
        dtype.require(dtype.fitsFloat(), "toFloats", "a dtype whose every value is a float");
        return Conversion.toFloats(dtype, inOrder(Order.C).storage, size);
    }

    /**
     * A row-major copy as {@code float}, each element rounded to nearest, ties to even.
     *
     * @throws IllegalStateException if the dtype is complex
     */
    public float[] toFloatsRounded() {
        dtype.require(dtype.isReal(), "toFloatsRounded", "a real dtype");
        return Conversion.toFloats(dtype, inOrder(Order.C).storage, size);
    }

    /**
     * A row-major copy as {@code double}.
     *
     * @throws IllegalStateException if the dtype is int64, uint64 or complex
     */
    public double[] toDoubles() {
        dtype.require(dtype.fitsDouble(), "toDoubles", "a dtype whose every value is a double");
        return Conversion.toDoubles(dtype, inOrder(Order.C).storage, size);
    }

    /**
     * A row-major copy as {@code double}, each element rounded to nearest, ties to even.
     *
     * @throws IllegalStateException if the dtype is complex
     */
    public double[] toDoublesRounded() {
        dtype.require(dtype.isReal(), "toDoublesRounded", "a real dtype");
        return Conversion.toDoubles(dtype, inOrder(Order.C).storage, size);
    }

    /**
     * The element at an index, one number for each axis.
     *
     * @throws IllegalStateException if the dtype is int64, uint64 or complex
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public double getDouble(int... index) {
        dtype.require(dtype.fitsDouble(), "getDouble", "a dtype whose every value is a double");
        return dtype.doubleValue(bits(index, 0));
    }

    /**
     * The element at an index, one number for each axis; of a {@code bool} 0 or 1.
     *
     * @throws IllegalStateException unless the dtype is bool, int8 to int64, or uint8 to uint32
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public long getLong(int... index) {
        dtype.require(dtype.fitsLong(), "getLong", "a dtype whose every value is a long");
        return dtype.longValue(bits(index, 0));
    }

    /**
     * The real part of the element at an index, one number for each axis.
     *
     * @throws IllegalStateException if the dtype is not complex
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public double getReal(int... index) {
        dtype.require(dtype.isComplex(), "getReal", "a complex dtype");
        return dtype.doubleValue(bits(index, 0));
    }

    /**
     * The imaginary part of the element at an index, one number for each axis.
     *
     * @throws IllegalStateException if the dtype is not complex
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public double getImaginary(int... index) {
        dtype.require(dtype.isComplex(), "getImaginary", "a complex dtype");
        return dtype.doubleValue(bits(index, 1));
    }

    private long bits(int[] index, int lane) {
        return dtype.carrier().bits(storage, offset(index) * dtype.lanes() + lane);
    }

    private int offset(int[] index) {
        boolean inside = index.length == shape.length;
        int offset = 0;
        for (int i = 0; inside && i < shape.length; i++) {
            int axis = order == Order.C ? i : shape.length - 1 - i;
            inside = index[axis] >= 0 && index[axis] < shape[axis];
            offset = offset * shape[axis] + index[axis];
        }
        if (!inside) {
            throw new IndexOutOfBoundsException("index " + tuple(index) + " is not in the shape " + tuple(shape));
        }
        return offset;
    }

    /** What holds the elements, in {@link #order()}. */
    Object storage() {
        return storage;
    }

    /** For people: {@code float64 (2, 4) C [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ...]}, in row-major order. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(dtype.numpyName())
                .append(' ')
                .append(tuple(shape))
                .append(' ')
                .append(order)
                .append(" [");
        int[] index = new int[shape.length];
        for (int i = 0; i < Math.min(size, SHOWN); i++) {
            text.append(i == 0 ? "" : ", ").append(show(index));
            for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
                index[axis] = 0;
            }
        }
        return text.append(size > SHOWN ? ", ...]" : "]").toString();
    }

    private String show(int[] index) {
        long bits = bits(index, 0);
        return switch (dtype) {
            case BOOL -> String.valueOf(bits != 0);
            case UINT64 -> Long.toUnsignedString(bits);
            case FLOAT16, FLOAT32 -> String.valueOf(dtype.floatValue(bits));
            case FLOAT64 -> String.valueOf(dtype.doubleValue(bits));
            case COMPLEX64, COMPLEX128 -> complex(getReal(index), getImaginary(index));
            default -> String.valueOf(dtype.longValue(bits));
        };
    }

    private static String complex(double real, double imaginary) {
        boolean minus = Math.copySign(1, imaginary) < 0;
        return real + (minus ? "-" : "+") + Math.abs(imaginary) + "j";
    }

    private static String tuple(int[] shape) {
        return NpyHeader.tuple(extents(shape));
    }

    /** The shape as headers have it. */
    static long[] extents(int[] shape) {
        long[] extents = new long[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            extents[axis] = shape[axis];
        }
        return extents;
    }
}
