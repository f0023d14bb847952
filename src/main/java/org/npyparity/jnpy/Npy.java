package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads and writes {@code .npy} files. Start here.
 *
 * <p>Stateless, and safe from any thread.
 */
public final class Npy {
    private Npy() {}

    /**
     * Reads an array to the heap.
     *
     * @throws NpyFormatException if the file is not a whole {@code .npy} file of numbers, or too large for the heap
     * @throws IOException if the file cannot be read
     */
    public static NpyArray read(Path file) throws IOException {
        return read(file, Limits.DEFAULT);
    }

    /**
     * Reads an array to the heap, within limits.
     *
     * @throws NpyFormatException if the file is not a whole {@code .npy} file of numbers, or passes a limit
     * @throws IOException if the file cannot be read
     */
    public static NpyArray read(Path file, Limits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Source source = new Source(file.toString(), channel, channel.size());
            return Decoder.read(source, limits);
        }
    }

    /**
     * Reads the head of a file, and holds the size of the data against the size of the file.
     *
     * @throws NpyFormatException if the head is no head of an array of numbers or text, or the data are short or long
     * @throws IOException if the file cannot be read
     */
    public static NpyHeader readHeader(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return HeaderParser.read(new Source(file.toString(), channel, channel.size()));
        }
    }

    /**
     * Writes an array, byte for byte as {@code np.save} does.
     *
     * <p>The file appears whole or not at all: the bytes go to a new file beside it, are forced to disk, and are moved
     * into place, where they replace what was there.
     *
     * @throws IOException if the file cannot be written; then nothing is left behind
     */
    public static void write(Path file, NpyArray array) throws IOException {
        AtomicFile.write(file, channel -> Encoder.write(array, channel));
    }
}
