package org.npyparity.python;

/** NumPy cannot be reached, has died, or refuses what it is asked for. The message is the whole sentence for the user. */
public final class NumpyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NumpyException(String sentence) {
        super(sentence);
    }

    public NumpyException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
