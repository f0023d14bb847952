package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZipDirectoryTest {
    /** An archive in memory, read a few bytes at a time. */
    static Npz open(byte[] content) throws IOException {
        return open(content, Limits.DEFAULT);
    }

    static Npz open(byte[] content, Limits limits) throws IOException {
        Region.File few = (to, position) -> {
            int n = (int) Math.min(Math.min(to.remaining(), 4099), content.length - position);
            to.put(content, (int) position, Math.max(n, 0));
            return n > 0 ? n : -1;
        };
        return new Npz("memory.npz", content.length, few, () -> {}, limits);
    }

    /** An archive as another program of Java writes it: deflated, sizes behind the data. */
    static byte[] archive(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return out.toByteArray();
    }

    @Test
    void anArchiveByAnotherProgramIsRead() throws IOException {
        byte[] array = IndexedFiles.saved(NpyArray.of(new int[] {3, 1, 2}));
        try (Npz npz = open(archive("x.npy", array))) {
            assertEquals("int32 (3,) C [3, 1, 2]", npz.get("x").toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.npy", "layer/conv:0.npy", "größe.npy", "..a.npy", "a..b/c.npy", " .npy"})
    void namesThatStayInPlaceAreSafe(String name) {
        assertTrue(ZipDirectory.isSafe(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/a", "a/", "a//b", "./a", "a/../b", "..", "a\\b", "C:a", "c:/a", "a\nb", "a\0", "\u007f"})
    void namesThatLeadElsewhereAreNot(String name) {
        assertFalse(ZipDirectory.isSafe(name));
    }

    @Test
    void ratioEntriesAndBytesAreHeldAgainstTheCallersLimits() throws IOException {
        byte[] zeros = IndexedFiles.saved(NpyArray.of(new double[3000]));
        byte[] content = archive("zeros.npy", zeros);
        int packed;
        try (Npz npz = open(content)) {
            assertEquals(3000, npz.get("zeros").size());
            packed = content.length;
        }
        int ratio = zeros.length / packed;

        assertRefuses("times as many", content, Limits.DEFAULT.withMaxRatio(ratio));
        assertRefuses("the caller's limit", content, Limits.DEFAULT.withMaxEntries(0));
        assertRefuses("the caller's limit", content, Limits.DEFAULT.withMaxBytes(23_999));
        open(content, new Limits(24_000, 10 * ratio, 1)).get("zeros");
    }

    private static void assertRefuses(String words, byte[] content, Limits limits) {
        NpyFormatException refusal = assertThrows(
                NpyFormatException.class, () -> open(content, limits).readAll());
        assertTrue(refusal.expected().contains(words), refusal.expected());
    }

    @Test
    void everySingleTruncationIsNoticed() throws IOException {
        byte[] whole = archive("x.npy", IndexedFiles.saved(NpyArray.of(new short[] {3, 1, 2})));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = ByteBuffer.allocate(length).put(whole, 0, length).array();
            assertThrows(NpyFormatException.class, () -> open(cut), "cut to " + length);
        }
    }

    @Test
    void everySingleBitOfTheDataIsGuarded() throws IOException {
        byte[] array = IndexedFiles.saved(NpyArray.of(new short[] {3, 1, 2}));
        byte[] whole = archive("x.npy", array);
        List<Byte> before = asList(whole);
        int data = 30 + "x.npy".length();
        for (int bit = data * 8; bit < (data + 20) * 8; bit++) {
            whole[bit / 8] ^= (byte) (1 << bit % 8);
            try (Npz npz = open(whole)) {
                // A stored block's padding bits may change without a change of the data.
                NpyArray read = npz.get("x");
                assertEquals("int16 (3,) C [3, 1, 2]", read.toString());
            } catch (NpyFormatException expected) {
                assertEquals("memory.npz!x.npy", expected.file());
            }
            whole[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertEquals(before, asList(whole));
    }

    private static List<Byte> asList(byte[] bytes) {
        List<Byte> list = new java.util.ArrayList<>();
        for (byte b : bytes) {
            list.add(b);
        }
        return list;
    }
}
