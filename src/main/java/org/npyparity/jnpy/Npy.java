package org.npyparity.jnpy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * Reads and writes {@code .npy} files. Start here.
 *
 * <pre>{@code
 * NpyArray a = Npy.read(Path.of("a.npy"));
 * Npy.write(Path.of("b.npy"), NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
 * try (MappedNpy huge = Npy.open(Path.of("huge.npy"))) {
 *     double last = huge.getDouble(huge.size() - 1);
 * }
 * }</pre>
 *
 * <p>The format is NumPy's own description of it, {@code numpy.lib.format} (first NEP 1), versions 1.0, 2.0 and 3.0.
 * Stateless, and safe from any thread.
 */
public final class Npy {
    private Npy() {}

    /**
     * Reads an array to the heap.
     *
     * @throws NpyFormatException if the file is not one whole array of numbers, or does not fit the heap
     * @throws IOException if the file cannot be read
     */
    public static NpyArray read(Path file) throws IOException {
        return read(file, Limits.DEFAULT);
    }

    /**
     * Reads an array to the heap, within limits.
     *
     * @throws NpyFormatException if the file is not one whole array of numbers, passes a limit, or does not fit the heap
     * @throws IOException if the file cannot be read
     */
    public static NpyArray read(Path file, Limits limits) throws IOException {
        try (FileChannel channel = Source.open(file)) {
            return Decoder.read(Source.of(file, channel), limits);
        }
    }

    /**
     * Reads an array to the heap from a stream, to its end; does not close it. A stream does not say how long it is, so
     * its bytes are gathered as they come: this takes about three times the memory of {@link #read(Path)}.
     *
     * @param name what refusals call the stream
     * @throws NpyFormatException if the stream is not one whole array of numbers, passes a limit, or does not fit the
     *     heap
     * @throws IOException if the stream cannot be read
     */
    public static NpyArray read(InputStream stream, String name, Limits limits) throws IOException {
        return read(Channels.newChannel(stream), name, limits);
    }

    /**
     * Reads an array to the heap from a blocking channel, from its position to its end; does not close it. A channel may
     * give as few bytes at a time as it likes. One that is not seekable is read like a stream.
     *
     * @param name what refusals call the channel; their offsets are positions in a seekable channel
     * @throws NpyFormatException if the channel is not one whole array of numbers, passes a limit, or does not fit the
     *     heap
     * @throws IOException if the channel cannot be read
     */
    public static NpyArray read(ReadableByteChannel channel, String name, Limits limits) throws IOException {
        return channel instanceof SeekableByteChannel seekable
                ? Decoder.read(new Source(name, channel, seekable.position(), seekable.size()), limits)
                : Decoder.readUnsized(new Source(name, channel, 0, Source.UNKNOWN), limits);
    }

    /**
     * Reads the head of a file, and holds the size of the data against the size of the file.
     *
     * @throws NpyFormatException if the head is not that of an array of numbers or text, or the data are short or long
     * @throws IOException if the file cannot be read
     */
    public static NpyHeader readHeader(Path file) throws IOException {
        try (FileChannel channel = Source.open(file)) {
            return HeaderParser.readChecked(Source.of(file, channel));
        }
    }

    /**
     * Maps a file of any size into memory; reads its head only.
     *
     * @throws NpyFormatException if the file is not one whole array of numbers
     * @throws IOException if the file cannot be read or mapped
     */
    public static MappedNpy open(Path file) throws IOException {
        return open(file, Limits.DEFAULT);
    }

    /**
     * Maps a file into memory, within limits; reads its head only.
     *
     * @throws NpyFormatException if the file is not one whole array of numbers, or passes a limit
     * @throws IOException if the file cannot be read or mapped
     */
    public static MappedNpy open(Path file, Limits limits) throws IOException {
        try (FileChannel channel = Source.open(file)) {
            Source source = Source.of(file, channel);
            NpyHeader header = HeaderParser.readChecked(source);
            Decoder.checkNumbers(source, header, limits);
            return MappedNpy.map(source, channel, header);
        }
    }

    /**
     * Writes an array, byte for byte as {@code np.save} does.
     *
     * <p>The file appears whole or not at all: the bytes go to a new file beside it, are forced to disk, and are moved
     * into place, where they replace what was there. The name is taken as it is; no {@code .npy} is appended.
     *
     * @throws IOException if the file cannot be written; then nothing is left behind
     */
    public static void write(Path file, NpyArray array) throws IOException {
        AtomicFile.write(file, channel -> Encoder.writeInParallel(array, channel));
    }

    /**
     * Writes an array to a stream, byte for byte as {@code np.save} does; does not close or flush it.
     *
     * @throws IOException if the stream cannot be written
     */
    public static void write(OutputStream stream, NpyArray array) throws IOException {
        write(Channels.newChannel(stream), array);
    }

    /**
     * Writes an array to a blocking channel, byte for byte as {@code np.save} does; does not close it.
     *
     * @throws IOException if the channel cannot be written
     */
    public static void write(WritableByteChannel channel, NpyArray array) throws IOException {
        Encoder.write(array, channel);
    }
}
