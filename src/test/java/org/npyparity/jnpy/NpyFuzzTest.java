package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes are an array or a refusal, by every way of reading the same. A plain build replays the committed files;
 * with {@code JAZZER_FUZZ=1} Jazzer goes on from them, for one method at a time.
 */
@Tag("slow")
final class NpyFuzzTest {
    private static final int HEAD = 12;

    static Stream<byte[]> arrays() throws IOException {
        return files(".npy");
    }

    static Stream<byte[]> archives() throws IOException {
        return files(".npz");
    }

    private static Stream<byte[]> files(String suffix) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path directory : List.of(GoodFilesTest.DIRECTORY, BadFilesTest.DIRECTORY)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    if (file.toString().endsWith(suffix)) {
                        contents.add(Files.readAllBytes(file));
                    }
                }
            }
        }
        assertTrue(contents.size() > 30, "too few seeds: " + contents.size());
        return contents.stream();
    }

    @MethodSource("arrays")
    @FuzzTest(maxDuration = "20s")
    void anyFileIsAnArrayOrARefusal(byte[] content) throws IOException {
        NpyArray array;
        try {
            array = Npy.read(new MemoryChannel(content), "memory", Limits.DEFAULT);
        } catch (NpyFormatException refusal) {
            assertTrue(refusal.offset() >= 0 && refusal.offset() <= content.length, refusal.toString());
            assertTrue(refusal(() -> Npy.read(new ByteArrayInputStream(content), "memory", Limits.DEFAULT)) >= 0);
            assertTrue(refusal(() -> archived(content)) >= 0);
            return;
        }
        long data = (long) array.size() * array.dtype().bytes();
        assertTrue(data <= content.length - HEAD, array + " from " + content.length + " bytes");
        byte[] saved = IndexedFiles.saved(array);
        byte[] again = IndexedFiles.saved(Npy.read(new ByteArrayInputStream(saved), "saved", Limits.DEFAULT));
        assertTrue(Arrays.equals(saved, again), "saving changed it");
        assertTrue(Arrays.equals(saved, IndexedFiles.saved(archived(content))), "an archive changed it");
        int from = content.length - (int) data;
        int to = saved.length - (int) data;
        assertTrue(
                Arrays.equals(content, from, content.length, saved, to, saved.length), "reading changed the elements");
    }

    /** The same bytes as an entry of a sound archive, which few mutations of a whole archive reach: a checksum guards it. */
    private static NpyArray archived(byte[] content) throws IOException {
        try (Npz archive = ZipDirectoryTest.open(ZipDirectoryTest.archive("a.npy", content))) {
            return archive.get("a");
        }
    }

    /** What is refused must be refused by every way of reading, if in other words where the size is unknown. */
    private static long refusal(Reading reading) throws IOException {
        try {
            reading.read();
        } catch (NpyFormatException refusal) {
            return refusal.offset();
        }
        throw new AssertionError("another way of reading it makes an array");
    }

    @FunctionalInterface
    private interface Reading {
        NpyArray read() throws IOException;
    }

    @MethodSource("archives")
    @FuzzTest(maxDuration = "20s")
    void anyArchiveIsArraysOrARefusal(byte[] content) throws IOException {
        try (Npz archive = ZipDirectoryTest.open(content)) {
            for (String name : archive.names()) {
                NpyArray array = archive.get(name);
                long data = (long) array.size() * array.dtype().bytes();
                assertTrue(data <= 1032L * content.length, array + " from " + content.length + " bytes");
            }
        } catch (NpyFormatException refusal) {
            assertTrue(refusal.offset() >= 0, refusal.toString());
        }
    }
}
