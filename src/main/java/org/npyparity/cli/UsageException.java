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

    /** Refuses what is there and no file: the system's own message does not name it, and a pipe would be waited for. */
    static void requireFile(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UsageException(file + ": is a " + (Files.isDirectory(file) ? "directory" : "pipe or a device")
                    + ", expected a file that NumPy wrote");
        }
    }
}
