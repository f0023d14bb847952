package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class NpyTest {
    private static final int BEFORE = 100;

    @TempDir
    Path directory;

    private static byte[] behindOtherBytes(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[BEFORE]);
        Npy.write(out, array);
        return out.toByteArray();
    }

    /** Large enough to be read by several threads at once, each at a position of its own. */
    @Test
    void aFileChannelIsReadFromItsPositionToItsEnd() throws IOException {
        double[] values = new SplittableRandom(7).doubles(700_001).toArray();
        Path file = Files.write(directory.resolve("a.bin"), behindOtherBytes(NpyArray.of(values)));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            NpyArray read = Npy.read(channel.position(BEFORE), "a.bin", Limits.DEFAULT);
            assertArrayEquals(values, read.doubles());
            assertEquals(channel.size(), channel.position());
        }
    }

    /** Large enough to be written by several threads at once; a stream has the same bytes from one. */
    @Test
    void aLargeFileHasTheBytesOfAStream() throws IOException {
        NpyArray array = NpyArray.of(new SplittableRandom(7).doubles(1_400_002).toArray());
        Path file = directory.resolve("a.npy");
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            NpyArray ordered = array.withByteOrder(order);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            Npy.write(stream, ordered);
            Npy.write(file, ordered);
            assertArrayEquals(stream.toByteArray(), Files.readAllBytes(file));
        }
    }

    @Test
    void refusalsOfASeekableChannelGivePositionsInIt() throws IOException {
        byte[] content = behindOtherBytes(NpyArray.of(new int[] {3, 1, 2}));
        content[BEFORE + 6] = 9;
        NpyFormatException version = assertThrows(
                NpyFormatException.class,
                () -> Npy.read(new MemoryChannel(content).position(BEFORE), "memory", Limits.DEFAULT));
        assertEquals("memory: at byte 106: found format version 9.0, expected 1.0, 2.0 or 3.0", version.getMessage());

        content[BEFORE + 6] = 1;
        content[content.length - 13] = 'x';
        NpyFormatException header = assertThrows(
                NpyFormatException.class,
                () -> Npy.read(new MemoryChannel(content).position(BEFORE), "memory", Limits.DEFAULT));
        assertEquals(content.length - 13, header.offset());
    }

    @Test
    void aChannelAtItsEndIsRefusedAsEmpty() {
        NpyFormatException refusal = assertThrows(
                NpyFormatException.class,
                () -> Npy.read(new MemoryChannel(new byte[5]).position(5), "memory", Limits.DEFAULT));
        assertEquals("0 bytes to the end of the file", refusal.found());
        assertEquals(5, refusal.offset());
    }

    @Test
    void anArchiveIsRefusedAsSuch() throws IOException {
        Path archive = directory.resolve("a.npz");
        Npz.write(archive, Map.of("a", NpyArray.of(new int[] {3, 1, 2})));
        NpyFormatException refusal = assertThrows(NpyFormatException.class, () -> Npy.read(archive));
        assertEquals("'PK\\x03\\x04\\x0a\\x00', a zip archive such as .npz", refusal.found());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeAndADeviceAreRefusedAsSuchAndNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path file : List.of(Path.of("/dev/null"), pipe)) {
            for (Executable open : List.<Executable>of(
                    () -> Npy.read(file), () -> Npy.readHeader(file), () -> Npy.open(file), () -> Npz.open(file))) {
                NpyFormatException refusal = assertThrows(NpyFormatException.class, open);
                assertEquals("a pipe or a device", refusal.found());
            }
        }
    }
}
