package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    private static final NpyArray ARRAY = NpyArray.of(new double[] {3, 1, 2});

    @TempDir
    Path directory;

    @Test
    void untilAllIsWrittenTheOldFileIsThereWhole() throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, ARRAY);
        byte[] old = Files.readAllBytes(file);
        AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[10]));
            assertArrayEquals(old, Files.readAllBytes(file));
            assertEquals(2, list().size());
        });
        assertEquals(10, Files.size(file));
        assertEquals(List.of(file), list());
    }

    @Test
    void whenWritingFailsTheOldFileStaysAndNothingElse() throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, ARRAY);
        byte[] old = Files.readAllBytes(file);

        IOException full = assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[10]));
                    throw new IOException("disk full");
                }));
        assertEquals(file + ": disk full", full.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Npz.write(file, Map.of("../a", ARRAY)));

        assertArrayEquals(old, Files.readAllBytes(file));
        assertEquals(List.of(file), list());
    }

    @Test
    void aTargetThatCannotBeAFileIsNamed() throws IOException {
        Path missing = directory.resolve("missing/a.npy");
        assertEquals(
                missing + ": there is no such directory",
                assertThrows(NoSuchFileException.class, () -> Npy.write(missing, ARRAY))
                        .getMessage());
        assertEquals(
                directory + ": it is a directory",
                assertThrows(FileSystemException.class, () -> Npy.write(directory, ARRAY))
                        .getMessage());
        assertEquals(List.of(), list());
    }

    @Test
    void aLinkIsWrittenThrough() throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, ARRAY);
        Path link = Files.createSymbolicLink(directory.resolve("link.npy"), file.getFileName());

        Npy.write(link, NpyArray.of(new int[] {7}));

        assertTrue(Files.isSymbolicLink(link));
        assertEquals("int32 (1,) C [7]", Npy.read(file).toString());
    }

    @Test
    void aNewFileIsAsReadableAsAnyOther() throws IOException {
        Path ours = directory.resolve("ours.npy");
        Npy.write(ours, ARRAY);
        Path plain = Files.write(directory.resolve("plain"), new byte[1]);
        assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(ours));
        assertFalse(Files.isHidden(ours));
    }

    @Test
    void aFileThatOnlyItsOwnerMayReadStaysSo() throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, ARRAY);
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(file, owner);

        Npy.write(file, NpyArray.of(new int[] {7}));

        assertEquals(owner, Files.getPosixFilePermissions(file));
        assertEquals("int32 (1,) C [7]", Npy.read(file).toString());
    }

    @Test
    void aPipeIsNotReplaced() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        FileSystemException refusal = assertThrows(FileSystemException.class, () -> Npy.write(pipe, ARRAY));

        assertEquals(
                pipe + ": it is a device or a pipe, which a move would replace: write to its stream",
                refusal.getMessage());
        assertEquals(List.of(pipe), list());
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
