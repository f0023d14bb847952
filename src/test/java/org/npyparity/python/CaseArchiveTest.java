package org.npyparity.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker may be somebody else's container: what it sends is not trusted. */
class CaseArchiveTest {
    @TempDir
    private Path directory;

    @Test
    void plainFilesOfACaseAreMovedIntoItsPlace() throws IOException {
        Path out = directory.resolve("out");

        List<Path> places =
                CaseArchive.unpack(tar(file("a-case/case.json"), file("a-case/inputs/weights.npy")), out, 1);

        assertEquals(List.of(out.resolve("a-case")), places);
        assertEquals("a-case/case.json", Files.readString(out.resolve("a-case/case.json")));
        assertEquals(List.of("a-case"), names(out));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../case.json",
                "a-case/../../case.json",
                "/a-case/case.json",
                "a-case/inputs/../case.json",
                "a-case/run.sh",
                "a-case/inputs/Weights.npy",
                "a-case/inputs/deep/weights.npy",
                ".emitted/case.json",
                "case.json",
            })
    void aNameThatNoFixtureHasIsRefusedAndNothingIsLeft(String name) throws IOException {
        assertRefused(name, tar(file("a-case/case.json"), file(name)));
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO, TarConstants.LF_CHR})
    void aLinkOrADeviceIsRefusedAndNothingIsLeft(byte kind) throws IOException {
        TarArchiveEntry link = new TarArchiveEntry("a-case/case.json", kind);
        link.setLinkName("/etc/hostname");
        assertRefused("which is no plain file", tar(link));
    }

    @Test
    void aFileThatComesTwiceIsRefused() {
        byte[] twice = tar(file("a-case/case.json"), file("a-case/case.json"));

        assertThrows(UncheckedIOException.class, () -> CaseArchive.unpack(twice, directory.resolve("out"), 1));
    }

    @Test
    void moreCasesThanAskedForAreRefused() throws IOException {
        assertRefused("2 cases: expected 1", tar(file("a-case/case.json"), file("b-case/case.json")));
    }

    @Test
    void anArchiveThatIsCutOffIsRefusedAndNothingIsLeft() throws IOException {
        byte[] whole = tar(file("a-case/case.json"), file("a-case/provenance.json"));
        Path out = directory.resolve("out");

        assertThrows(RuntimeException.class, () -> CaseArchive.unpack(Arrays.copyOf(whole, 512 + 5), out, 1));

        assertEquals(List.of(), names(out));
    }

    @Test
    void aCaseThatIsThereAndDiffersIsNotReplaced() throws IOException {
        Path there = Files.createDirectories(directory.resolve("out/a-case"));
        Files.writeString(there.resolve("case.json"), "mine");

        NumpyException refusal = assertThrows(
                NumpyException.class,
                () -> CaseArchive.unpack(tar(file("a-case/case.json")), directory.resolve("out"), 1));

        assertTrue(refusal.getMessage().contains("differs in case.json"), refusal.getMessage());
        assertEquals("mine", Files.readString(there.resolve("case.json")));
    }

    @Test
    void aCaseThatIsThereMayHaveAnotherProvenanceAndKeepsIt() throws IOException {
        byte[] same = tar(file("a-case/case.json"), file("a-case/provenance.json"));
        Path out = directory.resolve("out");
        CaseArchive.unpack(same, out, 1);
        Files.writeString(out.resolve("a-case/provenance.json"), "mine");

        assertEquals(List.of(out.resolve("a-case")), CaseArchive.unpack(same, out, 1));
        assertEquals("mine", Files.readString(out.resolve("a-case/provenance.json")));
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatALivingOneMakesIsNot() throws IOException {
        Path out = directory.resolve("out");
        long dead = 999_999_999; // more than any system gives
        String living = ".emit-java-" + ProcessHandle.current().pid() + "-a";
        Files.createDirectories(out.resolve(".emit-java-" + dead + "-a/a-case/inputs"));
        Files.createDirectories(out.resolve(living));

        CaseArchive.unpack(tar(file("a-case/case.json")), out, 1);

        assertEquals(List.of(living, "a-case"), names(out));
    }

    private void assertRefused(String sentence, byte[] tar) throws IOException {
        Path out = directory.resolve("out");
        NumpyException refusal = assertThrows(NumpyException.class, () -> CaseArchive.unpack(tar, out, 1));
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
        assertEquals(List.of(), names(out));
        assertEquals(List.of("out"), names(directory));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    /** A file whose content is its name. */
    private static TarArchiveEntry file(String name) {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(name.getBytes(UTF_8).length);
        return entry;
    }

    private static byte[] tar(TarArchiveEntry... entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream archive = new TarArchiveOutputStream(bytes)) {
            for (TarArchiveEntry entry : entries) {
                archive.putArchiveEntry(entry);
                if (entry.getSize() > 0) {
                    archive.write(entry.getName().getBytes(UTF_8));
                }
                archive.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
