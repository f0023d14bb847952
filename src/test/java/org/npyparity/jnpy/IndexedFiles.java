package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The files of a directory whose {@code index.tsv}, by NumPy, says what is in them. */
final class IndexedFiles {
    /** One array: dtype, shape, order, SHA-256 of the elements (C order, little-endian) and of what np.save writes. */
    record Line(String name, String dtype, String shape, String order, String elements, String saved) {
        static Line of(String text) {
            String[] part = text.split("\t", -1);
            return new Line(part[0], part[1], part[2], part[3], part[4], part[5]);
        }

        boolean inArchive() {
            return name.contains("!");
        }

        String file() {
            return inArchive() ? name.substring(0, name.indexOf('!')) : name;
        }

        String key() {
            return name.substring(name.indexOf('!') + 1);
        }
    }

    private IndexedFiles() {}

    static List<Line> lines(Path directory) throws IOException {
        return Files.readAllLines(directory.resolve("index.tsv")).stream()
                .map(Line::of)
                .toList();
    }

    /** Reads one array in every way that there is, and holds each against the index. */
    static void check(Path directory, Line line) throws IOException {
        Path file = directory.resolve(line.file());
        if (line.inArchive()) {
            try (Npz archive = Npz.open(file)) {
                checkArray(line, archive.get(line.key()));
                checkHeader(line, archive.header(line.key()));
            }
            return;
        }
        byte[] content = Files.readAllBytes(file);
        assertAll(
                line.name(),
                () -> checkArray(line, Npy.read(file)),
                () -> checkArray(line, Npy.read(new ByteArrayInputStream(content), "stream", Limits.DEFAULT)),
                () -> checkArray(line, Npy.read(trickle(content), "channel", Limits.DEFAULT)),
                () -> checkHeader(line, Npy.readHeader(file)),
                () -> checkMapped(line, file));
    }

    static void checkArray(Line line, NpyArray array) throws IOException {
        assertEquals(line, describe(line.name(), array));
    }

    /** What the index would say of an array. */
    static Line describe(String name, NpyArray array) throws IOException {
        NpyArray canonical = array.inOrder(Order.C).withByteOrder(ByteOrder.LITTLE_ENDIAN);
        byte[] file = saved(canonical);
        byte[] elements = Arrays.copyOfRange(
                file, file.length - array.size() * array.dtype().bytes(), file.length);
        return new Line(
                name,
                array.dtype().numpyName(),
                shape(NpyArray.extents(array.shape())),
                array.order().name(),
                sha256(elements),
                sha256(saved(array)));
    }

    private static void checkHeader(Line line, NpyHeader header) {
        assertEquals(
                List.of(line.dtype(), line.shape(), line.order()),
                List.of(
                        header.dtype().numpyName(),
                        shape(header.shape()),
                        header.order().name()));
    }

    private static void checkMapped(Line line, Path file) throws IOException {
        NpyArray whole = Npy.read(file);
        try (MappedNpy mapped = Npy.open(file)) {
            checkHeader(line, mapped.header());
            MappedNpy rows = mapped.order() == Order.C ? mapped : mapped.transpose();
            NpyArray run = rows.read(0, (int) rows.size());
            assertArrayEquals(
                    saved(new NpyArray(whole.dtype(), whole.byteOrder(), whole.order(), whole.shape(), run.storage())),
                    saved(whole));
        }
    }

    static byte[] saved(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npy.write(out, array);
        return out.toByteArray();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String shape(long[] shape) {
        return String.join(",", Arrays.stream(shape).mapToObj(Long::toString).toList());
    }

    /** A channel that gives none, one, two, ... bytes in turn, and never as many as it is asked for. */
    static ReadableByteChannel trickle(byte[] content) {
        ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(content));
        return new ReadableByteChannel() {
            private int turn;

            @Override
            public int read(ByteBuffer to) throws IOException {
                int given = Math.min(turn++ % 7 * (1 + content.length / 5000), to.remaining());
                ByteBuffer some = to.slice(to.position(), given);
                int read = given == 0 ? 0 : whole.read(some);
                to.position(to.position() + Math.max(read, 0));
                return read;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
