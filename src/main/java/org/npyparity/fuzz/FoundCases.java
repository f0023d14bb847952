package org.npyparity.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.npyparity.fixture.FixtureException;
import org.npyparity.python.CaseSpec;
import org.npyparity.python.NumpyWorker;

/**
 * The golden cases that fuzzing has found: {@code fixtures/found.json}, a cases.json that the generator of the golden set
 * reads, so that {@code make golden} makes them again.
 */
public final class FoundCases {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FoundCases() {}

    /**
     * The list.
     *
     * @param fixtures the project's directory of that name
     * @throws FixtureException if it cannot be read; a missing one is empty
     */
    public static List<CaseSpec> list(Path fixtures) {
        Path file = fixtures.resolve("found.json");
        List<CaseSpec> cases = new ArrayList<>();
        try {
            JsonNode list = Files.exists(file) ? JSON.readTree(Files.readAllBytes(file)) : JSON.createArrayNode();
            if (!list.isArray()) {
                throw new FixtureException(file, "holds no JSON list: expected the cases that fuzzing found");
            }
            for (JsonNode entry : list) {
                cases.add(CaseSpec.parse(entry.toString()));
            }
        } catch (JsonProcessingException e) {
            throw new FixtureException(file, "is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new FixtureException(file, e.getMessage(), e);
        } catch (IOException e) {
            throw new FixtureException(file, "cannot be read: " + e.getMessage(), e);
        }
        return cases;
    }

    /**
     * Puts a case on the list, and its fixture into the golden set. The list comes first: if this process is killed
     * between the two, {@code make golden} makes the fixture.
     *
     * @param numpy the project's own, which {@code make golden} runs too
     * @return where the fixture is
     */
    public static Path save(Path fixtures, CaseSpec spec, String why, NumpyWorker numpy) throws IOException {
        List<CaseSpec> cases = list(fixtures);
        // A case that is on the list already keeps its why.
        Optional<CaseSpec> listed = cases.stream()
                .filter(c -> c.because(why).equals(spec.because(why)))
                .findFirst();
        CaseSpec saved = listed.orElse(spec.because(why));
        if (listed.isEmpty()) {
            cases.add(saved);
            write(fixtures, cases);
        }
        return numpy.emit(List.of(saved), fixtures.resolve("golden")).get(0);
    }

    private static void write(Path fixtures, List<CaseSpec> cases) throws IOException {
        ArrayNode list = JSON.createArrayNode();
        cases.forEach(c -> list.add(c.toJson()));
        Path beside = fixtures.resolve(".found.json." + UUID.randomUUID());
        try {
            Files.writeString(beside, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list) + "\n");
            Files.move(
                    beside,
                    fixtures.resolve("found.json"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
