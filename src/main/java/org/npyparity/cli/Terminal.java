package org.npyparity.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where output goes, and what the launcher says of it: Java itself cannot tell a terminal from a pipe, one stream at a
 * time, before version 22.
 *
 * @param out for results
 * @param err for errors and progress
 * @param colour whether {@code out} takes colours
 * @param progress whether {@code err} is a terminal, on which a line may be written over
 * @param home the project's root, where the launcher stands
 */
record Terminal(Results out, PrintWriter err, boolean colour, boolean progress, Optional<Path> home) {

    /** That of this process. */
    static Terminal system() {
        Charset encoding = Optional.ofNullable(
                        System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding")))
                .map(Charset::forName)
                .orElse(StandardCharsets.UTF_8);
        if (Boolean.getBoolean("npyparity.stderr.is.stdin")) {
            // Nothing is read from there; see the launcher.
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.in), true, encoding));
        }
        return new Terminal(
                new Results(
                        new FileOutputStream(FileDescriptor.out), encoding, Boolean.getBoolean("npyparity.pipe.out")),
                new PrintWriter(System.err, true, encoding),
                Boolean.getBoolean("npyparity.terminal.out") && wantsColour(System.getenv()),
                Boolean.getBoolean("npyparity.terminal.err") && !"dumb".equals(System.getenv("TERM")),
                Optional.ofNullable(System.getProperty("npyparity.home")).map(Path::of));
    }

    /** Whether the environment allows colours: NO_COLOR (no-color.org) is empty or not set, TERM is not dumb. */
    static boolean wantsColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }
}
