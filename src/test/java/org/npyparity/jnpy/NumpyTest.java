package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.jnpy.IndexedFiles.Line;

/** Against the NumPy of the project's Python, both ways. */
@Tag("slow")
@Tag("python")
final class NumpyTest {
    @Test
    void theBatteryIsReadBitForBitAndReadBackByNumPyBitForBit(@TempDir Path in, @TempDir Path out)
            throws IOException, InterruptedException {
        NumPy.run("battery", in.toString());
        List<Line> lines = IndexedFiles.lines(in);
        Map<String, Map<String, NpyArray>> archives = new LinkedHashMap<>();
        for (Line line : lines) {
            IndexedFiles.check(in, line);
            if (line.inArchive()) {
                try (Npz archive = Npz.open(in.resolve(line.file()))) {
                    archives.computeIfAbsent(line.file(), f -> new LinkedHashMap<>())
                            .put(line.key(), archive.get(line.key()));
                }
            } else {
                Npy.write(out.resolve(line.file()), Npy.read(in.resolve(line.file())));
            }
        }
        for (Map.Entry<String, Map<String, NpyArray>> archive : archives.entrySet()) {
            if (archive.getKey().startsWith("deflated")) {
                Npz.writeCompressed(out.resolve(archive.getKey()), archive.getValue());
            } else {
                Npz.write(out.resolve(archive.getKey()), archive.getValue());
            }
        }

        String verified = NumPy.run("verify", in.toString(), out.toString());

        assertTrue(lines.size() > 2700, lines.size() + " arrays");
        assertEquals("verified " + lines.size() + ", wrong 0\n", verified);
    }

    @Test
    void numPyDoesWithTheBadFilesWhatTheIndexSays() throws IOException, InterruptedException {
        String linted = NumPy.run("lint", "fixtures/npy");

        assertEquals(BadFilesTest.files().count() + " bad files: NumPy does what the index says\n", linted);
    }

    /**
     * Mutations of the good and the bad files: what Java reads, NumPy reads, and the same; what NumPy refuses, Java
     * refuses. The other way round Java may be stricter, and is counted.
     */
    @Test
    void noMutationOfAValidFileIsAnArrayThatNumPyRefuses() throws IOException {
        int rounds = Integer.getInteger("jnpy.mutations", 20_000);
        long seed = Long.getLong("jnpy.seed", System.nanoTime());
        Mutator mutator = new Mutator(new SplittableRandom(seed), seeds());
        int arrays = 0;
        int stricter = 0;
        try (NumPy numPy = new NumPy()) {
            for (int done = 0; done < rounds; ) {
                List<byte[]> batch = new ArrayList<>();
                for (int size = 0; size < 40_000 && batch.size() < 64; size += batch.get(batch.size() - 1).length) {
                    batch.add(mutator.next());
                }
                List<String[]> verdicts = numPy.judge(batch);
                for (int i = 0; i < batch.size(); i++) {
                    List<String> mine = read(batch.get(i));
                    boolean loads = verdicts.get(i)[0].equals("array");
                    if (!mine.isEmpty()) {
                        arrays++;
                        List<String> numPys = List.of(verdicts.get(i)).subList(1, verdicts.get(i).length);
                        if (!mine.equals(numPys)) {
                            Path kept = Files.createTempFile("jnpy-mutation", ".bin");
                            Files.write(kept, batch.get(i));
                            throw new AssertionError("-Djnpy.seed=" + seed + ", " + kept + ": Java read " + mine
                                    + ", NumPy said " + List.of(verdicts.get(i)));
                        }
                    } else if (loads) {
                        stricter++;
                    }
                }
                done += batch.size();
            }
        }
        System.out.println("jnpy: " + rounds + " mutations, " + arrays + " read by both alike, " + stricter
                + " refused by Java alone, seed " + seed);
        assertTrue(arrays > rounds / 100, "only " + arrays + " of " + rounds + " mutations were arrays");
    }

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        Path good = GoodFilesTest.DIRECTORY;
        for (Path directory : List.of(good, good, good, good, BadFilesTest.DIRECTORY)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    // A small file leaves less room for mutations that change nothing.
                    if (!file.endsWith("index.tsv") && Files.size(file) < 3000) {
                        seeds.add(Files.readAllBytes(file));
                    }
                }
            }
        }
        return seeds;
    }

    /** The lines of what was read, as NumPy's judge writes them; empty if it was refused. */
    private static List<String> read(byte[] content) throws IOException {
        List<String> parts = new ArrayList<>();
        try {
            if (content.length > 1 && content[0] == 'P' && content[1] == 'K') {
                try (Npz archive = ZipDirectoryTest.open(content)) {
                    for (String name : archive.names()) {
                        parts.addAll(parts(IndexedFiles.describe(name, archive.get(name))));
                    }
                    return parts.isEmpty() ? List.of("") : parts;
                }
            }
            return parts(
                    IndexedFiles.describe("", Npy.read(new ByteArrayInputStream(content), "mutation", Limits.DEFAULT)));
        } catch (NpyFormatException e) {
            return List.of();
        }
    }

    private static List<String> parts(Line line) {
        return List.of(line.name(), line.dtype(), line.shape(), line.order(), line.elements(), line.saved());
    }

    /** Changes files a little: bits, bytes, digits and words of the header, cuts, copies, sizes. */
    private static final class Mutator {
        private static final List<String> HEADER = List.of(
                "{",
                "'descr'",
                ":",
                " ",
                "'<f8'",
                ",",
                " ",
                "'fortran_order'",
                ":",
                "False",
                ",",
                "'shape'",
                ": ",
                "(",
                "3",
                ",",
                "1",
                ")",
                ",",
                " ",
                "}",
                " ",
                "\n");

        private static final List<String> WORDS = List.of(
                "'descr'",
                "'shape'",
                "'fortran_order'",
                "True",
                "False",
                "<f8",
                ">i4",
                "|u1",
                "|b1",
                "<c16",
                "|O",
                "(",
                ")",
                ",",
                ":",
                "{",
                "}",
                "L",
                "0",
                "1",
                "-1",
                "3",
                "(3,)",
                "(1, 3)",
                "(3, 1)",
                " ",
                "\n",
                "\t",
                "\\",
                "#",
                "'",
                "\"",
                "u",
                "_",
                "0x",
                "e0",
                "[",
                "]",
                ".",
                "\0",
                "\r",
                "\f",
                "+",
                "é");

        private final SplittableRandom random;
        private final List<byte[]> seeds;

        Mutator(SplittableRandom random, List<byte[]> seeds) {
            this.random = random;
            this.seeds = seeds;
        }

        byte[] next() {
            if (random.nextInt(3) == 0) {
                return retold();
            }
            byte[] content = seeds.get(random.nextInt(seeds.size())).clone();
            int changes = 1 + random.nextInt(1 + random.nextInt(3));
            for (int i = 0; i < changes; i++) {
                content = change(content);
            }
            return content;
        }

        /** A file whose lengths are right and whose header has a few words changed. */
        private byte[] retold() {
            List<String> words = new ArrayList<>(HEADER);
            int changes = random.nextInt(1, 4);
            for (int i = 0; i < changes; i++) {
                int at = random.nextInt(words.size());
                String word = WORDS.get(random.nextInt(WORDS.size()));
                switch (random.nextInt(5)) {
                    case 0 -> words.remove(at);
                    case 1 -> words.set(at, word);
                    case 2 -> words.set(at, words.get(random.nextInt(words.size())));
                    default -> words.add(at, word);
                }
            }
            byte[] text = String.join("", words).getBytes(StandardCharsets.ISO_8859_1);
            int version = random.nextInt(1, 4);
            int prefix = version == 1 ? 10 : 12;
            ByteBuffer file = ByteBuffer.allocate(prefix + text.length + 24).order(ByteOrder.LITTLE_ENDIAN);
            file.put(NpyHeader.MAGIC).put((byte) version).put((byte) 0);
            return (version == 1 ? file.putShort((short) text.length) : file.putInt(text.length))
                    .put(text)
                    .array();
        }

        private byte[] change(byte[] content) {
            if (content.length == 0) {
                return new byte[] {(byte) random.nextInt()};
            }
            // Half of the changes go where the header is.
            int at = random.nextInt(random.nextBoolean() ? Math.min(content.length, 80) : content.length);
            byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.ISO_8859_1);
            return switch (random.nextInt(9)) {
                case 0 -> splice(content, at, 1, new byte[] {(byte) (content[at] ^ 1 << random.nextInt(8))});
                case 1 -> splice(content, at, 1, new byte[] {(byte) random.nextInt()});
                case 2 -> splice(content, at, 0, word);
                case 3 -> splice(content, at, word.length, word);
                case 4 -> splice(content, at, random.nextInt(1, 9), new byte[0]);
                case 5 -> splice(content, at, content.length, new byte[0]);
                case 6 -> splice(content, content.length, 0, new byte[random.nextInt(1, 17)]);
                case 7 -> splice(content, at, 4, number());
                default -> splice(content, at, 0, splice(content, 0, random.nextInt(content.length), new byte[0]));
            };
        }

        private byte[] number() {
            int[] interesting = {0, 1, -1, 0x7FFFFFFF, 0x80000000, 0xFFFF, 64, random.nextInt(300), random.nextInt()};
            return ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(interesting[random.nextInt(interesting.length)])
                    .array();
        }

        private static byte[] splice(byte[] content, int at, int removed, byte[] inserted) {
            int rest = Math.min(content.length, at + removed);
            return ByteBuffer.allocate(content.length - (rest - at) + inserted.length)
                    .put(content, 0, at)
                    .put(inserted)
                    .put(content, rest, content.length - rest)
                    .array();
        }
    }
}
