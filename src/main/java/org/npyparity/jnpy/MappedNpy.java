package org.npyparity.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An {@code .npy} file of any size, mapped into memory and read where it is touched: by n-dimensional index, or in
 * row-major runs. Opening it reads the head only.
 *
 * <p>As with {@link NpyArray}, runs are row-major: of a file in Fortran order they are taken from
 * {@link #transpose()}, whose axes are reversed. Types convert as there: only where no value can change.
 *
 * <p>Safe from any thread, {@link #close()} included. Closing makes every later call fail; the JVM gives the address
 * space back when it collects the buffers. A file that another program cuts short while it is mapped makes the JVM
 * throw {@link InternalError} at the pages that are gone: {@link Npy#read} copies the file and refuses it instead.
 */
public final class MappedNpy implements Closeable {
    /** Mapped at a time, for a buffer's index is an int; a multiple of every element's size, so that none is split. */
    private static final int SEGMENT_SHIFT = 30;

    /** What a process can address on today's processors: 128 TiB. */
    private static final long MAX_BYTES = 1L << 47;

    /** What a mapping and its transpose share. */
    private static final class Mapping {
        private volatile ByteBuffer @Nullable [] segments;

        Mapping(ByteBuffer[] segments) {
            this.segments = segments;
        }

        ByteBuffer[] segments() {
            ByteBuffer[] open = segments;
            if (open == null) {
                throw new IllegalStateException("the mapped array is closed");
            }
            return open;
        }

        void close() {
            segments = null;
        }
    }

    private final NpyHeader header;
    private final DType dtype;
    private final long[] shape;
    /** How far apart neighbours along each axis lie, in elements. */
    private final long[] stride;

    private final Mapping mapping;

    private MappedNpy(NpyHeader header, Mapping mapping) {
        this.header = header;
        this.dtype = header.dtype();
        this.shape = header.shape();
        this.stride = header.strides();
        this.mapping = mapping;
    }

    /** Maps the data behind a header whose size was checked. */
    static MappedNpy map(Source source, FileChannel file, NpyHeader header) throws IOException {
        long bytes = header.dataBytes();
        if (bytes > MAX_BYTES) {
            throw source.refuse(header.dataOffset(), bytes + " bytes of data", "at most 2^47, what can be addressed");
        }
        int count = (int) ((bytes + (1L << SEGMENT_SHIFT) - 1) >> SEGMENT_SHIFT);
        ByteBuffer[] segments = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long from = (long) i << SEGMENT_SHIFT;
            long length = Math.min(bytes - from, 1L << SEGMENT_SHIFT);
            segments[i] = source.map(file, header.dataOffset() + from, length).order(header.byteOrder());
        }
        return new MappedNpy(header, new Mapping(segments));
    }

    /** What the file says of its array; of a {@link #transpose()} with the axes reversed and the order flipped. */
    public NpyHeader header() {
        return header;
    }

    /** The type of the elements. */
    public DType dtype() {
        return dtype;
    }

    /** The order of the elements in the file; {@link Order#C} where both orders mean the same. */
    public Order order() {
        return header.order();
    }

    /** The extent of each axis, a new array; empty for a 0-d array. */
    public long[] shape() {
        return shape.clone();
    }

    /** The number of elements. */
    public long size() {
        return header.size();
    }

    /** The axes reversed and the order flipped, as NumPy's {@code .T}; shares the mapping, and closing it. */
    public MappedNpy transpose() {
        return new MappedNpy(header.transpose(), mapping);
    }

    /**
     * The element at an index, one number for each axis.
     *
     * @throws IllegalStateException if the dtype is int64, uint64 or complex, or the array is closed
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public double getDouble(long... index) {
        dtype.require(dtype.fitsDouble(), "getDouble", "a dtype whose every value is a double");
        return dtype.doubleValue(bits(index, 0));
    }

    /**
     * The element at an index, one number for each axis; of a {@code bool} 0 or 1.
     *
     * @throws IllegalStateException unless the dtype is bool, int8 to int64, or uint8 to uint32; or if it is closed
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public long getLong(long... index) {
        dtype.require(dtype.fitsLong(), "getLong", "a dtype whose every value is a long");
        return dtype.longValue(bits(index, 0));
    }

    /**
     * The real part of the element at an index, one number for each axis.
     *
     * @throws IllegalStateException if the dtype is not complex, or the array is closed
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public double getReal(long... index) {
        dtype.require(dtype.isComplex(), "getReal", "a complex dtype");
        return dtype.doubleValue(bits(index, 0));
    }

    /**
     * The imaginary part of the element at an index, one number for each axis.
     *
     * @throws IllegalStateException if the dtype is not complex, or the array is closed
     * @throws IndexOutOfBoundsException if the index is not in the shape
     */
    public double getImaginary(long... index) {
        dtype.require(dtype.isComplex(), "getImaginary", "a complex dtype");
        return dtype.doubleValue(bits(index, 1));
    }

    private long bits(long[] index, int lane) {
        boolean inside = index.length == shape.length;
        long offset = 0;
        for (int i = 0; inside && i < shape.length; i++) {
            inside = index[i] >= 0 && index[i] < shape[i];
            offset += index[i] * stride[i];
        }
        if (!inside) {
            throw new IndexOutOfBoundsException(
                    "index " + NpyHeader.tuple(index) + " is not in the shape " + NpyHeader.tuple(shape));
        }
        long at = offset * dtype.bytes() + (long) lane * dtype.carrier().bytes;
        return dtype.carrier().bits(segment(at), within(at));
    }

    /**
     * Copies a row-major run of a {@code float64} array.
     *
     * @param from the number of the first element, counted row by row from 0
     * @param to receives the elements, from its index 0 until it is full
     * @throws IllegalStateException if the dtype is another, the order is Fortran, or the array is closed
     * @throws IndexOutOfBoundsException if the run does not lie in the array
     */
    public void read(long from, double[] to) {
        run(DType.FLOAT64, from, to.length, to);
    }

    /**
     * Copies a row-major run of a {@code float32} array.
     *
     * @param from the number of the first element, counted row by row from 0
     * @param to receives the elements, from its index 0 until it is full
     * @throws IllegalStateException if the dtype is another, the order is Fortran, or the array is closed
     * @throws IndexOutOfBoundsException if the run does not lie in the array
     */
    public void read(long from, float[] to) {
        run(DType.FLOAT32, from, to.length, to);
    }

    /**
     * A row-major run of elements of any dtype as a 1-d array on the heap.
     *
     * @param from the number of the first element, counted row by row from 0
     * @param count the number of elements
     * @throws IllegalStateException if the order is Fortran, or the array is closed
     * @throws IndexOutOfBoundsException if the run does not lie in the array
     */
    public NpyArray read(long from, int count) {
        checkRun(from, count);
        Object storage = dtype.carrier().allocate(Math.multiplyExact(count, dtype.lanes()));
        run(dtype, from, count, storage);
        return new NpyArray(dtype, header.byteOrder(), Order.C, new int[] {count}, storage);
    }

    private void checkRun(long from, int count) {
        if (from < 0 || count < 0 || from > size() - count) {
            throw new IndexOutOfBoundsException("the run of " + count + " elements from " + from
                    + " does not lie in the " + size() + " of the array");
        }
    }

    private void run(DType wanted, long from, int count, Object to) {
        checkRun(from, count);
        if (dtype != wanted) {
            throw new IllegalStateException("the run is of " + wanted.numpyName() + ", the array is "
                    + dtype.numpyName() + ": use read(from, count)");
        }
        if (order() == Order.FORTRAN) {
            throw new IllegalStateException(
                    "runs are row-major, the array is in Fortran order: use transpose(), which reverses the axes");
        }
        Carrier carrier = dtype.carrier();
        int length = count * dtype.lanes();
        long at = from * dtype.bytes();
        for (int done = 0; done < length; ) {
            ByteBuffer segment = segment(at);
            int here = within(at);
            int n = Math.min(length - done, (segment.limit() - here) / carrier.bytes);
            carrier.get(segment.slice(here, n * carrier.bytes).order(segment.order()), to, done, n);
            done += n;
            at += (long) n * carrier.bytes;
        }
    }

    private ByteBuffer segment(long at) {
        return mapping.segments()[(int) (at >> SEGMENT_SHIFT)];
    }

    private static int within(long at) {
        return (int) (at & ((1L << SEGMENT_SHIFT) - 1));
    }

    /** Makes every later call fail, here and in transposes; closing twice is harmless. */
    @Override
    public void close() {
        mapping.close();
    }

    /** For people, as {@link NpyHeader#toString()}. */
    @Override
    public String toString() {
        return "mapped " + header;
    }
}
