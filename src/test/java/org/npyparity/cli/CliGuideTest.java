package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;

/** Runs the examples of docs/cli.md in their order, and holds what they print to what the page says. */
class CliGuideTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    private Path scratch;

    private record Example(String command, List<String> printed) {}

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("docs/cli.md"))) {
            if (line.startsWith("    $ npyparity ")) {
                examples.add(new Example(line.substring("    $ npyparity ".length()), new ArrayList<>()));
                inside = true;
            } else if (inside && line.startsWith("    ")) {
                examples.get(examples.size() - 1).printed().add(line.substring(4));
            } else {
                inside = false;
            }
        }
        return examples;
    }

    /** Files of the reader's own lie in the working directory, which a JVM cannot change: here they lie in scratch. */
    private Object[] words(String command) {
        List<Object> words = new ArrayList<>();
        Matcher m = WORD.matcher(command);
        while (m.find()) {
            String word = m.group(1) != null ? m.group(1) : m.group(2);
            words.add(isOurs(word) ? scratch.resolve(word) : word);
        }
        boolean reports = List.of("audit", "check", "report").contains(words.get(0));
        if (reports && !words.contains("--report")) {
            words.addAll(List.of("--report", scratch.resolve("target/parity-report")));
        }
        return words.toArray();
    }

    private static boolean isOurs(String word) {
        return word.matches("[ab]\\.npy|out(/.*)?|shard-.*");
    }

    @Test
    void everyExamplePrintsWhatThePageSays() throws IOException {
        Npy.write(scratch.resolve("a.npy"), NpyArray.of(new double[] {1, 2.5, 3, 4}, 2, 2));
        Npy.write(scratch.resolve("b.npy"), NpyArray.of(new double[] {1, 2, 3, 4}, 2, 2));
        List<Example> examples = examples();
        assertTrue(examples.size() >= 10, () -> "only " + examples.size() + " examples");
        for (Example example : examples) {
            Shell shell = Shell.run(words(example.command()));
            List<String> said = new ArrayList<>(example.printed());
            int code = said.remove("exit code 1") ? 1 : said.remove("exit code 2") ? 2 : 0;
            assertEquals(code, shell.code(), shell::toString);
            String pattern = String.join("\n", said).strip();
            String regex = Pattern.quote(pattern).replace("…", "\\E(?s:.*)\\Q");
            String printed =
                    (shell.out() + shell.err()).replace(scratch + "/", "").strip();
            assertTrue(
                    printed.matches(regex),
                    () -> example.command() + "\n--- says\n" + pattern + "\n--- prints\n" + printed);
        }
    }
}
