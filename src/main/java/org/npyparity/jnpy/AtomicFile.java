package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/** Writes a file so that nobody ever sees half of it. */
final class AtomicFile {
    /** What writes the content. */
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    static void write(Path file, Content content) throws IOException {
        // A link is written through, as every other program does; a move would replace it.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path name = target.getFileName();
        if (name == null || Files.isDirectory(target)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(
                    file.toString(), null, "it is a device or a pipe, which a move would replace: write to its stream");
        }
        if (!Files.isDirectory(target.resolveSibling(""))) {
            throw new NoSuchFileException(file.toString(), null, "there is no such directory");
        }
        // Not Files.createTempFile: its files are readable by their owner only, and stay so after the move.
        Path beside = target.resolveSibling("." + name + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(beside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                keepPermissions(target, beside);
                content.writeTo(channel);
                channel.force(true);
            } catch (IOException e) {
                throw named(e, file);
            }
            move(beside, target);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** What the system says of a full disk names no file. */
    private static IOException named(IOException e, Path file) {
        return e.getClass() == IOException.class
                ? (IOException) new FileSystemException(file.toString(), null, e.getMessage()).initCause(e)
                : e;
    }

    /** A file that only its owner may read stays so, from the first byte on. */
    private static void keepPermissions(Path target, Path beside) throws IOException {
        PosixFileAttributeView attributes = Files.getFileAttributeView(beside, PosixFileAttributeView.class);
        if (attributes != null && Files.exists(target)) {
            attributes.setPermissions(Files.getPosixFilePermissions(target));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
