package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.function.Supplier;

/** Turns the bytes of a file into an array on the heap. */
final class Decoder {
    /** Large enough that a call of the system costs nothing beside its bytes, small enough to stay in the cache. */
    private static final int CHUNK = 1 << 18;

    private Decoder() {}

    /** Reads a source of known size, whose size is checked before anything is allocated. */
    static NpyArray read(Source source, Limits limits) throws IOException {
        NpyHeader header = HeaderParser.readChecked(source);
        checkHeap(source, header, limits);
        return decode(source, header);
    }

    /** Reads a source of unknown size: what is allocated never passes twice what has arrived. */
    static NpyArray readUnsized(Source source, Limits limits) throws IOException {
        NpyHeader header = HeaderParser.read(source);
        checkHeap(source, header, limits);
        // One byte more than the data, to see the end.
        long wanted = header.dataBytes() + 1;
        if (wanted > NpyArray.MAX_LENGTH) {
            throw source.refuse(
                    header.dataOffset(), wanted - 1 + " bytes of data", "fewer than 2^31 from a stream: use a file");
        }
        ByteBuffer data = ByteBuffer.allocate((int) Math.min(wanted, CHUNK));
        source.readSome(data);
        while (!data.hasRemaining() && data.capacity() < wanted) {
            int capacity = (int) Math.min(wanted, 2L * data.capacity());
            byte[] arrived = data.array();
            byte[] larger = allocate(source, header, () -> Arrays.copyOf(arrived, capacity));
            data = ByteBuffer.wrap(larger).position(arrived.length);
            source.readSome(data);
        }
        HeaderParser.checkSize(source, header, data.position());
        return decode(source.again(data), header);
    }

    private static NpyArray decode(Source source, NpyHeader header) throws IOException {
        DType dtype = header.dtype();
        int length = (int) header.size() * dtype.lanes();
        Object storage = allocate(source, header, () -> dtype.carrier().allocate(length));
        FileChannel file = source.file();
        if (file != null && Parts.areWorthwhile(header.dataBytes())) {
            copyInParallel(source, file, header, storage, length);
        } else {
            copy(source, header, storage, 0, length);
        }
        int[] shape = Arrays.stream(header.shape()).mapToInt(Math::toIntExact).toArray();
        return new NpyArray(dtype, header.byteOrder(), header.order(), shape, storage);
    }

    /** The sizes are the file's own by now; whether the heap has room only an attempt tells. */
    private static <T> T allocate(Source source, NpyHeader header, Supplier<T> array) throws NpyFormatException {
        try {
            return array.get();
        } catch (OutOfMemoryError e) {
            throw source.refuse(
                    header.dataOffset(),
                    header.dataBytes() + " bytes of data",
                    "no more than the heap has room for: raise -Xmx or use Npy.open");
        }
    }

    private static void copy(Source source, NpyHeader header, Object storage, int from, int to) throws IOException {
        Carrier carrier = header.dtype().carrier();
        int step = CHUNK / carrier.bytes;
        ByteBuffer chunk = chunk((long) (to - from) * carrier.bytes).order(header.byteOrder());
        for (int at = from; at < to; at += step) {
            int n = Math.min(step, to - at);
            source.read(chunk.clear().limit(n * carrier.bytes));
            carrier.get(chunk.flip(), storage, at, n);
        }
    }

    /**
     * Reads parts of a file at once. A mapped file would be copied once and not twice, but one that is cut short
     * meanwhile would throw an error of the virtual machine, at any time after the fact.
     */
    private static void copyInParallel(Source source, FileChannel file, NpyHeader header, Object storage, int length)
            throws IOException {
        int bytes = header.dtype().carrier().bytes;
        Parts.move(
                length,
                (from, to) ->
                        copy(source.from(file, header.dataOffset() + (long) from * bytes), header, storage, from, to));
        file.position(header.dataOffset() + header.dataBytes());
    }

    private static ByteBuffer chunk(long dataBytes) {
        return dataBytes < CHUNK ? ByteBuffer.allocate((int) dataBytes) : ByteBuffer.allocateDirect(CHUNK);
    }

    /** Refuses text, and data beyond the caller's limit. */
    static void checkNumbers(Source source, NpyHeader header, Limits limits) throws NpyFormatException {
        if (!header.dtype().isFixedSize()) {
            throw source.refuse(
                    header.dataOffset(),
                    "text, dtype '" + header.descr() + "'",
                    "numbers: text of fixed width is not supported; save its code points as numbers");
        }
        if (header.dataBytes() > limits.maxBytes()) {
            throw source.refuse(
                    header.dataOffset(),
                    header.dataBytes() + " bytes of data",
                    "at most " + limits.maxBytes() + ", the caller's limit");
        }
    }

    /** Refuses what may not or cannot live on the heap. */
    private static void checkHeap(Source source, NpyHeader header, Limits limits) throws NpyFormatException {
        checkNumbers(source, header, limits);
        long heap = Runtime.getRuntime().maxMemory();
        if (header.dataBytes() > heap) {
            throw source.refuse(
                    header.dataOffset(),
                    header.dataBytes() + " bytes of data",
                    "at most " + heap + ", the whole heap: raise -Xmx or use Npy.open");
        }
        boolean wide = Arrays.stream(header.shape()).anyMatch(extent -> extent > Integer.MAX_VALUE);
        if (wide || header.size() > NpyArray.MAX_LENGTH / header.dtype().lanes()) {
            throw source.refuse(
                    header.dataOffset(),
                    "the shape " + NpyHeader.tuple(header.shape()),
                    "one that a Java array can have, below 2^31: use Npy.open");
        }
    }
}
