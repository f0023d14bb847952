package org.npyparity.jnpy;

/**
 * What a reader accepts at most; anything beyond is refused with {@link NpyFormatException} before memory is taken.
 *
 * <p>Whatever the limits, a declared size is held against the size of the file first, so that a small file can never
 * cost much memory; and an array read to the heap must fit the heap ({@link Runtime#maxMemory()}).
 *
 * @param maxBytes the data of one array, uncompressed, in bytes
 * @param maxRatio uncompressed over compressed size of an entry of an {@code .npz}; deflate cannot pass 1032
 * @param maxEntries the entries of an {@code .npz}
 */
public record Limits(long maxBytes, int maxRatio, int maxEntries) {
    /** Any size that the file backs, deflate's own greatest ratio, 65,536 entries. */
    public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, 1032, 1 << 16);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if a limit is negative
     */
    public Limits {
        if (maxBytes < 0 || maxRatio < 0 || maxEntries < 0) {
            throw new IllegalArgumentException("a limit must not be negative: maxBytes " + maxBytes + ", maxRatio "
                    + maxRatio + ", maxEntries " + maxEntries);
        }
    }

    /** The same limits with another bound on the data of one array, in bytes. */
    public Limits withMaxBytes(long bytes) {
        return new Limits(bytes, maxRatio, maxEntries);
    }

    /** The same limits with another bound on uncompressed over compressed size. */
    public Limits withMaxRatio(int ratio) {
        return new Limits(maxBytes, ratio, maxEntries);
    }

    /** The same limits with another bound on the entries of an archive. */
    public Limits withMaxEntries(int entries) {
        return new Limits(maxBytes, maxRatio, entries);
    }
}
