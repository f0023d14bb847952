package org.npyparity.jnpy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Turns the bytes of a file into an array on the heap. */
final class Decoder {
    /** Large enough that a call of the system costs nothing beside its bytes, small enough to stay in the cache. */
    private static final int CHUNK = 1 << 18;

    /** From so many bytes on a file is mapped: below, a mapping costs more than it saves. */
    private static final int MAPPED = 1 << 20;
    /** Mapped at a time, for a buffer's index is an int; a multiple of every element's size, so that none is split. */
    private static final int SEGMENT = 1 << 30;
    /** What one thread copies at a time, in bytes. */
    private static final int PIECE = 1 << 22;

    private Decoder() {}

    /** Reads a source of known size, whose size is checked before anything is allocated. */
    static NpyArray read(Source source, Limits limits) throws IOException {
        NpyHeader header = HeaderParser.readChecked(source);
        checkHeap(source, header, limits);
        return decode(source, header);
    }

    /** Reads a source of unknown size: what is allocated never passes twice what has arrived. */
    static NpyArray readUnsized(Source source, Limits limits) throws IOException {
        NpyHeader header = HeaderParser.read(source);
        checkHeap(source, header, limits);
        // One byte more than the data, to see the end.
        long wanted = header.dataBytes() + 1;
        if (wanted > NpyArray.MAX_LENGTH) {
            throw source.refuse(
                    header.dataOffset(), wanted - 1 + " bytes of data", "fewer than 2^31 from a stream: use a file");
        }
        ByteBuffer data = ByteBuffer.allocate((int) Math.min(wanted, CHUNK));
        source.readSome(data);
        while (!data.hasRemaining() && data.capacity() < wanted) {
            int capacity = (int) Math.min(wanted, 2L * data.capacity());
            data = ByteBuffer.wrap(Arrays.copyOf(data.array(), capacity)).position(data.position());
            source.readSome(data);
        }
        HeaderParser.checkSize(source, header, data.position());
        ByteArrayInputStream bytes = new ByteArrayInputStream(data.array(), 0, data.position());
        return decode(new Source("", Channels.newChannel(bytes), 0, data.position()), header);
    }

    private static NpyArray decode(Source source, NpyHeader header) throws IOException {
        DType dtype = header.dtype();
        int length = (int) header.size() * dtype.lanes();
        Object storage = dtype.carrier().allocate(length);
        FileChannel file = source.file();
        if (file != null && header.dataBytes() >= MAPPED) {
            copyMapped(source, file, header, storage);
        } else {
            copyRead(source, header, storage, length);
        }
        int[] shape = Arrays.stream(header.shape()).mapToInt(Math::toIntExact).toArray();
        return new NpyArray(dtype, header.byteOrder(), header.order(), shape, storage);
    }

    private static void copyRead(Source source, NpyHeader header, Object storage, int length) throws IOException {
        Carrier carrier = header.dtype().carrier();
        int step = CHUNK / carrier.bytes;
        ByteBuffer chunk = chunk(header.dataBytes()).order(header.byteOrder());
        for (int at = 0; at < length; at += step) {
            int n = Math.min(step, length - at);
            source.read(chunk.clear().limit(n * carrier.bytes));
            carrier.get(chunk.flip(), storage, at, n);
        }
    }

    /** Half the time of {@link #copyRead}: the bytes move once, on all cores. */
    private static void copyMapped(Source source, FileChannel file, NpyHeader header, Object storage)
            throws IOException {
        Carrier carrier = header.dtype().carrier();
        int step = PIECE / carrier.bytes;
        int perSegment = SEGMENT / carrier.bytes;
        long start = source.position();
        try {
            for (long done = 0; done < header.dataBytes(); done += SEGMENT) {
                long bytes = Math.min(SEGMENT, header.dataBytes() - done);
                ByteBuffer segment =
                        file.map(MapMode.READ_ONLY, start + done, bytes).order(header.byteOrder());
                int length = (int) (bytes / carrier.bytes);
                int first = (int) (done / SEGMENT) * perSegment;
                IntStream.range(0, (length + step - 1) / step).parallel().forEach(piece -> {
                    int at = piece * step;
                    int n = Math.min(step, length - at);
                    ByteBuffer part = segment.slice(at * carrier.bytes, n * carrier.bytes);
                    carrier.get(part.order(header.byteOrder()), storage, first + at, n);
                });
            }
        } catch (InternalError e) {
            // So the JVM reports a page of a mapped file that is no longer there.
            throw truncated(source, file);
        }
        if (file.size() < source.size()) {
            throw truncated(source, file);
        }
    }

    private static NpyFormatException truncated(Source source, FileChannel file) throws IOException {
        return source.refuse(
                file.size(),
                "the end of the file, which another program cut short",
                source.size() + " bytes, as it had when it was opened");
    }

    private static ByteBuffer chunk(long dataBytes) {
        return dataBytes < CHUNK ? ByteBuffer.allocate((int) dataBytes) : ByteBuffer.allocateDirect(CHUNK);
    }

    /** Refuses text, and data beyond the caller's limit. */
    static void checkNumbers(Source source, NpyHeader header, Limits limits) throws NpyFormatException {
        if (!header.dtype().isFixedSize()) {
            throw source.refuse(
                    header.dataOffset(),
                    "text, dtype '" + header.descr() + "'",
                    "numbers: text of fixed width is not supported; save its code points as numbers");
        }
        if (header.dataBytes() > limits.maxBytes()) {
            throw source.refuse(
                    header.dataOffset(),
                    header.dataBytes() + " bytes of data",
                    "at most " + limits.maxBytes() + ", the caller's limit");
        }
    }

    /** Refuses what may not or cannot live on the heap. */
    private static void checkHeap(Source source, NpyHeader header, Limits limits) throws NpyFormatException {
        checkNumbers(source, header, limits);
        long heap = Runtime.getRuntime().maxMemory();
        if (header.dataBytes() > heap) {
            throw source.refuse(
                    header.dataOffset(),
                    header.dataBytes() + " bytes of data",
                    "at most " + heap + ", the whole heap: raise -Xmx or use Npy.open");
        }
        boolean wide = Arrays.stream(header.shape()).anyMatch(extent -> extent > Integer.MAX_VALUE);
        if (wide || header.size() > NpyArray.MAX_LENGTH / header.dtype().lanes()) {
            throw source.refuse(
                    header.dataOffset(),
                    "the shape " + NpyHeader.tuple(header.shape()),
                    "one that a Java array can have, below 2^31: use Npy.open");
        }
    }
}
