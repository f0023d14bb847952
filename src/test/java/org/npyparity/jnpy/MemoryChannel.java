package org.npyparity.jnpy;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file in memory, for reading. */
final class MemoryChannel implements SeekableByteChannel {
    private final ByteBuffer content;

    MemoryChannel(byte[] content) {
        this.content = ByteBuffer.wrap(content);
    }

    @Override
    public int read(ByteBuffer to) {
        if (!content.hasRemaining()) {
            return -1;
        }
        int n = Math.min(to.remaining(), content.remaining());
        to.put(to.position(), content, content.position(), n);
        to.position(to.position() + n);
        content.position(content.position() + n);
        return n;
    }

    @Override
    public long position() {
        return content.position();
    }

    @Override
    public SeekableByteChannel position(long position) {
        content.position((int) position);
        return this;
    }

    @Override
    public long size() {
        return content.limit();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
