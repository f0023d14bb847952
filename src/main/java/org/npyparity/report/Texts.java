package org.npyparity.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Texts in a file: memory holds only where each ends. The file has no name once it is open (Windows: until it is closed),
 * so nothing is left of it however the process ends.
 *
 * <p>One thread adds; then any may read.
 */
final class Texts extends AbstractList<String> implements RandomAccess {
    /** Where files go that no report's directory is known for. */
    static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final Path directory;
    private @Nullable FileChannel file;
    private long[] ends = new long[16];
    private int size;

    /** @param directory where the file goes, on the disk that has room for the reports */
    Texts(Path directory) {
        this.directory = directory;
    }

    /** @throws UncheckedIOException if the disk is full, and the like */
    @Override
    public boolean add(String text) {
        try {
            if (file == null) {
                file = FileChannel.open(
                        directory.resolve(".npyparity-" + UUID.randomUUID() + ".tmp"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
            }
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            if (size == ends.length) {
                ends = Arrays.copyOf(ends, 2 * size);
            }
            ends[size++] = file.position();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(new FileSystemException(
                    directory.toString(), null, "the cases of the report cannot be written there: " + e.getMessage()));
        }
    }

    @Override
    public String get(int index) {
        if (index < 0 || index >= size || file == null) {
            throw new IndexOutOfBoundsException(index);
        }
        long start = index == 0 ? 0 : ends[index - 1];
        ByteBuffer bytes = ByteBuffer.allocate((int) (ends[index] - start));
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, start + bytes.position()) < 0) {
                    throw new IOException("a file of the report was cut off by somebody else");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return size;
    }
}
