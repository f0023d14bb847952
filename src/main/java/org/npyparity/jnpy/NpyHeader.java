package org.npyparity.jnpy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * What the head of an {@code .npy} file says of its array. Immutable.
 *
 * <p>The format is NumPy's: NEP 1 and {@code numpy.lib.format}, versions 1.0, 2.0 and 3.0.
 */
public final class NpyHeader {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** NumPy's ARRAY_ALIGN: the data start at a multiple of it, in bytes. */
    private static final int ALIGNMENT = 64;
    /** NumPy's GROWTH_AXIS_MAX_DIGITS: blanks are left for the growing axis to become this many digits. */
    private static final int GROWTH_DIGITS = 21;
    /** NumPy's NPY_MAXDIMS since 2.0. */
    static final int MAX_DIMS = 64;

    private final int version;
    private final DType dtype;
    private final ByteOrder byteOrder;
    private final long itemBytes;
    private final Order order;
    private final long[] shape;
    private final long size;
    private final long dataBytes;
    private final long dataOffset;

    /**
     * Takes what was read; the caller has checked that {@code itemBytes} times every nonzero extent stays below 2^63.
     */
    NpyHeader(
            int version, DType dtype, ByteOrder byteOrder, long itemBytes, Order order, long[] shape, long dataOffset) {
        this.version = version;
        this.dtype = dtype;
        this.byteOrder = byteOrder;
        this.itemBytes = itemBytes;
        this.order = isBothOrders(shape) ? Order.C : order;
        this.shape = shape.clone();
        this.size = sizeOf(shape);
        this.dataBytes = size * itemBytes;
        this.dataOffset = dataOffset;
    }

    /** The number of elements. In a loop, as what else is asked of each small array: a stream is slow until it is hot. */
    static long sizeOf(long... shape) {
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        return size;
    }

    /** Whether both orders mean the same bytes, which NumPy calls C: an extent is 0, or at most one differs from 1. */
    static boolean isBothOrders(long... shape) {
        int wide = 0;
        for (long extent : shape) {
            if (extent == 0) {
                return true;
            }
            wide += extent == 1 ? 0 : 1;
        }
        return wide <= 1;
    }

    /** Whether the size in bytes stays below 2^63, where empty axes count as 1, as they do for NumPy. */
    static boolean fits(long itemBytes, long[] shape) {
        long bytes = itemBytes;
        for (long extent : shape) {
            long factor = Math.max(extent, 1);
            if (Math.multiplyHigh(bytes, factor) != 0 || bytes * factor < 0) {
                return false;
            }
            bytes *= factor;
        }
        return true;
    }

    /** The major version of the format: 1, 2 or 3. */
    public int version() {
        return version;
    }

    /** The type of the elements. */
    public DType dtype() {
        return dtype;
    }

    /** The byte order of the elements in the file; little-endian where an element is one byte. */
    public ByteOrder byteOrder() {
        return byteOrder;
    }

    /** The size of an element in bytes. */
    public long itemBytes() {
        return itemBytes;
    }

    /** The order of the elements; {@link Order#C} where both orders mean the same bytes. */
    public Order order() {
        return order;
    }

    /** The extent of each axis, a new array; empty for a 0-d array. */
    public long[] shape() {
        return shape.clone();
    }

    /** The number of axes. */
    public int ndim() {
        return shape.length;
    }

    /** The number of elements. */
    public long size() {
        return size;
    }

    /** The size of the data in bytes. */
    public long dataBytes() {
        return dataBytes;
    }

    /** The offset of the data from the start of the file, in bytes. */
    public long dataOffset() {
        return dataOffset;
    }

    /** The header of the transpose: the same bytes, axes reversed, order flipped. */
    NpyHeader transpose() {
        long[] reversed = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            reversed[i] = shape[shape.length - 1 - i];
        }
        Order flipped = order == Order.C ? Order.FORTRAN : Order.C;
        return new NpyHeader(version, dtype, byteOrder, itemBytes, flipped, reversed, dataOffset);
    }

    /** How far apart neighbours along each axis lie, in elements. */
    long[] strides() {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = 0; i < shape.length; i++) {
            int axis = order == Order.FORTRAN ? i : shape.length - 1 - i;
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** NumPy's type string, such as {@code <f8}. */
    public String descr() {
        if (dtype.isFixedSize()) {
            return dtype.descr(byteOrder);
        }
        char prefix = dtype == DType.BYTES ? '|' : byteOrder == ByteOrder.BIG_ENDIAN ? '>' : '<';
        return "" + prefix + dtype.kind() + itemBytes / dtype.bytes();
    }

    /** For people: {@code float64 (3, 4) C, '<f8', version 1.0, 96 bytes of data at byte 128}. */
    @Override
    public String toString() {
        return dtype.numpyName() + " " + tuple(shape) + " " + order + ", '" + descr() + "', version " + version + ".0, "
                + dataBytes + " bytes of data at byte " + dataOffset;
    }

    /** A shape as Python writes it: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
    static String tuple(long... shape) {
        if (shape.length == 1) {
            return "(" + shape[0] + ",)";
        }
        StringJoiner text = new StringJoiner(", ", "(", ")");
        for (long extent : shape) {
            text.add(Long.toString(extent));
        }
        return text.toString();
    }

    /** The head of the file that {@code np.save} writes for such an array, byte for byte (always version 1.0). */
    static byte[] encode(DType dtype, ByteOrder byteOrder, Order order, long[] shape) {
        boolean fortran = order == Order.FORTRAN && !isBothOrders(shape);
        StringBuilder text = new StringBuilder()
                .append("{'descr': '")
                .append(dtype.descr(byteOrder))
                .append("', 'fortran_order': ")
                .append(fortran ? "True" : "False")
                .append(", 'shape': ")
                .append(tuple(shape))
                .append(", }");
        if (shape.length > 0) {
            long growing = fortran ? shape[shape.length - 1] : shape[0];
            text.append(" ".repeat(GROWTH_DIGITS - Long.toString(growing).length()));
        }
        int prefix = MAGIC.length + 2 + Short.BYTES;
        int padding = ALIGNMENT - (prefix + text.length() + 1) % ALIGNMENT;
        text.append(" ".repeat(padding)).append('\n');

        byte[] head = new byte[prefix + text.length()];
        System.arraycopy(MAGIC, 0, head, 0, MAGIC.length);
        head[6] = 1;
        head[8] = (byte) text.length();
        head[9] = (byte) (text.length() >>> 8);
        System.arraycopy(text.toString().getBytes(StandardCharsets.US_ASCII), 0, head, prefix, text.length());
        return head;
    }
}
