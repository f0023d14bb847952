package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.Guide;

/** The examples of docs/jnpy.md, each run; and the page held against them and against the fixtures. */
final class GuideTest {
    private static final Path GUIDE = Path.of("docs/jnpy.md");

    @TempDir
    Path directory;

    private Path save(NpyArray array) throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, array);
        return file;
    }

    private static double[] upTo(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    @Test
    void readComputeWrite() throws IOException {
        Path file = save(NpyArray.of(upTo(6), 2, 3));
        Path copy = directory.resolve("copy.npy");

        NpyArray a = Npy.read(file);
        double[] flat = a.doubles(); // row-major, the array's own storage
        double one = a.getDouble(1, 2);
        Npy.write(copy, NpyArray.of(flat, 2, 3));

        assertEquals(5, one);
        assertEquals(-1, Files.mismatch(file, copy));
    }

    @Test
    void types() {
        NpyArray counts = NpyArray.ofUnsigned(new int[] {-1, 7}, 2); // uint32: 4294967295, 7
        long[] exact = counts.toLongs();
        float[] rounded = counts.toFloatsRounded();

        assertArrayEquals(new long[] {4294967295L, 7}, exact);
        assertArrayEquals(new float[] {0x1p32f, 7}, rounded);
    }

    @Test
    void order() throws IOException {
        Path file = save(NpyArray.of(upTo(6), 2, 3).inOrder(Order.FORTRAN));

        NpyArray fortran = Npy.read(file);
        double[] rows = fortran.inOrder(Order.C).doubles(); // moves the elements
        double[] columns = fortran.transpose().doubles(); // moves nothing: the axes are reversed, as by .T

        assertArrayEquals(upTo(6), rows);
        assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5}, columns);
        assertThrows(IllegalStateException.class, fortran::doubles);
    }

    @Test
    void largerThanTheHeap() throws IOException {
        Path file = save(NpyArray.of(upTo(3 << 16), 3 << 15, 2));
        double sum = 0;

        try (MappedNpy huge = Npy.open(file)) {
            double corner = huge.getDouble(huge.shape()[0] - 1, 0);
            double[] chunk = new double[1 << 16];
            for (long from = 0; from + chunk.length <= huge.size(); from += chunk.length) {
                huge.read(from, chunk);
                sum += Arrays.stream(chunk).sum();
            }
            assertEquals((3 << 16) - 2, corner);
        }

        assertEquals((3L << 16) * ((3L << 16) - 1) / 2.0, sum);
    }

    @Test
    void archives() throws IOException {
        Path archive = directory.resolve("layer.npz");
        NpyArray weights = NpyArray.of(upTo(6), 2, 3);
        NpyArray bias = NpyArray.of(upTo(3), 1, 3);
        Map<String, long[]> shapes = new TreeMap<>();

        Npz.write(archive, Map.of("weights", weights, "bias", bias)); // writeCompressed deflates
        try (Npz layer = Npz.open(archive)) {
            for (String name : layer.names()) {
                shapes.put(name, layer.header(name).shape());
            }
            NpyArray read = layer.get("bias");
            assertArrayEquals(bias.doubles(), read.doubles());
        }

        assertEquals(List.of("bias", "weights"), List.copyOf(shapes.keySet()));
        assertArrayEquals(new long[] {2, 3}, shapes.get("weights"));
    }

    @Test
    void refusals() throws IOException {
        Path file = save(NpyArray.of(upTo(6), 2, 3));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(168);
        }

        NpyFormatException refusal = assertThrows(NpyFormatException.class, () -> Npy.read(file));
        String message = refusal.getMessage();
        // a.npy: at byte 128: found 40 bytes of data (truncated), expected 48 for float64 (2, 3)
        long offset = refusal.offset();

        assertEquals(
                file + ": at byte 128: found 40 bytes of data (truncated), expected 48 for float64 (2, 3)", message);
        assertEquals(128, offset);
    }

    @Test
    void limits() throws IOException {
        Path file = save(NpyArray.of(upTo(6), 2, 3));

        Limits limits = Limits.DEFAULT.withMaxBytes(64 << 20).withMaxRatio(100).withMaxEntries(32);
        NpyArray a = Npy.read(file, limits);

        assertEquals(6, a.size());
        assertEquals(new Limits(64 << 20, 100, 32), limits);
    }

    @Test
    void everyExampleOfTheGuideIsRunHere() throws IOException {
        Guide.assertEveryExampleStandsIn(GUIDE, 7, GuideTest.class);
    }

    @Test
    void theDeviationsAreThoseOfTheFixtures() throws IOException {
        Set<String> loadedByNumPyAlone = BadFilesTest.files()
                .filter(bad -> bad.numpy().equals("array"))
                .map(BadFilesTest.Bad::file)
                .collect(Collectors.toCollection(TreeSet::new));
        String guide = Files.readString(GUIDE);
        Set<String> listed = Pattern.compile("`([a-z0-9-]+\\.np[yz])`")
                .matcher(guide.substring(guide.indexOf("## Where it differs")))
                .results()
                .map((MatchResult file) -> file.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(loadedByNumPyAlone, listed);
    }
}
