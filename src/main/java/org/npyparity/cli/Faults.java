package org.npyparity.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ServiceConfigurationError;
import org.npyparity.fixture.FixtureException;
import org.npyparity.jnpy.NpyFormatException;
import org.npyparity.python.NumpyException;
import org.npyparity.report.ReportException;

/** The one place that words an exception for the user. */
final class Faults {
    private Faults() {}

    /** One sentence: what was found, where, and what was expected. */
    static String sentence(Throwable fault) {
        if (fault instanceof UncheckedIOException e && e.getCause() != null) {
            return sentence(e.getCause());
        }
        if (fault instanceof UsageException
                || fault instanceof FixtureException
                || fault instanceof NpyFormatException
                || fault instanceof NumpyException
                || fault instanceof ReportException) {
            return fault.getMessage() + "";
        }
        if (fault instanceof NoSuchFileException e) {
            return e.getFile() + ": does not exist";
        }
        if (fault instanceof AccessDeniedException e) {
            return e.getFile() + ": may not be read or written by this user";
        }
        if (fault instanceof FileAlreadyExistsException e) {
            return e.getFile() + ": is a file";
        }
        if (fault instanceof FileSystemException e) {
            return e.getFile() + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
        }
        if (fault instanceof ServiceConfigurationError) {
            return fault.getMessage() + ": expected the names of public classes in that file of META-INF/services";
        }
        if (fault instanceof OutOfMemoryError) {
            return "the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB is too small: give more with NPYPARITY_JAVA_OPTS=-Xmx8g, or fewer DIRs at a time";
        }
        return "internal error, neither parity nor mismatch: " + fault + "; --verbose shows where";
    }
}
