package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In a virtual machine of its own, whose heap is smaller than what the bad files claim to hold. */
final class SmallHeapTest {
    /** What the fuzzer gathered, where it has run. */
    private static final Path CORPUS = Path.of("target/jnpy-corpus");

    @Test
    void committedFilesAndTheFuzzersCorpusAreReplayedIn64Megabytes() throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Xmx64m",
                        "-Xshare:auto",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classes,
                        Replay.class.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), printed);
        assertEquals("replayed " + files().size() + "\n", printed);
        assertTrue(files().size() > 230, "too few files: " + files().size());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> fixtures = Files.walk(Path.of("fixtures/npy"));
                Stream<Path> corpus = Files.isDirectory(CORPUS) ? Files.walk(CORPUS) : Stream.of()) {
            return Stream.concat(fixtures, corpus)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    /** Holds every file to what the fuzzer holds it to. */
    static final class Replay {
        private Replay() {}

        /** Prints how many files it has read. */
        public static void main(String[] arguments) throws IOException {
            NpyFuzzTest test = new NpyFuzzTest();
            int replayed = 0;
            for (Path file : files()) {
                byte[] content = Files.readAllBytes(file);
                test.anyFileIsAnArrayOrARefusal(content);
                test.anyArchiveIsArraysOrARefusal(content);
                try {
                    Npy.read(file);
                } catch (NpyFormatException expected) {
                    assertTrue(expected.offset() >= 0);
                }
                replayed++;
            }
            System.out.println("replayed " + replayed);
        }
    }
}
