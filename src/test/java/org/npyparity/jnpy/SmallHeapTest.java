package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** In a virtual machine of its own, whose heap is smaller than what the bad files claim to hold. */
final class SmallHeapTest {
    /** What the fuzzer gathered, where it has run. */
    private static final Path CORPUS = Path.of(".cifuzz-corpus");

    @Test
    void committedFilesAndTheFuzzersCorpusAreReplayedIn64Megabytes() throws IOException, InterruptedException {
        assertEquals("replayed " + files().size() + "\n", run());
        assertTrue(files().size() > 230, "too few files: " + files().size());
    }

    /** Smaller than the heap, but not than what the heap has room for in one piece. */
    @Test
    void aFileThatTheHeapHasNoRoomForIsRefused(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("a.npy");
        byte[] head = NpyHeader.encode(DType.INT8, ByteOrder.LITTLE_ENDIAN, Order.C, new long[] {50_000_000});
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            channel.write(ByteBuffer.wrap(head));
            channel.write(ByteBuffer.allocate(1), head.length + 50_000_000 - 1);
        }
        String expected = ": at byte 128: found 50000000 bytes of data, expected no more than the heap has room for:"
                + " raise -Xmx or use Npy.open\n";
        assertEquals(file + expected + "stream" + expected, run(file.toString()));
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx64m", "-Xshare:auto"));
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", classes, Replay.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), printed);
        return printed;
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

        /** Replays everything and prints how many files that were; or prints how the one file named is refused. */
        public static void main(String[] arguments) throws IOException {
            if (arguments.length == 1) {
                Path file = Path.of(arguments[0]);
                System.out.println(refusal(() -> Npy.read(file)));
                try (InputStream stream = Files.newInputStream(file)) {
                    System.out.println(refusal(() ->
                            Npy.read(Channels.newChannel(new BufferedInputStream(stream)), "stream", Limits.DEFAULT)));
                }
                return;
            }
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

        private static String refusal(Executable read) {
            return assertThrows(NpyFormatException.class, read).getMessage();
        }
    }
}
