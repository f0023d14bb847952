package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlca.npy.Array2d;

/**
 * The libraries that others published: what each reads correctly (little-endian, no float16, no 0-d, below 2 GiB),
 * ours reads alike, and what ours writes, they read.
 */
final class WitnessTest {
    private static final int ROWS = 37;
    private static final int COLUMNS = 23;

    @TempDir
    Path directory;

    private final double[] doubles =
            new SplittableRandom(5).doubles(ROWS * COLUMNS, -1e300, 1e300).toArray();

    private Path write(NpyArray array) throws IOException {
        Path file = directory.resolve("witness.npy");
        Npy.write(file, array);
        return file;
    }

    @Test
    void openlcaReadsWhatWeWriteAndWritesWhatWeRead() throws IOException {
        Path file = write(NpyArray.of(doubles, ROWS, COLUMNS));
        org.openlca.npy.NpyArray<?> theirs = org.openlca.npy.Npy.read(file.toFile());
        assertArrayEquals(new int[] {ROWS, COLUMNS}, theirs.shape());
        assertArrayEquals(doubles, theirs.asDoubleArray().data());
        assertEquals(doubles[5 * COLUMNS + 7], Array2d.get(theirs.asDoubleArray(), 5, 7));

        float[] floats = Npy.read(file).toFloatsRounded();
        assertArrayEquals(
                floats,
                org.openlca.npy.Npy.read(
                                write(NpyArray.of(floats, ROWS, COLUMNS)).toFile())
                        .asFloatArray()
                        .data());

        Path written = directory.resolve("openlca.npy");
        org.openlca.npy.Npy.write(written.toFile(), theirs);
        assertArrayEquals(doubles, Npy.read(written).doubles());
    }

    @Test
    void openlcaReadsFortranOrderAlike() throws IOException {
        Path file = write(NpyArray.of(doubles, ROWS, COLUMNS).inOrder(Order.FORTRAN));
        org.openlca.npy.NpyArray<?> theirs = org.openlca.npy.Npy.read(file.toFile());
        NpyArray ours = Npy.read(file);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                assertEquals(ours.getDouble(row, column), Array2d.get(theirs.asDoubleArray(), row, column));
            }
        }
    }

    @Test
    void jetBrainsReadsWhatWeWriteAndWritesWhatWeRead() throws IOException {
        Path file = write(NpyArray.of(doubles, ROWS, COLUMNS));
        org.jetbrains.bio.npy.NpyArray theirs = NpyFile.read(file, 1 << 16);
        assertArrayEquals(new int[] {ROWS, COLUMNS}, theirs.getShape());
        assertArrayEquals(doubles, theirs.asDoubleArray());
        long[] longs =
                Arrays.stream(doubles).mapToLong(Double::doubleToRawLongBits).toArray();
        assertArrayEquals(
                longs,
                NpyFile.read(write(NpyArray.of(longs, COLUMNS, ROWS)), 1 << 16).asLongArray());

        Path written = directory.resolve("jetbrains.npy");
        NpyFile.write(written, doubles, new int[] {COLUMNS, ROWS});
        NpyArray ours = Npy.read(written);
        assertArrayEquals(doubles, ours.doubles());
        assertArrayEquals(new int[] {COLUMNS, ROWS}, ours.shape());
    }

    @Test
    void djlReadsWhatWeWriteAndWritesWhatWeRead() throws IOException {
        byte[] file = Files.readAllBytes(write(NpyArray.of(doubles, ROWS, COLUMNS)));
        try (NDList list = NDList.decode(PassthroughNDManager.INSTANCE, new ByteArrayInputStream(file))) {
            NDArray theirs = Objects.requireNonNull(list.get(0));
            assertArrayEquals(new long[] {ROWS, COLUMNS}, theirs.getShape().getShape());
            assertArrayEquals(doubles, theirs.toDoubleArray());
            byte[] written = new NDList(theirs).encode(NDList.Encoding.NPZ);
            try (Npz archive = ZipDirectoryTest.open(written)) {
                assertEquals(1, archive.names().size());
                assertArrayEquals(
                        doubles, archive.get(archive.names().iterator().next()).doubles());
            }
        }
    }

    /** How a library reads a file: the elements in the file's order, as {@code double}. */
    @FunctionalInterface
    private interface Witness {
        double[] read(Path file) throws Exception;
    }

    /**
     * Holds every committed valid file of real numbers against a library.
     *
     * @param wrong the files that it reads wrongly; where it agrees on one of them the list here is out of date
     * @return the number of files that both read alike
     */
    private static long agreements(Witness witness, Set<String> wrong) throws IOException {
        Set<String> differing = new TreeSet<>();
        long agreeing = 0;
        try (Stream<Path> files = Files.list(GoodFilesTest.DIRECTORY)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".npy"))::iterator) {
                NpyArray ours = Npy.read(file);
                if (!ours.dtype().isReal()) {
                    continue;
                }
                double[] theirs;
                try {
                    theirs = witness.read(file);
                } catch (Exception refusal) {
                    continue;
                }
                double[] values = (ours.order() == Order.C ? ours : ours.transpose()).toDoublesRounded();
                if (Arrays.equals(values, theirs)) {
                    agreeing++;
                } else {
                    differing.add(file.getFileName().toString());
                }
            }
        }
        assertEquals(wrong, differing);
        return agreeing;
    }

    private static double[] doubles(Object array) {
        return IntStream.range(0, Array.getLength(array))
                .mapToDouble(i -> Array.getDouble(array, i))
                .toArray();
    }

    @Test
    void whatOpenlcaReadsCorrectlyOfTheCommittedFilesAgrees() throws IOException {
        assertEquals(
                16,
                agreements(
                        file -> doubles(org.openlca.npy.Npy.read(file.toFile()).data()), Set.of()));
    }

    @Test
    void whatJetBrainsReadsCorrectlyOfTheCommittedFilesAgrees() throws IOException {
        Set<String> signed = Set.of("u2-le-C.npy", "u4-be-C.npy"); // it gives the bits
        assertEquals(12, agreements(file -> doubles(NpyFile.read(file, 1 << 16).getData()), signed));
    }

    @Test
    void whatDjlReadsCorrectlyOfTheCommittedFilesAgrees() throws IOException {
        Witness djl = file -> {
            try (InputStream stream = Files.newInputStream(file);
                    NDList list = NDList.decode(PassthroughNDManager.INSTANCE, stream)) {
                return Arrays.stream(list.get(0).toArray())
                        .mapToDouble(Number::doubleValue)
                        .toArray();
            }
        };
        Set<String> bytes = Set.of("b1-le-C.npy"); // true is whatever byte was stored
        assertEquals(22, agreements(djl, bytes));
    }
}
