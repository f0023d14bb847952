package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The bytes of a file from one offset to another, as a channel with a position of its own. */
final class Region implements ReadableByteChannel {
    /** Where to read from: {@link java.nio.channels.FileChannel#read(ByteBuffer, long)} is one. */
    @FunctionalInterface
    interface File {
        /** Reads some bytes at a position, or returns -1 at the end. */
        int read(ByteBuffer to, long position) throws IOException;
    }

    private final File file;
    private final long to;
    private long at;

    Region(File file, long from, long to) {
        this.file = file;
        this.at = from;
        this.to = to;
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        if (at >= to) {
            return -1;
        }
        int limit = buffer.limit();
        buffer.limit((int) Math.min(limit, buffer.position() + to - at));
        int n = file.read(buffer, at);
        buffer.limit(limit);
        at += Math.max(n, 0);
        return n;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** Nothing: the file is its opener's to close. */
    @Override
    public void close() {}
}
