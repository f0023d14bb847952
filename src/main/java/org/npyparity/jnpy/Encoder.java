package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Turns an array into the bytes that {@code np.save} writes. */
final class Encoder {
    private static final int CHUNK = 1 << 18;

    private Encoder() {}

    static void write(NpyArray array, WritableByteChannel channel) throws IOException {
        DType dtype = array.dtype();
        writeFully(
                ByteBuffer.wrap(
                        NpyHeader.encode(dtype, array.byteOrder(), array.order(), NpyArray.extents(array.shape()))),
                channel);
        Carrier carrier = dtype.carrier();
        int length = array.size() * dtype.lanes();
        int step = CHUNK / carrier.bytes;
        long bytes = (long) length * carrier.bytes;
        ByteBuffer chunk = (bytes < CHUNK ? ByteBuffer.allocate((int) bytes) : ByteBuffer.allocateDirect(CHUNK))
                .order(array.byteOrder());
        for (int at = 0; at < length; at += step) {
            int n = Math.min(step, length - at);
            carrier.put(array.storage(), at, n, chunk.clear());
            writeFully(chunk.limit(n * carrier.bytes), channel);
        }
    }

    private static void writeFully(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
