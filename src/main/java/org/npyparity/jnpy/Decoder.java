package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Turns the bytes of a file into an array on the heap. */
final class Decoder {
    /** Large enough that a call of the system costs nothing beside its bytes, small enough to stay in the cache. */
    private static final int CHUNK = 1 << 18;

    private Decoder() {}

    static NpyArray read(Source source, Limits limits) throws IOException {
        NpyHeader header = HeaderParser.read(source);
        Object storage = allocate(source, header, limits);
        DType dtype = header.dtype();
        Carrier carrier = dtype.carrier();
        int length = (int) header.size() * dtype.lanes();
        int step = CHUNK / carrier.bytes;
        ByteBuffer chunk = chunk(header.dataBytes()).order(header.byteOrder());
        for (int at = 0; at < length; at += step) {
            int n = Math.min(step, length - at);
            source.read(chunk.clear().limit(n * carrier.bytes));
            carrier.get(chunk.flip(), storage, at, n);
        }
        return new NpyArray(dtype, header.byteOrder(), header.order(), intShape(header), storage);
    }

    private static ByteBuffer chunk(long dataBytes) {
        return dataBytes < CHUNK ? ByteBuffer.allocate((int) dataBytes) : ByteBuffer.allocateDirect(CHUNK);
    }

    /** Checks that the array may and can live on the heap, then allocates it. */
    private static Object allocate(Source source, NpyHeader header, Limits limits) throws NpyFormatException {
        DType dtype = header.dtype();
        long bytes = header.dataBytes();
        if (!dtype.isFixedSize()) {
            throw source.refuse(
                    header.dataOffset(),
                    "text, dtype '" + header.descr() + "'",
                    "numbers: text of fixed width is not supported; save its code points as numbers");
        }
        if (bytes > limits.maxBytes()) {
            throw source.refuse(
                    header.dataOffset(),
                    bytes + " bytes of data",
                    "at most " + limits.maxBytes() + ", the caller's limit");
        }
        if (bytes > Runtime.getRuntime().maxMemory()) {
            throw source.refuse(
                    header.dataOffset(),
                    bytes + " bytes of data",
                    "at most " + Runtime.getRuntime().maxMemory() + ", the whole heap: raise -Xmx or use Npy.open");
        }
        boolean wide = false;
        for (long extent : header.shape()) {
            wide |= extent > Integer.MAX_VALUE;
        }
        if (wide || header.size() > NpyArray.MAX_LENGTH / dtype.lanes()) {
            throw source.refuse(
                    header.dataOffset(),
                    "the shape " + NpyHeader.tuple(header.shape()),
                    "one that a Java array can have, below 2^31: use Npy.open");
        }
        return dtype.carrier().allocate((int) header.size() * dtype.lanes());
    }

    private static int[] intShape(NpyHeader header) {
        return Arrays.stream(header.shape()).mapToInt(Math::toIntExact).toArray();
    }
}
