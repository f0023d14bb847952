package org.npyparity.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A command line that asks for what is not there: exit code 2. The message is the whole sentence for the user. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String sentence) {
        super(sentence);
    }

    UsageException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** Refuses a directory where a file is read: the system's own message names neither. */
    static void requireNoDirectory(Path file) {
        if (Files.isDirectory(file)) {
            throw new UsageException(file + ": is a directory, expected a file that NumPy wrote");
        }
    }
}
