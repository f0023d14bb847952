package org.npyparity.jnpy;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays in one {@code .npz} file: a map that reads an array each time it is asked for it.
 *
 * <pre>{@code
 * Npz.write(Path.of("layer.npz"), Map.of("weights", weights, "bias", bias));
 * try (Npz layer = Npz.open(Path.of("layer.npz"))) {
 *     NpyArray bias = layer.get("bias");
 * }
 * }</pre>
 *
 * <p>The archive is a zip file, stored or deflated, with 64-bit sizes where they are needed. Opening checks its
 * directory; reading an array checks its checksum. Safe from any thread.
 */
public final class Npz implements Closeable {
    private static final String SUFFIX = ".npy";
    /** The first month that {@link ZipOutputStream} writes without the machine's time zone. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final String archive;
    private final Limits limits;
    private final ZipDirectory directory;
    private final Map<String, ZipDirectory.Entry> entries;
    private final Closeable storage;

    /** Reads the directory; closing closes {@code storage}. */
    Npz(String archive, long size, Region.File file, Closeable storage, Limits limits) throws IOException {
        this.archive = archive;
        this.limits = limits;
        this.storage = storage;
        this.directory = new ZipDirectory(archive, size, file, limits);
        this.entries = new LinkedHashMap<>();
        for (ZipDirectory.Entry entry : directory.read().values()) {
            String name = entry.name();
            String key = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
            if (entries.put(key, entry) != null) {
                throw new NpyFormatException(
                        archive, entry.offset(), "a second entry for the name '" + key + "'", "each name once");
            }
        }
    }

    /**
     * Opens an archive and reads its directory.
     *
     * @throws NpyFormatException if the directory is damaged or unsafe
     * @throws IOException if the file cannot be read
     */
    public static Npz open(Path file) throws IOException {
        return open(file, Limits.DEFAULT);
    }

    /**
     * Opens an archive within limits, which hold for its arrays too, and reads its directory.
     *
     * @throws NpyFormatException if the directory is damaged or unsafe, or passes a limit
     * @throws IOException if the file cannot be read
     */
    public static Npz open(Path file, Limits limits) throws IOException {
        FileChannel channel = Source.open(file);
        try {
            return new Npz(file.toString(), channel.size(), channel::read, channel, limits);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /** The names of the arrays, without {@code .npy}, in the order of the file; unmodifiable. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * Reads an array to the heap; nothing is kept, so asking again reads again.
     *
     * @throws NoSuchElementException if there is none of that name
     * @throws NpyFormatException if the entry is damaged, no array of numbers, or passes a limit
     * @throws IOException if the file cannot be read
     */
    public NpyArray get(String name) throws IOException {
        ZipDirectory.Entry entry = entry(name);
        try (EntryChannel channel = channel(entry)) {
            NpyArray array = Decoder.read(source(entry, channel), limits);
            channel.finish();
            return array;
        }
    }

    /**
     * Reads the head of an array; the data are not read, and their checksum is not verified.
     *
     * @throws NoSuchElementException if there is none of that name
     * @throws NpyFormatException if the entry does not start with the head of an array of numbers or text
     * @throws IOException if the file cannot be read
     */
    public NpyHeader header(String name) throws IOException {
        ZipDirectory.Entry entry = entry(name);
        try (EntryChannel channel = channel(entry)) {
            return HeaderParser.readChecked(source(entry, channel));
        }
    }

    /**
     * Reads all arrays to the heap.
     *
     * @return a new map in the order of {@link #names()}
     * @throws NpyFormatException if an entry is damaged, no array of numbers, or passes a limit
     * @throws IOException if the file cannot be read
     */
    public Map<String, NpyArray> readAll() throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (String name : names()) {
            arrays.put(name, get(name));
        }
        return arrays;
    }

    private ZipDirectory.Entry entry(String name) {
        ZipDirectory.Entry entry = entries.get(name);
        if (entry == null) {
            throw new NoSuchElementException(archive + " has no array '" + name + "', but " + names());
        }
        return entry;
    }

    private EntryChannel channel(ZipDirectory.Entry entry) throws IOException {
        long from = directory.dataOffset(entry);
        return new EntryChannel(
                path(entry), entry, directory.region(from, from + entry.head().packed()));
    }

    private Source source(ZipDirectory.Entry entry, EntryChannel channel) {
        return new Source(path(entry), channel, 0, entry.head().size());
    }

    private String path(ZipDirectory.Entry entry) {
        return archive + "!" + entry.name();
    }

    /** Closes the file; reading an array fails from then on. */
    @Override
    public void close() throws IOException {
        storage.close();
    }

    /** For people: the file and the names. */
    @Override
    public String toString() {
        return archive + " " + names();
    }

    /**
     * Writes arrays uncompressed, as {@code np.savez}; each entry is byte for byte what {@code np.save} writes. Atomic,
     * as {@link Npy#write(Path, NpyArray)}.
     *
     * @param arrays by name, without {@code .npy}; written in the order of the map
     * @throws IllegalArgumentException if a name is no relative path
     * @throws IOException if the file cannot be written; then nothing is left behind
     */
    public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
        write(file, arrays, ZipEntry.STORED);
    }

    /**
     * Writes arrays deflated, as {@code np.savez_compressed}; otherwise as {@link #write}.
     *
     * @param arrays by name, without {@code .npy}; written in the order of the map
     * @throws IllegalArgumentException if a name is no relative path
     * @throws IOException if the file cannot be written; then nothing is left behind
     */
    public static void writeCompressed(Path file, Map<String, NpyArray> arrays) throws IOException {
        write(file, arrays, ZipEntry.DEFLATED);
    }

    private static void write(Path file, Map<String, NpyArray> arrays, int method) throws IOException {
        for (String name : arrays.keySet()) {
            if (!ZipDirectory.isSafe(name + SUFFIX)) {
                throw new IllegalArgumentException("'" + name + "' is no name for an array: use a relative path");
            }
        }
        AtomicFile.write(file, channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16) {
                @Override
                public void close() throws IOException {
                    flush(); // the channel is not ours to close: it is forced to disk first
                }
            };
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, NpyArray> named : arrays.entrySet()) {
                    ZipEntry entry = new ZipEntry(named.getKey() + SUFFIX);
                    entry.setMethod(method);
                    entry.setTimeLocal(EPOCH);
                    if (method == ZipEntry.STORED) {
                        declare(entry, named.getValue());
                    }
                    zip.putNextEntry(entry);
                    Encoder.write(named.getValue(), Channels.newChannel(zip));
                }
            }
        });
    }

    /** Encodes once for the size and checksum, which stand before stored data. */
    private static void declare(ZipEntry entry, NpyArray array) throws IOException {
        CRC32 crc = new CRC32();
        long[] size = new long[1];
        Encoder.write(array, new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                int length = bytes.remaining();
                crc.update(bytes);
                size[0] += length;
                return length;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        });
        entry.setSize(size[0]);
        entry.setCrc(crc.getValue());
    }
}
