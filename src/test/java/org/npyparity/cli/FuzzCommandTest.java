package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fuzz.FoundCases;
import org.npyparity.operation.conv.mistakes.MistakenEngine;
import org.npyparity.python.CaseSpec;

/** The command, as docs/fuzz.md describes it. */
@Tag("slow")
class FuzzCommandTest {
    private static final Path GUIDE = Path.of("docs/fuzz.md");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|([^ ']+)");

    private record Run(int code, String out, String err) {}

    private static Run run(Path home, List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Results results = new Results(out, StandardCharsets.UTF_8, false);
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(results, new PrintWriter(err), false, false, Optional.of(home));
        int code = Main.run(terminal, arguments.toArray(String[]::new));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    private static Run run(String... arguments) {
        return run(Path.of(""), List.of(arguments));
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words;
    }

    @Test
    void parityEndsWith0AndIsSilentInAPipe() {
        Run run = run("fuzz", "--cases", "150", "--seed", "3");

        assertEquals(0, run.code(), run.out());
        assertEquals("", run.err());
        // A few tiny layers have no draw that proves anything, and are not counted.
        assertTrue(run.out().matches("(?s).*\nPARITY  1[45][0-9] cases, no failures,.*"), run.out());
    }

    @Test
    void badInputEndsWith2AndASentence() {
        assertEquals(2, run("fuzz", "--cases", "0").code());
        assertEquals(
                "npyparity fuzz: --repeat: seed is missing: expected a whole number",
                run("fuzz", "--repeat", "{\"operation\":\"conv2d\",\"family\":\"exact\",\"dtype\":\"float64\"}")
                        .err()
                        .strip());
        Run missing = run("fuzz", "--python", "no-such-python");
        assertEquals(2, missing.code());
        assertTrue(missing.err().startsWith("npyparity fuzz: no Python runs as 'no-such-python'"), missing.err());
    }

    @Test
    void everyCommandOfTheGuideEndsWithParity() throws IOException {
        List<String> commands = Files.readAllLines(GUIDE).stream()
                .filter(l -> l.startsWith("    bin/npyparity fuzz"))
                .map(String::strip)
                .toList();

        assertTrue(commands.size() >= 3, () -> "" + commands);
        for (String command : commands) {
            List<String> words = words(command.replaceAll(" +#.*", ""));
            Run run = run(Path.of(""), words.subList(1, words.size()));
            assertEquals(0, run.code(), () -> command + ": " + run);
        }
    }

    @Test
    void theFailureThatTheGuideShowsIsWhatIsPrintedAndItsLineRepeatsIt() throws IOException {
        try (MistakenEngine.Switch on = MistakenEngine.switchOn("mask by < 0")) {
            assertTrue(on != null);
            Run run = run("fuzz", "--seed", "1", "--engine", "mistaken");
            assertEquals(1, run.code());
            List<String> printed =
                    run.out().lines().filter(l -> l.matches("(✗|    ).*")).toList();
            List<String> guide = Files.readAllLines(GUIDE).stream()
                    .filter(l -> l.matches("    (✗|    ).*"))
                    .map(l -> l.substring(4))
                    .toList();
            assertEquals(String.join("\n", guide), String.join("\n", printed));

            String repeat = printed.stream()
                    .filter(l -> l.startsWith("    repeat: bin/npyparity "))
                    .findFirst()
                    .orElseThrow();
            List<String> words = words(repeat);
            Run again = run(Path.of(""), words.subList(2, words.size()));
            assertEquals(1, again.code(), again.out());
            assertEquals(
                    printed.get(0),
                    again.out()
                            .lines()
                            .filter(l -> l.startsWith("✗"))
                            .findFirst()
                            .orElse(""));
        }
    }

    @Test
    void aSavedCaseSurvivesTheRegenerationOfTheGoldenSet(@TempDir Path home) throws Exception {
        Path python = Files.createDirectories(home.resolve("python"));
        Files.createSymbolicLink(
                python.resolve(".venv"), Path.of("python/.venv").toRealPath());
        Path sources = Files.createDirectory(python.resolve("npyparity"));
        try (Stream<Path> files = Files.list(Path.of("python/npyparity"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".py")).toList()) {
                Files.copy(file, sources.resolve(file.getFileName() + ""));
            }
        }
        Path fixtures = Files.createDirectory(home.resolve("fixtures"));
        try (MistakenEngine.Switch on = MistakenEngine.switchOn("mask by < 0")) {
            assertTrue(on != null);
            List<String> arguments = List.of("fuzz", "--seed", "1", "--engine", "mistaken", "--save");
            assertEquals(1, run(home, arguments).code());
            assertEquals(1, run(home, arguments).code()); // twice is once
        }

        List<CaseSpec> found = FoundCases.list(fixtures);
        assertEquals(1, found.size());
        Path saved;
        try (Stream<Path> entries = Files.list(fixtures.resolve("golden"))) {
            saved = entries.findFirst().orElseThrow();
        }
        assertEquals(found.get(0).why(), Optional.of(CaseReader.read(saved).why()));
        byte[] before = Files.readAllBytes(saved.resolve(CaseReader.CASE_FILE));

        ProcessBuilder golden = new ProcessBuilder(
                python.resolve(".venv/bin/python").toString(),
                "-m",
                "npyparity",
                "emit",
                "--set",
                "golden",
                "--force",
                "--out",
                fixtures.resolve("golden").toString());
        golden.environment().put("PYTHONPATH", python.toString());
        Process process = golden.redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);

        assertArrayEquals(before, Files.readAllBytes(saved.resolve(CaseReader.CASE_FILE)));
        assertTrue(printed.contains(", 1 unchanged, 0 removed"), printed);
        assertFalse(CaseReader.read(saved).why().isEmpty());
    }
}
