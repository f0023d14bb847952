package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Turns an array into the bytes that {@code np.save} writes. */
final class Encoder {
    /** Bytes handed to the system at once: with a fourth of it, or four times as much, 400 MB took 10 % longer. */
    private static final int CHUNK = 1 << 20;

    private Encoder() {}

    static void write(NpyArray array, WritableByteChannel channel) throws IOException {
        writeFully(header(array), channel);
        writeData(array, 0, length(array), channel);
    }

    /** Writes parts of a large array at once, each at its place in a file that is empty so far. */
    static void writeInParallel(NpyArray array, FileChannel file) throws IOException {
        int bytes = array.dtype().carrier().bytes;
        if (!Parts.areWorthwhile((long) length(array) * bytes)) {
            write(array, file);
            return;
        }
        writeFully(header(array), file);
        long data = file.position();
        Parts.move(length(array), (from, to) -> writeData(array, from, to, at(file, data + (long) from * bytes)));
    }

    private static ByteBuffer header(NpyArray array) {
        return ByteBuffer.wrap(
                NpyHeader.encode(array.dtype(), array.byteOrder(), array.order(), NpyArray.extents(array.shape())));
    }

    private static int length(NpyArray array) {
        return array.size() * array.dtype().lanes();
    }

    private static void writeData(NpyArray array, int from, int to, WritableByteChannel channel) throws IOException {
        Carrier carrier = array.dtype().carrier();
        int step = CHUNK / carrier.bytes;
        long bytes = (long) (to - from) * carrier.bytes;
        ByteBuffer chunk = (bytes < CHUNK ? ByteBuffer.allocate((int) bytes) : ByteBuffer.allocateDirect(CHUNK))
                .order(array.byteOrder());
        for (int at = from; at < to; at += step) {
            int n = Math.min(step, to - at);
            carrier.put(array.storage(), at, n, chunk.clear());
            writeFully(chunk.limit(n * carrier.bytes), channel);
        }
    }

    /** What writes into a file from {@code start} on and leaves the file's own position alone. */
    private static WritableByteChannel at(FileChannel file, long start) {
        return new WritableByteChannel() {
            private long position = start;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int written = file.write(bytes, position);
                position += written;
                return written;
            }

            @Override
            public boolean isOpen() {
                return file.isOpen();
            }

            @Override
            public void close() {}
        };
    }

    private static void writeFully(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
