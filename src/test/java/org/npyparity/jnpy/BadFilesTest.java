package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The committed files that must be refused, each with its words. What NumPy does with each stands beside, and is held
 * against NumPy by {@link NumpyTest}; where NumPy loads, docs/jnpy.md lists the deviation.
 */
final class BadFilesTest {
    static final Path DIRECTORY = Path.of("fixtures/npy/bad");

    record Bad(String file, String numpy, String refusal) {
        static Bad of(String line) {
            String[] part = line.split("\t", -1);
            return new Bad(part[0], part[1], part[2]);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Bad> files() throws IOException {
        return Files.readAllLines(DIRECTORY.resolve("index.tsv")).stream().map(Bad::of);
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRefusedInOneSentenceThatSaysWhereAndWhy(Bad bad) {
        Path file = DIRECTORY.resolve(bad.file());
        NpyFormatException refusal = assertThrows(NpyFormatException.class, () -> read(file));

        String named = bad.refusal().startsWith("!") ? file + bad.refusal() : file + ": " + bad.refusal();
        assertEquals(named, refusal.getMessage());
        assertEquals(
                refusal.file() + ": at byte " + refusal.offset() + ": found " + refusal.found() + ", expected "
                        + refusal.expected(),
                refusal.getMessage());
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRefusedByEveryOtherWayOfReading(Bad bad) throws IOException {
        Path file = DIRECTORY.resolve(bad.file());
        byte[] content = Files.readAllBytes(file);
        Stream<Executable> ways = bad.file().endsWith(".npz")
                ? Stream.of(() -> readAll(ZipDirectoryTest.open(content)))
                : Stream.of(
                        () -> Npy.open(file).close(),
                        () -> Npy.read(new ByteArrayInputStream(content), "stream", Limits.DEFAULT),
                        () -> Npy.read(IndexedFiles.trickle(content), "channel", Limits.DEFAULT));
        assertAll(ways.map(way -> () -> assertThrows(NpyFormatException.class, way)));
    }

    @Test
    void everyFileIsInTheIndexWithItsOwnWords() throws IOException {
        Set<String> listed = files().map(Bad::file).collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            Set<String> present = files.map(f -> f.getFileName().toString())
                    .filter(f -> !f.equals("index.tsv"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(present, listed);
        }
        assertTrue(files().allMatch(b -> b.refusal().matches("(!\\S+: )?at byte \\d+: found .+, expected .+")));
    }

    @Test
    void textIsListedThoughItsElementsAreRefused() throws IOException {
        assertEquals(
                "str_ (3,) C, '<U2', version 1.0, 24 bytes of data at byte 128",
                Npy.readHeader(DIRECTORY.resolve("descr-text-u.npy")).toString());
        assertEquals(
                "bytes_ (3,) C, '|S8', version 1.0, 24 bytes of data at byte 128",
                Npy.readHeader(DIRECTORY.resolve("descr-text-s.npy")).toString());
    }

    private static void read(Path file) throws IOException {
        if (file.toString().endsWith(".npz")) {
            readAll(Npz.open(file));
        } else {
            Npy.read(file);
        }
    }

    private static void readAll(Npz archive) throws IOException {
        try (archive) {
            archive.readAll();
        }
    }
}
