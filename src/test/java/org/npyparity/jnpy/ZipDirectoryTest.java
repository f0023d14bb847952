package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** What makes the last bytes is taken in before room for them is given: after the header, and after each chunk. */
    @Test
    void equalElementsAreReadHoweverFewBytesTheyArePackedIn() throws IOException {
        for (int chunk : new int[] {0, 1 << 18}) {
            for (int n = 1; n < 300; n++) {
                byte[] array = IndexedFiles.saved(NpyArray.of(new byte[chunk + n]));
                try (Npz npz = open(archive("x.npy", array))) {
                    assertArrayEquals(array, IndexedFiles.saved(npz.get("x")), chunk + n + " elements");
                }
            }
        }
    }

    @Test
    void anArchiveByAnotherProgramIsRead() throws IOException {
        byte[] array = IndexedFiles.saved(NpyArray.of(new int[] {3, 1, 2}));
        try (Npz npz = open(archive("x.npy", array))) {
            assertEquals("int32 (3,) C [3, 1, 2]", npz.get("x").toString());
        }
    }

    @Test
    void aNameBeyondAsciiIsReadIfItIsFlaggedAsUtf8AndNotWithoutTheFlag() throws IOException {
        byte[] content = archive("größe.npy", IndexedFiles.saved(NpyArray.of(new int[] {3, 1, 2})));
        try (Npz npz = open(content)) {
            assertEquals(Set.of("größe"), npz.readAll().keySet());
        }
        for (int flags : new int[] {
            places(content, "PK\3\4").get(0) + 7, places(content, "PK\1\2").get(0) + 9
        }) {
            content[flags] ^= 8;
        }
        assertRefuses("ASCII, or UTF-8 flagged as such", content, Limits.DEFAULT);
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

    /** Two stored entries whose sizes stand before them, and two deflated ones whose sizes follow. */
    static Stream<byte[]> twoEntries() throws IOException {
        Path file = Files.createTempFile("two", ".npz");
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("a", NpyArray.of(new short[] {3, 1, 2}));
        arrays.put("b", NpyArray.of(new short[] {5, 4}));
        List<byte[]> archives = new ArrayList<>();
        Npz.write(file, arrays);
        archives.add(Files.readAllBytes(file));
        Npz.writeCompressed(file, arrays);
        archives.add(Files.readAllBytes(file));
        Files.delete(file);
        return archives.stream();
    }

    @ParameterizedTest
    @MethodSource("twoEntries")
    void nothingHidesBetweenTwoEntries(byte[] content) throws IOException {
        assertEquals(2, open(content).readAll().size());
        List<Integer> heads = places(content, "PK\3\4");
        List<Integer> directory = places(content, "PK\1\2");
        int end = places(content, "PK\5\6").get(0);
        for (int length : new int[] {1, 4, 8, 100}) {
            // Before the second entry, and before the directory.
            for (int at : new int[] {heads.get(1), directory.get(0)}) {
                ByteBuffer hiding = ByteBuffer.allocate(content.length + length).order(ByteOrder.LITTLE_ENDIAN);
                hiding.put(content, 0, at).put(new byte[length]).put(content, at, content.length - at);
                hiding.putInt(end + length + 16, directory.get(0) + length);
                if (at == heads.get(1)) {
                    hiding.putInt(directory.get(1) + length + 42, at + length);
                }
                NpyFormatException refusal = assertThrows(
                        NpyFormatException.class, () -> open(hiding.array()).readAll());
                assertTrue(refusal.found().contains("behind the data"), refusal.getMessage());
            }
        }
    }

    /** Both entries of the directory have the same length: they change places. */
    @ParameterizedTest
    @MethodSource("twoEntries")
    void aDirectoryNeedNotBeInTheOrderOfItsEntries(byte[] content) throws IOException {
        List<Integer> directory = places(content, "PK\1\2");
        int length = directory.get(1) - directory.get(0);
        byte[] turned = content.clone();
        System.arraycopy(content, directory.get(0), turned, directory.get(1), length);
        System.arraycopy(content, directory.get(1), turned, directory.get(0), length);

        assertEquals(
                "{a=int16 (3,) C [3, 1, 2], b=int16 (2,) C [5, 4]}",
                new TreeMap<>(open(turned).readAll()).toString());
    }

    /** So the bytes of an archive depend on its arrays alone. */
    @Test
    void entriesAreStoredOrDeflatedAsAskedAndBearNoDateOfToday() throws IOException {
        List<byte[]> archives = twoEntries().toList();
        for (int method : new int[] {0, 1}) {
            for (int head : places(archives.get(method), "PK\3\4")) {
                ByteBuffer fields =
                        ByteBuffer.wrap(archives.get(method), head + 8, 6).order(ByteOrder.LITTLE_ENDIAN);
                assertEquals(8 * method, fields.getShort(), "method");
                assertEquals(0, fields.getShort(), "time");
                assertEquals(2 << 5 | 1, fields.getShort(), "1980-02-01");
            }
        }
    }

    @Test
    void theSizesBehindAnEntryAreThoseOfTheDirectory() throws IOException {
        byte[] content = archive("x.npy", IndexedFiles.saved(NpyArray.of(new short[] {3, 1, 2})));
        int from = places(content, "PK\7\10").get(0);
        int to = places(content, "PK\1\2").get(0);
        assertEquals(16, to - from);
        for (int at = from; at < to; at++) {
            content[at] ^= 1;
            NpyFormatException refusal =
                    assertThrows(NpyFormatException.class, () -> open(content).readAll());
            assertEquals("those of the directory", refusal.expected());
            content[at] ^= 1;
        }
    }

    /** Python's zipfile takes such a name instead of the entry's. */
    @Test
    void aSecondNameAmongTheExtraFieldsIsRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            ZipEntry entry = new ZipEntry("x.npy");
            entry.setExtra(new byte[] {0x75, 0x70, 6, 0, 1, 0, 0, 0, 0, 'y'});
            zip.putNextEntry(entry);
        }
        assertRefuses("one name", out.toByteArray(), Limits.DEFAULT);
    }

    @Test
    void eachFieldOfThe32BitEndIsThatOfThe64BitEndOrSendsTheReaderThere() throws IOException {
        byte[] content = Files.readAllBytes(Path.of("fixtures/npy/good/stored-zip64.npz"));
        ByteBuffer whole = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int end = places(content, "PK\5\6").get(0);
        int end64 = places(content, "PK\6\6").get(0);
        for (int field = 0; field < 6; field++) {
            int at = end + 4 + (field <= 4 ? 2 * field : 12);
            long value = field < 2 ? 0 : whole.getLong(end64 + 24 + 8 * (field - 2));
            for (long said : new long[] {-1, value, value + 1}) {
                byte[] edited = content.clone();
                ByteBuffer to = ByteBuffer.wrap(edited).order(ByteOrder.LITTLE_ENDIAN);
                if (field < 4) {
                    to.putShort(at, (short) said);
                } else {
                    to.putInt(at, (int) said);
                }
                if (said == value + 1) {
                    assertRefuses("the same in both", edited, Limits.DEFAULT);
                } else {
                    assertEquals(
                            open(content).readAll().keySet(),
                            open(edited).readAll().keySet(),
                            at + ": " + said);
                }
            }
        }
    }

    private static List<Integer> places(byte[] content, String signature) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf(signature); at >= 0; at = text.indexOf(signature, at + 1)) {
            places.add(at);
        }
        return places;
    }

    private static List<Byte> asList(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte b : bytes) {
            list.add(b);
        }
        return list;
    }
}
