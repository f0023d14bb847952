package org.npyparity.jnpy;

import java.io.IOException;
import java.io.Serial;

/**
 * A file that is not what it should be: the only exception with which this package refuses content.
 *
 * <p>The message is one sentence that names the file, the offset in bytes, what was found and what was expected.
 * Failures of the disk itself (a missing file, no permission) stay the {@link IOException}s they are.
 */
public final class NpyFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;
    private final String found;
    private final String expected;

    NpyFormatException(String file, long offset, String found, String expected) {
        super(file + ": at byte " + offset + ": found " + found + ", expected " + expected);
        this.file = file;
        this.offset = offset;
        this.found = found;
        this.expected = expected;
    }

    /** The file, as the caller named it; for an entry of an archive {@code archive.npz!entry.npy}. */
    public String file() {
        return file;
    }

    /** The message without the file, for a sentence that has named it. */
    public String fault() {
        return "at byte " + offset + ": found " + found + ", expected " + expected;
    }

    /** Where in the file, or in the uncompressed entry, the trouble starts: a 0-based offset in bytes. */
    public long offset() {
        return offset;
    }

    /** What was found there, in words. */
    public String found() {
        return found;
    }

    /** What should have been there, in words, with a hint where there is a way out. */
    public String expected() {
        return expected;
    }
}
