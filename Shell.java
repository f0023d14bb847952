package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Optional;

/**
 * A command that ran in this JVM.
 *
 * @param line what was typed
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained of
 */
record Shell(String line, int code, String out, String err) {

    /** Runs a command without a terminal. */
    static Shell run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        Terminal terminal =
                new Terminal(new PrintWriter(out), new PrintWriter(err), false, false, Optional.empty());
        int code = Main.run(terminal, args);
        Shell shell = new Shell(String.join(" ", args), code, out.toString(), err.toString());
        assertFalse((shell.out + shell.err).contains("\tat "), () -> "a stack trace without --verbose: " + shell);
        return shell;
    }

    /** Checks the exit code. */
    Shell exits(int expected) {
        assertEquals(expected, code, this::toString);
        return this;
    }

    /** Checks that all of {@code parts} were printed, to whichever stream. */
    Shell says(Object... parts) {
        for (Object part : parts) {
            assertTrue((out + err).contains(part.toString()), () -> "expected '" + part + "' from " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return "npyparity " + line + "\nexit code " + code + "\n" + out + err;
    }
}
