package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.jnpy.IndexedFiles.Line;

/** The committed files that NumPy made; {@code python npy_battery.py fixtures fixtures/npy} makes them again. */
final class GoodFilesTest {
    static final Path DIRECTORY = Path.of("fixtures/npy/good");

    static Stream<Line> lines() throws IOException {
        return IndexedFiles.lines(DIRECTORY).stream();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void everyWayOfReadingFindsWhatNumPyWrote(Line line) throws IOException {
        IndexedFiles.check(DIRECTORY, line);
    }

    @Test
    void everyFileIsInTheIndexAndEveryDtypeInAFile() throws IOException {
        Set<String> listed = lines().map(Line::file).collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            Set<String> present = files.map(f -> f.getFileName().toString())
                    .filter(f -> !f.equals("index.tsv"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(present, listed);
        }
        Set<String> dtypes = lines().map(Line::dtype).collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = Stream.of(DType.values())
                .filter(DType::isFixedSize)
                .map(DType::numpyName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(known, dtypes);
    }
}
