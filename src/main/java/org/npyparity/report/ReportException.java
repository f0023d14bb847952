package org.npyparity.report;

/** A report that cannot be read or merged: bad input, never a mismatch. The message is the whole sentence for the user. */
public final class ReportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param fault what was read, what was found and what was expected */
    public ReportException(String fault) {
        super(fault);
    }

    /**
     * @param fault what was read, what was found and what was expected
     * @param cause what revealed it
     */
    public ReportException(String fault, Throwable cause) {
        super(fault, cause);
    }
}
