package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedNpyTest {
    @TempDir
    Path directory;

    private Path save(NpyArray array) throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, array);
        return file;
    }

    /** A file that is nearly all hole: it takes no room on the disk, whatever its size. */
    private Path sparse(DType dtype, ByteOrder byteOrder, Order order, long[] shape, long last) throws IOException {
        Path file = directory.resolve("sparse.npy");
        byte[] head = NpyHeader.encode(dtype, byteOrder, order, shape);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(head));
            long size = dtype.bytes();
            for (long extent : shape) {
                size *= extent;
            }
            ByteBuffer bits = ByteBuffer.allocate(8).order(byteOrder).putLong(last);
            channel.write(bits.flip(), head.length + size - 8);
        }
        return file;
    }

    @Test
    void elementsAreFoundByIndexInBothOrders() throws IOException {
        int[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        for (Order order : Order.values()) {
            Path file = save(NpyArray.of(values, 2, 3, 2).inOrder(order).withByteOrder(ByteOrder.BIG_ENDIAN));
            try (MappedNpy mapped = Npy.open(file)) {
                assertEquals(order, mapped.order());
                assertEquals(7, mapped.getLong(1, 0, 1));
                assertEquals(4, mapped.getLong(0, 2, 0));
                assertEquals(4, mapped.transpose().getLong(0, 2, 0));
                assertEquals(7, mapped.transpose().getDouble(1, 0, 1));
                assertThrows(IndexOutOfBoundsException.class, () -> mapped.getLong(2, 0, 0));
                assertThrows(IndexOutOfBoundsException.class, () -> mapped.getLong(0, -1, 0));
                assertThrows(IndexOutOfBoundsException.class, () -> mapped.getLong(0, 0));
                assertThrows(IllegalStateException.class, () -> mapped.getReal(0, 0, 0));
            }
        }
    }

    @Test
    void runsAreRowMajorAndOfFortranFilesTakenFromTheTranspose() throws IOException {
        double[] values = {0, 1, 2, 3, 4, 5};
        try (MappedNpy mapped = Npy.open(save(NpyArray.of(values, 2, 3)))) {
            double[] run = new double[3];
            mapped.read(2, run);
            assertArrayEquals(new double[] {2, 3, 4}, run);
            assertArrayEquals(new double[] {4, 5}, mapped.read(4, 2).doubles());
            assertArrayEquals(new double[0], mapped.read(6, 0).doubles());
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.read(4, run));
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.read(-1, run));
            assertThrows(IndexOutOfBoundsException.class, () -> mapped.read(0, -1));
            assertThrows(IllegalStateException.class, () -> mapped.read(0, new float[1]));
        }
        try (MappedNpy mapped = Npy.open(save(NpyArray.of(values, 2, 3).inOrder(Order.FORTRAN)))) {
            assertThrows(IllegalStateException.class, () -> mapped.read(0, new double[1]));
            assertThrows(IllegalStateException.class, () -> mapped.read(0, 1));
            assertArrayEquals(
                    new double[] {0, 3, 1, 4, 2, 5},
                    mapped.transpose().read(0, 6).doubles());
        }
    }

    @Test
    void complexElementsHaveTheirParts() throws IOException {
        try (MappedNpy mapped = Npy.open(save(NpyArray.ofComplex(new float[] {1, 2, 3, -4}, 2)))) {
            assertEquals(3, mapped.getReal(1));
            assertEquals(-4, mapped.getImaginary(1));
            assertArrayEquals(new float[] {3, -4}, mapped.read(1, 1).complexFloats());
            assertThrows(IllegalStateException.class, () -> mapped.getDouble(1));
        }
    }

    @Test
    void whatIsClosedIsClosedForItsTransposeToo() throws IOException {
        MappedNpy mapped = Npy.open(save(NpyArray.of(new double[] {1, 2})));
        MappedNpy transpose = mapped.transpose();
        mapped.close();
        mapped.close();
        for (MappedNpy closed : List.of(mapped, transpose)) {
            assertThrows(IllegalStateException.class, () -> closed.getDouble(0));
            assertThrows(IllegalStateException.class, () -> closed.read(0, new double[1]));
        }
    }

    @Test
    void aFileBeyondAnyJavaArrayIsReadAcrossItsSegments() throws IOException {
        long[] shape = {3, 5_000_000_011L};
        Path file = sparse(DType.INT64, ByteOrder.BIG_ENDIAN, Order.C, shape, 0x0123456789ABCDEFL);
        try (MappedNpy mapped = Npy.open(file)) {
            assertEquals(3 * 5_000_000_011L, mapped.size());
            assertEquals(0x0123456789ABCDEFL, mapped.getLong(2, 5_000_000_010L));
            assertEquals(0, mapped.getLong(1, 5_000_000_010L));
            long[] end = mapped.read(mapped.size() - 3, 3).longs();
            assertArrayEquals(new long[] {0, 0, 0x0123456789ABCDEFL}, end);
        }
        NpyFormatException refusal = assertThrows(NpyFormatException.class, () -> Npy.read(file));
        assertEquals("120000000264 bytes of data", refusal.found());
        NpyFormatException limited = assertThrows(
                NpyFormatException.class, () -> Npy.open(file, Limits.DEFAULT.withMaxBytes(120_000_000_263L)));
        assertEquals("at most 120000000263, the caller's limit", limited.expected());
    }

    @Test
    void runsCrossTheBordersOfSegments() throws IOException {
        int border = 1 << 30 >> 3;
        Path file = sparse(DType.FLOAT64, ByteOrder.LITTLE_ENDIAN, Order.C, new long[] {2L * border + 5}, 0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer three = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            three.putDouble(1).putDouble(2).putDouble(3);
            channel.write(three.flip(), 128 + 8L * border - 16);
        }
        try (MappedNpy mapped = Npy.open(file)) {
            double[] run = new double[5];
            mapped.read(border - 3, run);
            assertArrayEquals(new double[] {0, 1, 2, 3, 0}, run);
            assertEquals(2, mapped.getDouble(border - 1));
            assertEquals(3, mapped.getDouble(border));
        }
    }

    @Test
    void aLargeFileComesToTheHeapWhole() throws IOException {
        int rows = 700_001;
        double[] values = new double[3 * rows];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Path file = save(NpyArray.of(values, rows, 3).withByteOrder(ByteOrder.BIG_ENDIAN));
        assertArrayEquals(values, Npy.read(file).doubles());
    }

    /** The empty axis makes the data nothing; the other is beyond any Java array. */
    @Test
    void anExtentBeyondAnIntIsForMappingOnly() throws IOException {
        Path file = directory.resolve("wide.npy");
        java.nio.file.Files.write(
                file, NpyHeader.encode(DType.INT8, ByteOrder.LITTLE_ENDIAN, Order.C, new long[] {0, 1L << 40}));
        try (MappedNpy mapped = Npy.open(file)) {
            assertArrayEquals(new long[] {0, 1L << 40}, mapped.shape());
        }
        assertThrows(NpyFormatException.class, () -> Npy.read(file));
    }

    /** No file system here holds such a file, so the head alone stands for it. */
    @Test
    void whatNoProcessCanAddressIsRefused() throws IOException {
        Path file = save(NpyArray.of(new byte[3]));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Source source = new Source("a.npy", channel, 0, Long.MAX_VALUE);
            NpyHeader header =
                    new NpyHeader(1, DType.INT8, ByteOrder.LITTLE_ENDIAN, 1, Order.C, new long[] {1L << 62}, 128);
            NpyFormatException refusal =
                    assertThrows(NpyFormatException.class, () -> MappedNpy.map(source, channel, header));
            assertEquals("at most 2^47, what can be addressed", refusal.expected());
        }
    }

    @Test
    void aFileThatAnotherProgramCutsShortMeanwhileIsRefused() throws Exception {
        NpyArray array = NpyArray.of(new double[1 << 20]);
        int refused = 0;
        for (int delay = 0; delay < 60; delay++) {
            Path file = save(array);
            long pause = delay * 50_000L;
            Thread other = new Thread(() -> cut(file, pause));
            other.start();
            try {
                assertArrayEquals(array.doubles(), Npy.read(file).doubles());
            } catch (NpyFormatException e) {
                refused++;
            }
            other.join();
        }
        assertTrue(refused > 0, "no reading was cut short: the delays are too long for this machine");
    }

    private static void cut(Path file, long pause) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            LockSupport.parkNanos(pause);
            channel.truncate(5000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
