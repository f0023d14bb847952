package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The uncompressed bytes of one entry of a zip archive, counted and summed as they pass. */
final class EntryChannel implements ReadableByteChannel {
    private static final int CHUNK = 1 << 16;

    private final String name;
    private final ZipDirectory.Entry entry;
    private final ReadableByteChannel packed;
    private final @Nullable Inflater inflater;
    private final ByteBuffer input;
    private final CRC32 crc = new CRC32();
    private long position;

    /**
     * Reads an entry.
     *
     * @param name what refusals call the entry
     * @param packed the bytes of the entry in the archive, no more and no fewer
     */
    EntryChannel(String name, ZipDirectory.Entry entry, ReadableByteChannel packed) {
        this.name = name;
        this.entry = entry;
        this.packed = packed;
        this.inflater = entry.head().isDeflated() ? new Inflater(true) : null;
        this.input = ByteBuffer.allocate(
                        entry.head().isDeflated()
                                ? (int) Math.min(CHUNK, entry.head().packed())
                                : 0)
                .limit(0);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        int start = to.position();
        int read = inflater == null ? packed.read(to) : inflate(inflater, to);
        if (read > 0) {
            position += read;
            crc.update(to.duplicate().flip().position(start));
        }
        return read;
    }

    private int inflate(Inflater inflater, ByteBuffer to) throws IOException {
        try {
            int read = 0;
            while (read == 0 && to.hasRemaining() && !inflater.finished()) {
                // Before it asks for input: an inflater that has taken all of it may still hold what it makes.
                read = inflater.inflate(to);
                if (read == 0 && inflater.needsDictionary()) {
                    throw refuse("deflated data that need a dictionary", "data that stand alone");
                }
                if (read == 0 && inflater.needsInput() && !inflater.finished()) {
                    if (packed.read(input.clear()) < 0) {
                        throw refuse("deflated data that stop short", "their end");
                    }
                    inflater.setInput(input.flip());
                }
            }
            return read == 0 && inflater.finished() ? -1 : read;
        } catch (DataFormatException e) {
            throw refuse("damaged deflated data", "a stream that inflates");
        }
    }

    /** Checks, when all declared bytes were read, that nothing follows and that the checksum is the directory's. */
    void finish() throws IOException {
        if (inflater != null) {
            boolean ended = read(ByteBuffer.allocate(1)) < 0;
            if (!ended || inflater.getBytesRead() != entry.head().packed()) {
                throw refuse("more data than the " + entry.head().size() + " bytes declared", "the end of the entry");
            }
        }
        if (crc.getValue() != entry.head().crc()) {
            throw refuse(
                    "data with the CRC-32 " + hex(crc.getValue()),
                    hex(entry.head().crc()) + ", the directory's");
        }
    }

    private static String hex(long crc) {
        return "0x" + Long.toHexString(crc);
    }

    private NpyFormatException refuse(String found, String expected) {
        return new NpyFormatException(name, position, found, expected);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** Frees the inflater's memory; the archive stays open. */
    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }
}
