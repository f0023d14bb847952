package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, completion, and command lines that ask for what is not there. */
class UsageTest {
    private static final String GOLDEN = "fixtures/golden";
    private static final String FIRST = "conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1-e38b74b1";

    @TempDir
    private Path scratch;

    @Test
    void withoutACommandTheCommandsAreNamed() {
        Shell.run().refuses("no command is given", "audit", "run", "check", "diff", "inspect", "report", "completion");
    }

    @Test
    void aMistypedCommandIsAnsweredByTheOneThatWasMeant() {
        Shell.run("adit").refuses("adit", "audit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "run", "check", "fuzz", "diff", "inspect", "report", "completion"})
    void everyCommandHasHelpWithExamplesThatNoLineEndCuts(String command) {
        Shell help = Shell.run(command, "--help")
                .exits(Main.PARITY)
                .prints("Usage: npyparity " + command, "Examples:", "npyparity " + command);
        help.out()
                .lines()
                .dropWhile(line -> !line.equals("Examples:"))
                .skip(1)
                .forEach(line -> assertTrue(line.startsWith("  "), () -> line + " in " + help));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "completion",
                "inspect --help",
                "inspect fixtures/golden/FIRST/inputs/weights.npy",
                "diff fixtures/golden/FIRST/inputs/weights.npy fixtures/golden/FIRST/inputs/weights.npy",
                "diff fixtures/golden/FIRST/inputs/weights.npy fixtures/golden/FIRST/expected/dbias.npy",
                "audit fixtures/golden/FIRST --engine ejml --report REPORT",
            })
    void whatCannotBePrintedIsBadAndSaidButOfAReaderWhoSawEnough(String line) {
        Object[] arguments =
                line.replace("FIRST", FIRST).replace("REPORT", scratch + "").split(" ");
        int code = Shell.run(arguments).code();

        Shell.runIntoNowhere(false, arguments)
                .refuses("npyparity: standard output cannot be written (nothing fits here): the result is not");
        Shell stopped = Shell.runIntoNowhere(true, arguments).exits(code);
        assertEquals("", stopped.err(), stopped::toString);
    }

    @Test
    void theRootHelpListsTheCommandsAndTheExitCodes() {
        Shell.run("--help")
                .exits(Main.PARITY)
                .prints("audit", "diff", "Examples:", "0 parity; 1 mismatch, undecidable or incomplete; 2 bad input");
    }

    @Test
    void theVersionNamesTheJvmAndTheEngines() {
        Shell.run("--version").exits(Main.PARITY).prints("npyparity ", "JVM ", "engine ejml: ", "engine vector: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit fixtures/golden --engine mkl | --engine mkl: no engine is called so, expected one of all, ejml",
                "audit fixtures/golden --case , | --case , matches none of the 40 cases",
                "audit fixtures/golden --case nosuch* | --case nosuch* matches none of the 40 cases",
                "audit fixtures/golden --policy close | policy is close: expected exact, exact:signed-zeros, certified",
                "audit fixtures/golden --policy allclose:rtol=-1 | policy is allclose:rtol=-1: expected",
                "audit fixtures/golden --policy allclose:rtol=1atol=2 | policy is allclose:rtol=1atol=2: expected",
                "audit fixtures/golden --policy allclose:rtol=1e999 | rtol is Infinity and atol 0.0: expected finite",
                "audit fixtures/golden --shard 0/4 | shard is 0/4: expected I/N with I from 1 to N",
                "audit fixtures/golden --shard 5/4 | shard is 5/4: expected I/N",
                "audit fixtures/golden --shard half | shard is half: expected I/N",
                "audit fixtures/golden --reprot x | unknown option",
                "audit fixtures/golden --report pom.xml | --report pom.xml: cannot be written (pom.xml: is a file)",
                "check fixtures/golden | --actual",
                "check fixtures/golden --actual src --name= | --name is empty: expected what reports call",
                "fuzz --engine ejml --repeat {\"operation\":\"conv2d\",\"family\":\"exact\",\"dtype\":\"float64\",\"seed\":1,\"policy\":\"exact\"} | --repeat: policy is \"exact\": expected none",
                "fuzz --python python3 --image npyparity-numpy:1.26 | --python and --image are given: expected one",
                "run fixtures/golden --out x | --engine",
                "run fixtures/golden --engine all --out x | --engine all: no engine is called so",
                "run fixtures/golden --engine ejml --out pom.xml | --out pom.xml: is a file",
                "run fixtures/golden --engine ejml --out src | which npyparity run did not write",
                "diff a.npy | B.npy",
                "diff a.npy b.npy c.npy | c.npy",
                "diff nosuch.npy pom.xml | nosuch.npy: does not exist",
                "diff pom.xml pom.xml | pom.xml",
                "diff a.npy b.npy --rtol x | --rtol",
                "diff a.npy b.npy --rtol -1 | rtol is -1.0 and atol 0.0: expected finite numbers of at least 0",
                "diff a.npy b.npy --atol 1e999 | rtol is 1.0E-7 and atol Infinity: expected finite numbers",
                "diff a.npy b.npy --ulp -1 | --ulp is -1: expected a number of at least 0",
                "diff a.npy b.npy --ulp 1 --rtol 1 | --ulp and --rtol or --atol are given",
                "diff a.npy b.npy --nan-differs | --nan-differs is given: expected --rtol or --atol",
                "diff a.npy b.npy --signed-zeros --ulp 1 | --signed-zeros and a tolerance are given",
                "inspect nosuch.npy | nosuch.npy: does not exist",
                "inspect src | src: is a directory, expected a file",
                "diff pom.xml src | src: is a directory, expected a file",
                "inspect pom.xml | pom.xml",
                "report | JSON",
                "report nosuch.json | nosuch.json",
                "report pom.xml | pom.xml: is not JSON",
            })
    void badUsageIsASentenceAndExitCode2(String line, String sentence) {
        Shell.run((Object[]) line.split(" ")).refuses(sentence);
    }

    @Test
    void verboseShowsWhereItCameFrom() throws java.io.IOException {
        Path broken = Files.writeString(scratch.resolve("broken.npy"), "not NumPy's");
        Shell.run("inspect", broken).refuses("broken.npy");
        Shell verbose = Shell.run("inspect", broken, "--verbose").exits(Main.BAD);
        assertTrue(verbose.err().contains("\tat org.npyparity"), verbose::toString);
    }

    /** A JVM that ends by an error has exit code 1, which says mismatch. */
    @Test
    void aServiceFileThatNamesNoClassIsBadInput() throws java.io.IOException {
        Path file = scratch.resolve("META-INF/services/org.npyparity.conv.ConvEngine");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "NoSuchEngine");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {scratch.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            Shell.run("run", GOLDEN, "--engine", "ejml", "--out", scratch.resolve("out"))
                    .refuses("org.npyparity.conv.ConvEngine: Provider NoSuchEngine not found: expected the names");
            assertTrue(Shell.run("run", GOLDEN, "--engine", "ejml", "--out", "x", "--verbose")
                    .err()
                    .contains("\tat java.base/java.util.ServiceLoader"));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void theCompletionScriptKnowsEveryCommandAndOption() {
        Shell.run("completion")
                .exits(Main.PARITY)
                .prints("complete -F", "audit", "diff", "--engine", "--shard", "--rtol", "--actual", "--arrays");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        Object[] audit = {"audit", GOLDEN, "--case", "conv2d-exact-float64-b2-h5w7c4*", "--report", scratch};
        assertFalse(Shell.run(audit).out().contains("\u001b["));
        assertTrue(Shell.run(true, audit).out().contains("\u001b["));
    }

    @Test
    void noColorAndDumbTerminalsAreObeyed() {
        assertTrue(Terminal.wantsColour(Map.of("TERM", "xterm")));
        assertTrue(Terminal.wantsColour(Map.of("NO_COLOR", "")), "no-color.org: empty does not count");
        assertFalse(Terminal.wantsColour(Map.of("NO_COLOR", "1")));
        assertFalse(Terminal.wantsColour(Map.of("TERM", "dumb")));
        assertEquals(0, Shell.run("--version").code());
    }
}
