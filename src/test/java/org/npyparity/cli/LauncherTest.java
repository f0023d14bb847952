package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.npyparity.fixture.GoldenCopy;

/**
 * bin/npyparity with its jar, as a shell runs it: what the exit codes are, and what reaches a pipe or a terminal. Needs
 * the jar, so `make test` runs it after packaging.
 */
@Tag("slow")
@Tag("launcher")
class LauncherTest {
    private static final String ESCAPE = "\u001b[";
    private static final int SECONDS = 120;
    /** Runs a command on a terminal of its own, and passes on what it prints there. */
    private static final String ON_TERMINAL =
            "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

    @TempDir
    private Path scratch;

    private Path fixtures;
    private Path subject;
    private Path out;
    private Path report;

    private record Ran(List<String> command, int code, String out, String err) {
        Ran exits(int expected) {
            assertEquals(expected, code, this::toString);
            return this;
        }
    }

    @BeforeEach
    void compute() throws IOException, InterruptedException {
        fixtures = Files.createDirectory(scratch.resolve("fixtures"));
        subject = GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4", fixtures);
        out = scratch.resolve("out");
        report = scratch.resolve("report");
        npyparity("run", fixtures, "--engine", "ejml", "--out", out).exits(Main.PARITY);
    }

    private Ran npyparity(Object... arguments) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("bin/npyparity"), Arrays.stream(arguments)));
    }

    private Ran onTerminal(Object... command) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("python3", "-c", ON_TERMINAL), Arrays.stream(command)));
    }

    private Ran run(Stream<Object> words) throws IOException, InterruptedException {
        List<String> command = words.map(Object::toString).toList();
        Path printed = Files.createTempFile(scratch, "out", ".txt");
        Path complained = Files.createTempFile(scratch, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(printed.toFile())
                .redirectError(complained.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " runs for more than " + SECONDS + " s");
        }
        return new Ran(
                command,
                process.exitValue(),
                Files.readString(printed, StandardCharsets.UTF_8),
                Files.readString(complained, StandardCharsets.UTF_8));
    }

    private Path array(String name) {
        return out.resolve(subject.getFileName()).resolve(name + ".npy");
    }

    private void damage() throws IOException {
        byte[] bytes = Files.readAllBytes(array("dweights"));
        bytes[bytes.length - 2] ^= 4;
        Files.write(array("dweights"), bytes);
    }

    @Test
    void parityIsExitCode0AndPutsNeitherColourNorProgressIntoAPipe() throws IOException, InterruptedException {
        Path theirs = subject.resolve("expected/dweights.npy");
        List<Ran> all = new ArrayList<>();
        all.add(npyparity("audit", fixtures, "--engine", "ejml", "--report", report));
        all.add(npyparity("check", fixtures, "--actual", out, "--report", report));
        all.add(npyparity("run", fixtures, "--engine", "ejml", "--out", out));
        all.add(npyparity("diff", array("dweights"), theirs));
        all.add(npyparity("inspect", theirs));
        all.add(npyparity("report", report.resolve("report.json"), "--report", scratch.resolve("merged")));
        for (Ran ran : all) {
            ran.exits(Main.PARITY);
            assertEquals("", ran.err(), ran::toString);
            assertFalse(ran.out().isBlank(), ran::toString);
            assertFalse(ran.out().contains(ESCAPE) || ran.out().contains("\r"), ran::toString);
        }
    }

    @Test
    void mismatchIsExitCode1() throws IOException, InterruptedException {
        damage();
        npyparity("check", fixtures, "--actual", out, "--report", report).exits(Main.MISMATCH);
        npyparity("report", report.resolve("report.json"), "--report", scratch.resolve("merged"))
                .exits(Main.MISMATCH);
        npyparity("audit", fixtures, "--engine", "ejml", "--against", out, "--report", report)
                .exits(Main.MISMATCH);
        npyparity("diff", array("dweights"), subject.resolve("expected/dweights.npy"))
                .exits(Main.MISMATCH);
    }

    @Test
    void badInputIsExitCode2AndASentence() throws IOException, InterruptedException {
        Files.write(array("dbias"), new byte[] {1});
        Path nowhere = scratch.resolve("nowhere");
        List<Ran> all = new ArrayList<>();
        all.add(npyparity("audit", nowhere, "--report", report));
        all.add(npyparity("check", fixtures, "--actual", out, "--report", report));
        all.add(npyparity("run", nowhere, "--engine", "ejml", "--out", out));
        all.add(npyparity("diff", array("dbias"), nowhere));
        all.add(npyparity("inspect", array("dbias")));
        all.add(npyparity("report", array("dbias"), "--report", report));
        all.add(npyparity("aduit"));
        for (Ran ran : all) {
            ran.exits(Main.BAD);
            assertTrue(ran.err().startsWith("npyparity"), ran::toString);
            assertFalse(ran.err().contains("\tat ") || ran.err().contains("WARNING"), ran::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"diff B B", "diff B W", "inspect B", "completion", "--version", "audit F --report R"})
    void ofAFullDiskEveryCommandComplainsAndOfAClosedPipeNone(String words) throws IOException, InterruptedException {
        String command = "bin/npyparity "
                + words.replace("B", array("dbias") + "")
                        .replace("W", array("dweights") + "")
                        .replace("F", fixtures + "")
                        .replace("R", report + "");
        int code = run(Stream.of("sh", "-c", command)).code();
        Ran full = run(Stream.of("sh", "-c", command + " >/dev/full")).exits(Main.BAD);
        assertTrue(
                full.err().startsWith("npyparity: standard output cannot be written (No space left"), full::toString);
        assertEquals(1, full.err().lines().count(), full::toString);
        // Its reader is gone long before the JVM has started.
        Path ended = scratch.resolve("code");
        Ran closed = run(Stream.of("sh", "-c", "{ " + command + "; echo $? >" + ended + "; } | true"));
        assertEquals("", closed.err(), closed::toString);
        assertEquals(code, Integer.parseInt(Files.readString(ended).strip()), closed::toString);
    }

    @Test
    void aJvmThatCannotStartIsExitCode2AndNoMismatch() throws IOException, InterruptedException {
        run(Stream.of("env", "NPYPARITY_JAVA_OPTS=-Xmx1", "bin/npyparity", "diff", array("dbias"), array("dbias")))
                .exits(Main.BAD);
    }

    /** An archive that an audit's help left was in use from then on, and each audit took 6 % more CPU time. */
    @Test
    void helpOnACommandIsNoRunOfIt() throws IOException, InterruptedException {
        Ran help = run(Stream.of("env", "NPYPARITY_JAVA_OPTS=-XX:+PrintFlagsFinal", "bin/npyparity", "audit", "--help"))
                .exits(Main.PARITY);
        assertTrue(help.out().contains("Usage: npyparity audit"), help::toString);
        assertTrue(help.out().lines().anyMatch(l -> l.matches(" *intx TieredStopAtLevel += 1 .*")), help::toString);
    }

    @Test
    void nothingIsLeftOfARunThatIsKilled() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(scratch.resolve("tmp"));
        Process launcher = auditing(temporary);
        ProcessHandle java = javaOf(launcher);
        launcher.destroyForcibly();
        java.destroyForcibly();
        java.onExit().join();
        assertEquals(List.of(), filesIn(temporary));
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "INT, 130"})
    void aSignalToTheLauncherAloneStopsTheJvmAndIsWhatItEndsWith(String signal, int code)
            throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(scratch.resolve("tmp"));
        Process launcher = auditing(temporary);
        ProcessHandle java = javaOf(launcher);
        run(Stream.of("kill", "-" + signal, launcher.pid())).exits(0);
        assertTrue(launcher.waitFor(SECONDS, TimeUnit.SECONDS), "it goes on");
        assertFalse(java.isAlive(), "the JVM goes on");
        assertEquals(code, launcher.exitValue(), launcher::toString);
        assertEquals(List.of(), filesIn(temporary));
        assertEquals(List.of(), filesIn(report));
        assertTrue(
                filesIn(Path.of("target")).stream().noneMatch(f -> f.contains(".jsa.")), "a half archive of classes");
    }

    /** An audit that has begun, with its temporary files there. */
    private Process auditing(Path temporary) throws IOException {
        // Who started the tests may have had signals ignored, and a shell cannot trap what it was started to ignore.
        String byDefault = "import os, signal, sys; [signal.signal(s, signal.SIG_DFL) for s in (1, 2, 15)]; "
                + "os.execv(sys.argv[1], sys.argv[1:])";
        ProcessBuilder builder = new ProcessBuilder(
                        "python3",
                        "-c",
                        byDefault,
                        "bin/npyparity",
                        "audit",
                        "fixtures/golden",
                        "--report",
                        report + "")
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("audit.txt").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TMPDIR", temporary.toString());
        return builder.start();
    }

    /** The JVM of a launcher, as soon as it is there. */
    private static ProcessHandle javaOf(Process launcher) throws InterruptedException {
        Optional<ProcessHandle> java = Optional.empty();
        while (launcher.isAlive() && java.isEmpty()) {
            Thread.sleep(10);
            java = launcher.children()
                    .filter(p -> p.info().command().orElse("").endsWith("java"))
                    .findFirst();
        }
        return java.orElseThrow(() -> new AssertionError("it ended before it was stopped"));
    }

    private static List<String> filesIn(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName() + "").toList();
        }
    }

    @Test
    void theLineThatRepeatsDoesSoInAShellWhateverDirectoriesAreCalled() throws IOException, InterruptedException {
        damage();
        Files.createSymbolicLink(scratch.resolve("bin"), Path.of("bin").toAbsolutePath());
        Files.move(fixtures, scratch.resolve("--it's  $HOME \\ \"é\""));
        Files.move(out, scratch.resolve("@out"));
        String there = "cd '" + scratch + "' && ";
        Ran first = run(Stream.of(
                        "sh", "-c", there + "bin/npyparity check --actual @out -- '--it'\\''s  $HOME \\ \"é\"'"))
                .exits(Main.MISMATCH);
        String repeat = first.out()
                .lines()
                .filter(l -> l.startsWith("    repeat: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(first));
        Ran again = run(Stream.of("sh", "-c", there + repeat.substring("    repeat: ".length())))
                .exits(Main.MISMATCH);
        assertTrue(again.out().contains(repeat), again::toString);
        for (String locale : List.of("C", "xx_XX.UTF-8")) { // the second is not installed anywhere
            String line = "unset LANG LC_CTYPE; LC_ALL=" + locale + " " + repeat.substring("    repeat: ".length());
            run(Stream.of("sh", "-c", there + line)).exits(Main.MISMATCH);
        }
        assertEquals(
                first.out().lines().limit(5).toList(),
                again.out().lines().limit(5).toList());
        Files.delete(scratch.resolve("bin"));
    }

    @Test
    void ofTwoFlagsForTheJvmTheUsersWinsOverTheLaunchers() throws IOException, InterruptedException {
        Ran ran = run(Stream.of(
                        "env",
                        "TERM=xterm",
                        "NPYPARITY_JAVA_OPTS=-Dnpyparity.terminal.out=true",
                        "bin/npyparity",
                        "audit",
                        fixtures,
                        "--engine",
                        "ejml",
                        "--report",
                        report))
                .exits(Main.PARITY);
        assertTrue(ran.out().contains(ESCAPE), ran::toString);
    }

    @Test
    void aTerminalIsShownProgressAndColour() throws IOException, InterruptedException {
        Ran ran = onTerminal("bin/npyparity", "audit", "fixtures/golden", "--engine", "ejml", "--report", report)
                .exits(Main.PARITY);
        assertTrue(ran.out().contains(ESCAPE + "1;32mPARITY"), ran::toString);
        assertTrue(ran.out().matches("(?s).*\raudit +\\d+% \\[.*/40 cases.*"), ran::toString);
    }

    @Test
    void progressIsShownOnATerminalAlsoWhereResultsGoIntoAPipeAndNotTheOtherWayRound()
            throws IOException, InterruptedException {
        String audit = "bin/npyparity audit fixtures/golden --engine ejml --report " + report;
        String results = scratch.resolve("results").toString();
        Ran piped = onTerminal("sh", "-c", audit + " >" + results).exits(Main.PARITY);
        assertTrue(piped.out().contains("/40 cases"), piped::toString);
        assertFalse(Files.readString(Path.of(results)).contains(ESCAPE), results);

        Ran quiet = onTerminal("sh", "-c", audit + " 2>" + results).exits(Main.PARITY);
        assertFalse(quiet.out().contains("/40 cases"), quiet::toString);
        assertEquals("", Files.readString(Path.of(results)));
        assertTrue(quiet.out().contains(ESCAPE), quiet::toString);
    }
}
