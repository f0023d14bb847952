package org.npyparity.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output as text. A {@link PrintWriter} says only that a write failed; this says what the system says of it. */
final class Results extends PrintWriter {
    private final Remembering stream;
    private final boolean pipe;

    /** @param pipe whether {@code to} is read while it is written: then a reader may stop when it has seen enough */
    Results(OutputStream to, Charset encoding, boolean pipe) {
        this(new Remembering(to), encoding, pipe);
    }

    private Results(Remembering stream, Charset encoding, boolean pipe) {
        super(stream, true, encoding);
        this.stream = stream;
        this.pipe = pipe;
    }

    /** Why text that was printed so far is lost; empty if it is not, or nobody reads the pipe any more. */
    Optional<IOException> lost() {
        flush();
        return pipe ? Optional.empty() : Optional.ofNullable(stream.failure);
    }

    private static final class Remembering extends FilterOutputStream {
        private @Nullable IOException failure;

        Remembering(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
