package org.npyparity.jnpy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Bytes of known number that are read once, front to back; it knows where it is, so that a refusal can say so. */
final class Source {
    /** The size of a source that does not tell: no head can ask for more. */
    static final long UNKNOWN = Long.MAX_VALUE;

    /** A channel that gives nothing this many times in a row does not block, and waiting for it would hang. */
    private static final int PATIENCE = 1000;

    private final String name;
    private final ReadableByteChannel channel;
    private final long size;
    private long position;

    /**
     * Reads on from the channel's position.
     *
     * @param position the offset that refusals give that position, in bytes
     * @param size the offset of the end, or {@link #UNKNOWN}
     */
    Source(String name, ReadableByteChannel channel, long position, long size) {
        this.name = name;
        this.channel = channel;
        this.position = position;
        this.size = size;
    }

    /**
     * Opens a file for reading.
     *
     * @throws NpyFormatException if it has no size, as a pipe or a device: to open a pipe is to wait until somebody writes
     */
    static FileChannel open(Path file) throws IOException {
        if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
            throw new NpyFormatException(file.toString(), 0, "a pipe or a device", "a file, whose size is known");
        }
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Reads a file from its begin. */
    static Source of(Path file, FileChannel channel) throws IOException {
        return new Source(file.toString(), channel, 0, channel.size());
    }

    /** What is read, if it is a file that several can read at once. */
    @Nullable
    FileChannel file() {
        return channel instanceof FileChannel file ? file : null;
    }

    /** Another source of the same file, which leaves the channel's position alone. */
    Source from(FileChannel file, long start) {
        return new Source(name, new Region(file::read, start, size), start, size);
    }

    /** The last bytes that were read, once more: those up to the buffer's position. */
    Source again(ByteBuffer bytes) {
        ByteArrayInputStream stream = new ByteArrayInputStream(bytes.array(), 0, bytes.position());
        return new Source(name, Channels.newChannel(stream), position - bytes.position(), position);
    }

    /** The offset of the end, in bytes. */
    long size() {
        return size;
    }

    /** The offset of the next byte. */
    long position() {
        return position;
    }

    /** Reads {@code length} bytes, little-endian; refuses a source that declares fewer, before it allocates. */
    ByteBuffer read(int length, String what) throws IOException {
        if (length > size - position) {
            throw new NpyFormatException(
                    name,
                    position,
                    Math.max(size - position, 0) + " bytes to the end of the file",
                    length + " bytes of " + what);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        read(bytes);
        return bytes.flip();
    }

    /** Fills the buffer, however little the channel gives at a time; refuses an end before. */
    void read(ByteBuffer to) throws IOException {
        readSome(to);
        if (to.hasRemaining()) {
            throw refuse(position, "the end of the file", "at least " + to.remaining() + " more bytes (truncated)");
        }
    }

    /** Fills the buffer as far as there are bytes. */
    void readSome(ByteBuffer to) throws IOException {
        int idle = 0;
        while (to.hasRemaining()) {
            int read = channel.read(to);
            if (read < 0) {
                return;
            }
            idle = read == 0 ? idle + 1 : 0;
            if (idle > PATIENCE) {
                throw new IOException(name + ": the channel gives nothing and does not block; open it as blocking");
            }
            position += read;
        }
    }

    /** Maps a part of a file, for reading; refuses a file that has become too short for it. */
    ByteBuffer map(FileChannel file, long from, long bytes) throws IOException {
        try {
            return file.map(MapMode.READ_ONLY, from, bytes);
        } catch (IOException e) {
            if (file.size() < from + bytes) {
                throw refuse(file.size(), "the end of the file", from + bytes + " bytes, as it had just now");
            }
            throw e;
        }
    }

    NpyFormatException refuse(long offset, String found, String expected) {
        return new NpyFormatException(name, offset, found, expected);
    }
}
