package org.npyparity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of docs/ whose Java examples are run by a test. */
public final class Guide {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private Guide() {}

    /**
     * Holds a page to tests: each line of its examples stands in one of them, whatever the white space.
     *
     * @param page the page
     * @param examples how many it has
     * @param tests that run them
     */
    public static void assertEveryExampleStandsIn(Path page, int examples, Class<?>... tests) throws IOException {
        StringBuilder sources = new StringBuilder();
        for (Class<?> test : tests) {
            sources.append(
                    Files.readString(Path.of("src/test/java", test.getName().replace('.', '/') + ".java")));
        }
        String run = squeeze(sources.toString());
        List<String> found = EXAMPLE.matcher(Files.readString(page))
                .results()
                .map(example -> example.group(1))
                .toList();
        assertEquals(examples, found.size(), page::toString);
        found.stream()
                .flatMap(String::lines)
                .forEach(line ->
                        assertTrue(run.contains(squeeze(line)), () -> "not in " + List.of(tests) + ": " + line));
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }
}
