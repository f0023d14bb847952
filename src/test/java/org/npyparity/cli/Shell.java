package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a command printed and returned, run in this JVM.
 *
 * @param line the arguments
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record Shell(String line, int code, String out, String err) {
    /** Runs a command as in a pipe: no colour, no progress. Arguments are anything that says its name. */
    static Shell run(Object... arguments) {
        return run(false, arguments);
    }

    static Shell run(boolean colour, Object... arguments) {
        String[] line = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return run(new Results(out, StandardCharsets.UTF_8, false), out, colour, line);
    }

    /** Runs a command whose results go where no byte can be written. */
    static Shell runIntoNowhere(boolean pipe, Object... arguments) {
        OutputStream nowhere = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("nothing fits here");
            }
        };
        String[] line = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        return run(new Results(nowhere, StandardCharsets.UTF_8, pipe), new ByteArrayOutputStream(), false, line);
    }

    private static Shell run(Results results, ByteArrayOutputStream out, boolean colour, String... line) {
        StringWriter err = new StringWriter();
        int code = Main.run(new Terminal(results, new PrintWriter(err), colour, false, Optional.empty()), line);
        return new Shell(
                "npyparity " + String.join(" ", line), code, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    /** Holds it to an exit code; a good one comes without a word on standard error. */
    Shell exits(int expected) {
        assertEquals(expected, code, this::toString);
        if (expected == Main.PARITY) {
            assertEquals("", err, this::toString);
        }
        return this;
    }

    /** Holds it to bad input or usage: exit code 2, and a sentence with these parts and no stack trace. */
    Shell refuses(String... parts) {
        exits(Main.BAD);
        for (String part : parts) {
            assertTrue(err.contains(part), () -> "expected '" + part + "' in " + this);
        }
        assertFalse(err.contains("\tat "), () -> "a stack trace: " + this);
        assertFalse(err.contains("internal error"), this::toString);
        return this;
    }

    Shell prints(String... parts) {
        for (String part : parts) {
            assertTrue(out.contains(part), () -> "expected '" + part + "' in " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return line + "\nexit code " + code + "\n--- out\n" + out + "--- err\n" + err;
    }
}
