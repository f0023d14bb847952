package org.npyparity.python;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.io.file.PathUtils;

/**
 * Unpacks a tar of case directories so that a case is in its place whole or not at all.
 *
 * <p>The tar comes from another process, perhaps in a container that somebody else made: nothing but plain files with the
 * names of a fixture directory is taken from it.
 */
final class CaseArchive {
    private static final Pattern MEMBER = Pattern.compile(
            "([a-z0-9][a-z0-9_-]{0,199})/((?:case|provenance)\\.json|(?:inputs|expected)/[a-z][a-z0-9_]{0,63}\\.npy)");
    private static final String PROVENANCE = "provenance.json";
    /** How hidden directories of an emission begin: {@code emit.py} removes what a killed one has left. */
    private static final String SCRATCH = ".emit-java-";

    private CaseArchive() {}

    /**
     * Unpacks into {@code out}.
     *
     * @param expected how many cases there have to be
     * @return the case directories, in the archive's order
     * @throws NumpyException if the archive holds anything else, or {@code out} another case of the same id
     * @throws UncheckedIOException if {@code out} cannot be written
     */
    static List<Path> unpack(byte[] tar, Path out, int expected) {
        try {
            Files.createDirectories(out);
            removeLeftovers(out);
            Path scratch = Files.createDirectory(
                    out.resolve(SCRATCH + ProcessHandle.current().pid() + "-" + UUID.randomUUID()));
            try {
                Set<String> ids = extract(tar, scratch);
                if (ids.size() != expected) {
                    throw new NumpyException("the worker answered with " + ids.size() + " cases: expected " + expected);
                }
                List<Path> places = new ArrayList<>();
                for (String id : ids) {
                    places.add(place(scratch.resolve(id), out.resolve(id)));
                }
                return places;
            } finally {
                delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> extract(byte[] tar, Path scratch) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        try (TarArchiveInputStream archive = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                Matcher name = MEMBER.matcher(entry.getName());
                if (!name.matches() || entry.getLinkFlag() != TarConstants.LF_NORMAL) {
                    throw new NumpyException("the worker's archive holds " + entry.getName()
                            + (name.matches() ? ", which is no plain file" : "")
                            + ": expected only the files of case directories");
                }
                Path file = scratch.resolve(entry.getName());
                ids.add(name.group(1));
                Files.createDirectories(file.getParent());
                Files.copy(archive, file); // refuses a name that comes twice
            }
        }
        return ids;
    }

    private static Path place(Path fresh, Path target) throws IOException {
        if (Files.exists(target)) {
            Optional<String> difference = difference(fresh, target);
            if (difference.isPresent()) {
                throw new NumpyException(target + ": is there already and differs in " + difference.get()
                        + ": nothing is replaced, expected another directory");
            }
        } else {
            Files.move(fresh, target);
        }
        return target;
    }

    /** The first file, provenance left out, that only one of two cases holds or both hold differently. */
    private static Optional<String> difference(Path a, Path b) throws IOException {
        Set<String> files = new LinkedHashSet<>(files(a));
        files.addAll(files(b));
        files.remove(PROVENANCE);
        for (String file : files) {
            if (!Files.isRegularFile(a.resolve(file))
                    || !Files.isRegularFile(b.resolve(file))
                    || Files.mismatch(a.resolve(file), b.resolve(file)) >= 0) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            return entries.filter(p -> !Files.isDirectory(p))
                    .map(p -> directory.relativize(p).toString().replace('\\', '/'))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /** Removes the scratch directories of Java processes that are no more. */
    private static void removeLeftovers(Path out) throws IOException {
        List<Path> scratches;
        try (Stream<Path> entries = Files.list(out)) {
            scratches = entries.filter(p -> (p.getFileName() + "").startsWith(SCRATCH))
                    .toList();
        }
        for (Path scratch : scratches) {
            String pid =
                    (scratch.getFileName() + "").substring(SCRATCH.length()).split("-", 2)[0];
            if (pid.matches("[0-9]{1,18}")
                    && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                delete(scratch);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try {
            PathUtils.deleteDirectory(directory);
        } catch (NoSuchFileException e) {
            return; // somebody else's emission has removed it
        }
    }
}
