package org.npyparity.audit;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * One of several parts of an audit. A case belongs to a part by its id alone, so adding cases moves no other.
 *
 * @param index from 1
 * @param count of the parts
 */
public record Shard(int index, int count) {
    /** Everything in one part. */
    public static final Shard WHOLE = new Shard(1, 1);

    public Shard {
        if (count < 1 || index < 1 || index > count) {
            throw new IllegalArgumentException("shard is " + index + "/" + count + ": expected I/N with I from 1 to N");
        }
    }

    /**
     * Reads {@code I/N}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static Shard parse(String text) {
        Matcher m = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})").matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("shard is " + text + ": expected I/N with I from 1 to N");
        }
        return new Shard(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
    }

    /** Whether the case of that id belongs to this part. */
    public boolean contains(String id) {
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % count == index - 1;
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
