package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a zip archive says of its entries, after PKWARE's APPNOTE 6.3.9; {@code java.util.zip} neither verifies
 * checksums at random access nor minds entries that overlap or share a name.
 *
 * <p>Stricter than the note: nothing precedes the first entry, the archive has one part, no comment and no encryption,
 * and every field that stands in two places says the same in both.
 */
final class ZipDirectory {
    /**
     * What stands of an entry in the directory, and again before its data.
     *
     * @param packed how many bytes the data have in the archive
     * @param size how many they have
     */
    record Head(int flags, int method, long crc, long packed, long size, int nameBytes, int extraBytes) {
        static Head read(ByteBuffer from) {
            int flags = u16(from);
            int method = u16(from);
            u32(from); // the time
            return new Head(flags, method, u32(from), u32(from), u32(from), u16(from), u16(from));
        }

        boolean isDeflated() {
            return method == DEFLATED;
        }

        /** Whether the sizes and the checksum stand behind the data. */
        boolean sizesFollow() {
            return (flags & FLAG_SIZES_FOLLOW) != 0;
        }

        boolean hasSizesOf(Head other) {
            return crc == other.crc && packed == other.packed && size == other.size;
        }
    }

    /** One entry; {@code end} is where the next entry or the directory starts, so its data lie below. */
    record Entry(String name, Head head, long offset, long end) {
        Entry endingAt(long next) {
            return new Entry(name, head, offset, next);
        }
    }

    /** What an archive says at its end, and once more before it if it needs 64 bits. */
    private record End(long part, long directoryPart, long countHere, long count, long length, long start) {
        static End narrow(ByteBuffer from) {
            return new End(u16(from), u16(from), u16(from), u16(from), u32(from), u32(from));
        }

        static End wide(ByteBuffer from) {
            return new End(
                    from.getInt(), from.getInt(), from.getLong(), from.getLong(), from.getLong(), from.getLong());
        }

        /** Whether each field is that of the 64-bit end, or sends the reader there. */
        boolean agreesWith(End wide) {
            return (part == SEE64_SHORT || part == 0)
                    && (directoryPart == SEE64_SHORT || directoryPart == 0)
                    && (countHere == SEE64_SHORT || countHere == wide.countHere)
                    && (count == SEE64_SHORT || count == wide.count)
                    && (length == SEE64 || length == wide.length)
                    && (start == SEE64 || start == wide.start);
        }
    }

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END64 = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int EXTRA64 = 1;
    /** A name in UTF-8 that overrides the entry's, for some programs. */
    private static final int EXTRA_NAME = 0x7075;

    /** The values that send the reader to a 64-bit field. */
    private static final int SEE64_SHORT = 0xFFFF;

    private static final long SEE64 = 0xFFFF_FFFFL;

    /** How strong the compression was, that sizes follow the data, that the name is UTF-8: all that may be flagged. */
    private static final int FLAGS = 0b1000_0000_1110;

    private static final int FLAG_SIZES_FOLLOW = 1 << 3;
    private static final int FLAG_UTF8 = 1 << 11;

    /** Version 6.3 of the format, the highest that an entry may need. */
    private static final int VERSION = 63;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");
    private static final Predicate<String> LEADS_AWAY = Set.of("", ".", "..")::contains;

    private final String archive;
    private final long size;
    private final Region.File file;
    private final Limits limits;

    ZipDirectory(String archive, long size, Region.File file, Limits limits) {
        this.archive = archive;
        this.size = size;
        this.file = file;
        this.limits = limits;
    }

    /** The entries by name, in the order of the directory. */
    Map<String, Entry> read() throws IOException {
        if (size < END_BYTES) {
            throw refuse(0, size + " bytes", "a zip archive, of at least " + END_BYTES);
        }
        long endAt = size - END_BYTES;
        ByteBuffer end = bytes(endAt, END_BYTES);
        if (end.getInt() != END || end.getShort(20) != 0) {
            throw refuse(
                    endAt,
                    "no end of a zip directory",
                    "one in the last " + END_BYTES + " bytes (truncated, or a comment?)");
        }
        End said = End.narrow(end);
        long directoryEnd = endAt;

        long locatorAt = endAt - LOCATOR64_BYTES;
        ByteBuffer locator = locatorAt < END64_BYTES ? null : bytes(locatorAt, LOCATOR64_BYTES);
        if (locator != null && locator.getInt() == LOCATOR64) {
            directoryEnd = locatorAt - END64_BYTES;
            ByteBuffer end64 = bytes(directoryEnd, END64_BYTES);
            if (locator.getInt() != 0
                    || locator.getLong() != directoryEnd
                    || locator.getInt() > 1
                    || end64.getInt() != END64
                    || end64.getLong() != END64_BYTES - 12) {
                throw refuse(directoryEnd, "no 64-bit end of the directory", "one where the locator behind it points");
            }
            End wide = End.wide(end64.position(16));
            if (!said.agreesWith(wide)) {
                throw refuse(directoryEnd, "a 64-bit end that contradicts the 32-bit one", "the same in both");
            }
            said = wide;
        }
        if (said.part != 0 || said.directoryPart != 0 || said.countHere != said.count) {
            throw refuse(endAt, "an archive in several parts", "one part");
        }
        if (said.length < 0 || said.start < 0 || said.start != directoryEnd - said.length) {
            throw refuse(
                    directoryEnd,
                    "a directory of " + said.length + " bytes at " + said.start,
                    "one that ends at " + directoryEnd);
        }
        if (said.count < 0 || said.count > limits.maxEntries()) {
            throw refuse(endAt, said.count + " entries", "at most " + limits.maxEntries() + ", the caller's limit");
        }
        return entries(said.start, directoryEnd, (int) said.count);
    }

    private Map<String, Entry> entries(long start, long end, int count) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Source source = new Source(archive, region(start, end), start, end);
        for (int i = 0; i < count; i++) {
            entries.add(entry(source, start));
        }
        if (source.position() != end) {
            throw refuse(source.position(), "more than the " + count + " entries of the directory", "its end");
        }

        // In the order of their offsets each entry ends below the next: no byte serves two entries.
        entries.sort(Comparator.comparingLong(Entry::offset));
        if (count > 0 && entries.get(0).offset() != 0) {
            throw refuse(0, entries.get(0).offset() + " bytes before the first entry", "none");
        }
        Map<String, Entry> byName = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            long next = i + 1 < count ? entries.get(i + 1).offset() : start;
            Entry entry = entries.get(i).endingAt(next);
            if (next - entry.offset() < LOCAL_BYTES || next - entry.offset() - LOCAL_BYTES < entry.head.packed) {
                throw refuse(
                        entry.offset(), "the entry '" + entry.name() + "' reaching over " + next, "its end before");
            }
            if (byName.put(entry.name(), entry) != null) {
                throw refuse(entry.offset(), "a second entry '" + entry.name() + "'", "each name once");
            }
        }
        return byName;
    }

    private Entry entry(Source source, long start) throws IOException {
        long at = source.position();
        ByteBuffer fixed = source.read(CENTRAL_BYTES, "an entry of the directory");
        if (fixed.getInt() != CENTRAL) {
            throw refuse(at, "no entry of the directory", "one");
        }
        fixed.position(6);
        int needed = fixed.get();
        Head narrow = Head.read(fixed.position(8));
        int commentBytes = u16(fixed);
        int part = u16(fixed);
        fixed.position(42);
        long narrowOffset = u32(fixed);

        String name = name(source.read(narrow.nameBytes, "a name").array(), narrow.flags, at);
        ByteBuffer wide = extra64(source.read(narrow.extraBytes, "extra fields"), at);
        source.read(commentBytes, "a comment");
        Head head = widened(narrow, wide, at);
        long offset = widened(narrowOffset, wide, at);
        if (needed < 0 || needed > VERSION) {
            throw refuse(at + 6, "an entry for version " + (needed & 0xFF) + " of the format", "at most " + VERSION);
        }
        if ((head.flags & ~FLAGS) != 0) {
            throw refuse(
                    at + 8, "flags 0x" + Integer.toHexString(head.flags), "an entry that is not encrypted or patched");
        }
        if (head.method != STORED && head.method != DEFLATED) {
            throw refuse(at + 10, "compression method " + head.method, "0 (stored) or 8 (deflated)");
        }
        if (part != 0 && part != SEE64_SHORT) {
            throw refuse(at + 34, "an entry in part " + part, "one part");
        }
        if (offset >= start) {
            throw refuse(at + 42, "an entry at " + offset, "one before the directory, at " + start);
        }
        if (head.method == STORED && head.packed != head.size) {
            throw refuse(at + 20, "a stored entry of " + head.packed + " bytes for " + head.size, "as many");
        }
        // In this form nothing overflows: packed * maxRatio would.
        if (head.method == DEFLATED && head.size / Math.max(limits.maxRatio(), 1) > head.packed) {
            throw refuse(
                    at + 20,
                    head.size + " bytes deflated to " + head.packed,
                    "at most " + limits.maxRatio() + " times as many");
        }
        return new Entry(name, head, offset, start);
    }

    /** A name that is relative, without dots or backslashes that would lead elsewhere, in ASCII or flagged UTF-8. */
    private String name(byte[] bytes, int flags, long at) throws NpyFormatException {
        String name;
        try {
            name = ((flags & FLAG_UTF8) != 0 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refuse(at + CENTRAL_BYTES, "a name in an unknown encoding", "ASCII, or UTF-8 flagged as such");
        }
        if (!isSafe(name)) {
            throw refuse(at + CENTRAL_BYTES, "the name " + HeaderParser.quote(bytes), "a relative path without '..'");
        }
        return name;
    }

    /** Whether a name is a relative path that stays below where it is put, on every system. */
    static boolean isSafe(String name) {
        boolean plain = name.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == '\\');
        return plain
                && !DRIVE.matcher(name).lookingAt()
                && Arrays.stream(name.split("/", -1)).noneMatch(LEADS_AWAY);
    }

    /** The 64-bit sizes among the extra fields. */
    private @Nullable ByteBuffer extra64(ByteBuffer extra, long at) throws NpyFormatException {
        ByteBuffer found = null;
        while (extra.hasRemaining()) {
            int id = extra.remaining() < 4 ? -1 : u16(extra);
            int length = id < 0 ? 0 : u16(extra);
            if (id < 0 || length > extra.remaining() || (id == EXTRA64 && found != null)) {
                throw refuse(at, "extra fields that are cut off or double", "whole ones, each once");
            }
            if (id == EXTRA_NAME) {
                throw refuse(at, "a second name among the extra fields", "one name");
            }
            if (id == EXTRA64) {
                found = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return found;
    }

    /** With the sizes from the 64-bit fields where the head sends the reader there. */
    private Head widened(Head head, @Nullable ByteBuffer wide, long at) throws NpyFormatException {
        long size = widened(head.size, wide, at);
        long packed = widened(head.packed, wide, at);
        return new Head(head.flags, head.method, head.crc, packed, size, head.nameBytes, head.extraBytes);
    }

    private long widened(long narrow, @Nullable ByteBuffer wide, long at) throws NpyFormatException {
        return wide != null && narrow == SEE64 ? u64(wide, at) : narrow;
    }

    private long u64(ByteBuffer from, long at) throws NpyFormatException {
        long value = from.remaining() < Long.BYTES ? -1 : from.getLong();
        if (value < 0) {
            throw refuse(at, "no 64-bit size, or one beyond 2^63", "one for every size of 0xFFFFFFFF");
        }
        return value;
    }

    /** Where the data of an entry start, after its local head was held against the directory. */
    long dataOffset(Entry entry) throws IOException {
        long at = entry.offset();
        ByteBuffer fixed = bytes(at, LOCAL_BYTES);
        if (fixed.getInt() != LOCAL) {
            throw refuse(at, "no head of an entry", "the head of '" + entry.name() + "'");
        }
        Head narrow = Head.read(fixed.position(6));
        long extraAt = at + LOCAL_BYTES + narrow.nameBytes;
        long dataAt = extraAt + narrow.extraBytes;
        if (dataAt > entry.end() - entry.head.packed) {
            throw refuse(at, "the entry '" + entry.name() + "' reaching over " + entry.end(), "its end before");
        }
        String name =
                name(bytes(at + LOCAL_BYTES, narrow.nameBytes).array(), narrow.flags, at - CENTRAL_BYTES + LOCAL_BYTES);
        Head head = widened(narrow, extra64(bytes(extraAt, narrow.extraBytes), at), at);
        boolean same = name.equals(entry.name)
                && head.flags == entry.head.flags
                && head.method == entry.head.method
                && (entry.head.sizesFollow() || head.hasSizesOf(entry.head));
        if (!same) {
            throw refuse(at, "a head that contradicts the directory's '" + entry.name() + "'", "the same in both");
        }
        checkBehind(entry, dataAt + entry.head.packed);
        return dataAt;
    }

    /** Between the data of an entry and what comes next stands nothing but the sizes, if they are flagged to follow. */
    private void checkBehind(Entry entry, long at) throws IOException {
        long length = entry.end() - at;
        if (!entry.head.sizesFollow()) {
            if (length != 0) {
                throw refuse(at, length + " bytes behind the data of '" + entry.name() + "'", "the next entry");
            }
            return;
        }
        // With or without a signature, with sizes of 32 or of 64 bits: four lengths, all different.
        boolean known = length == 12 || length == 16 || length == 20 || length == 24;
        ByteBuffer descriptor = bytes(at, known ? (int) length : 0);
        boolean same = known
                && (length % 8 != 0 || descriptor.getInt() == DESCRIPTOR)
                && u32(descriptor) == entry.head.crc
                && (length < 20 ? u32(descriptor) : descriptor.getLong()) == entry.head.packed
                && (length < 20 ? u32(descriptor) : descriptor.getLong()) == entry.head.size;
        if (!same) {
            throw refuse(at, "no sizes behind the data of '" + entry.name() + "', or others", "those of the directory");
        }
    }

    /** The bytes from one offset to another, as a channel. */
    ReadableByteChannel region(long from, long to) {
        return new Region(file, from, to);
    }

    private ByteBuffer bytes(long from, int length) throws IOException {
        return new Source(archive, region(from, from + length), from, from + length).read(length, "the archive");
    }

    private NpyFormatException refuse(long offset, String found, String expected) {
        return new NpyFormatException(archive, offset, found, expected);
    }

    private static int u16(ByteBuffer from) {
        return from.getShort() & 0xFFFF;
    }

    private static long u32(ByteBuffer from) {
        return from.getInt() & 0xFFFF_FFFFL;
    }
}
