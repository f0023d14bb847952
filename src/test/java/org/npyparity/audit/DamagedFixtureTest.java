package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.npyparity.array.DType;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArray;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureException;
import org.npyparity.fixture.GoldenCopy;

/** Whatever happens to a fixture, it is refused by a sentence that names it, never judged as if it were whole. */
class DamagedFixtureTest {
    private static final String CASE = "conv2d-exact-float64-b2-h5w7c4";

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void copy() {
        directory = GoldenCopy.of(CASE, parent);
    }

    private static CaseAuditor load(Path directory) {
        return new CaseAuditor(CaseReader.read(directory), Optional.empty());
    }

    private String refusal() {
        String message =
                assertThrows(FixtureException.class, () -> load(directory)).getMessage();
        assertTrue(message.contains(directory.getFileName().toString()), message);
        return message;
    }

    private void assertRefused(String... parts) {
        String message = refusal();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
        }
    }

    @Test
    void theUndamagedCopyIsAccepted() {
        assertEquals(true, load(directory).audit("ejml").verdict().passes());
    }

    @Test
    void oneFlippedBitAnywhereInAnyArrayIsNoticed() throws IOException {
        Random random = new Random(1);
        for (Path file : GoldenCopy.arrays(directory)) {
            byte[] whole = Files.readAllBytes(file);
            for (int trial = 0; trial < 20; trial++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, damaged);
                assertRefused(file.getFileName().toString().replace(".npy", ""));
            }
            Files.write(file, whole);
        }
    }

    @Test
    void aTruncatedOrMissingArrayIsNoticed() throws IOException {
        Path file = directory.resolve("expected/dweights.npy");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 8));
        assertRefused("dweights");
        Files.delete(file);
        assertRefused("dweights", "is missing");
    }

    @Test
    void arraysThatChangePlacesAreNoticed() throws IOException {
        Path one = directory.resolve("expected/dpadding_data.npy");
        Files.copy(directory.resolve("inputs/in_data.npy"), one, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused("dpadding_data", "sha256 is");
    }

    /** Every field that the verdict reads: all but the reason, the count of draws, and the proof of exactness. */
    @Test
    void everyEditedFieldOfCaseJsonIsNoticed() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path file = directory.resolve(CaseReader.CASE_FILE);
        JsonNode whole = json.readTree(file.toFile());
        List<String> leaves = new ArrayList<>();
        collectLeaves(whole, "", leaves);
        leaves.removeIf(l -> l.equals("/why") || l.equals("/attempt") || l.startsWith("/exactness"));
        assertTrue(leaves.size() > 60, () -> "fields: " + leaves);
        for (String leaf : leaves) {
            JsonNode edited = whole.deepCopy();
            edit(edited, leaf);
            Files.write(file, json.writeValueAsBytes(edited));
            FixtureException refusal =
                    assertThrows(FixtureException.class, () -> load(directory), () -> leaf + " was edited unseen");
            assertTrue(refusal.getMessage().contains(directory.getFileName().toString()), refusal.getMessage());
        }
    }

    private static void collectLeaves(JsonNode node, String path, List<String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(f -> collectLeaves(f.getValue(), path + "/" + f.getKey(), leaves));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collectLeaves(node.get(i), path + "/" + i, leaves);
            }
        } else {
            leaves.add(path);
        }
    }

    /** Another value of the same kind: the smallest change that keeps the file well formed. */
    private static void edit(JsonNode root, String leaf) {
        int slash = leaf.lastIndexOf('/');
        JsonNode parent = root.at(leaf.substring(0, slash));
        String name = leaf.substring(slash + 1);
        JsonNode old = root.at(leaf);
        JsonNode changed = old.isNumber()
                ? new ObjectMapper().valueToTree(old.asLong() + 1)
                : old.isBoolean()
                        ? new ObjectMapper().valueToTree(!old.asBoolean())
                        : new ObjectMapper().valueToTree(other(name, old.asText()));
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), changed);
        } else {
            ((ObjectNode) parent).set(name, changed);
        }
    }

    private static String other(String name, String value) {
        switch (name) {
            case "format":
                return "2.0";
            case "operation":
                return "conv2d_backward";
            case "family":
                return "chained";
            case "variant":
                return "nan";
            case "dtype":
                return value.equals("float64") ? "float32" : "float64";
            case "policy":
                return "certified";
            default:
                char last = value.charAt(value.length() - 1);
                return value.substring(0, value.length() - 1) + (last == '0' ? '1' : '0');
        }
    }

    @Test
    void aNewerFormatIsRefusedByName() {
        GoldenCopy.edit(directory, "\"format\": \"1.0\"", "\"format\": \"2.3\"");
        assertRefused("format is 2.3: this npyparity reads 1.x");
    }

    @Test
    void aNewerMinorFormatIsRead() {
        GoldenCopy.edit(directory, "\"format\": \"1.0\"", "\"format\": \"1.7\"");
        load(directory);
    }

    @Test
    void aFileThatNobodyNamesIsRefused() throws IOException {
        Files.write(directory.resolve("expected/dweights_old.npy"), new byte[] {1});
        assertRefused("expected/dweights_old.npy");
    }

    @Test
    void aFileOutsideTheCaseIsRefused() throws IOException {
        Path file = directory.resolve("inputs/weights.npy");
        Path outside = parent.resolve("weights.npy");
        Files.move(file, outside);
        Files.createSymbolicLink(file, outside);
        assertRefused("lies outside the case's directory");
    }

    @Test
    void aPathThatClimbsOutIsRefused() {
        GoldenCopy.edit(directory, "\"inputs/weights.npy\"", "\"inputs/../../weights.npy\"");
        assertRefused("case.schema.json");
    }

    @Test
    void textThatIsNotJsonIsRefused() throws IOException {
        Files.writeString(directory.resolve(CaseReader.CASE_FILE), "{\"format\": \"1.0\",");
        assertRefused("is not JSON");
    }

    @Test
    void jsonThatNestsTooDeeplyIsRefused() throws IOException {
        Files.writeString(directory.resolve(CaseReader.CASE_FILE), "[".repeat(2000));
        assertRefused("is not JSON: Document nesting depth (1001) exceeds the maximum allowed");
    }

    @Test
    void aTransposedArrayIsRefusedEvenIfItIsRegisteredAsSuch() {
        // dweights (Q, D) as (D, Q): both the file's header and case.json would have to say so; the parameters do not.
        GoldenCopy.edit(directory, shape(36, 6), shape(6, 36));
        assertRefused("shape is (6, 36): the parameters make it (36, 6)");
    }

    /** Before any array is opened, and by us: to one type the schema holds the built-in operations alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "4; float64; shape is (4, 6): the parameters make it (36, 6)",
                "36; float32; dtype is float32: the case computes in float64"
            })
    void anArrayOfAnotherShapeOrTypeIsRefusedByAuditAndIfItIsAnInputByRun(int rows, String dtype, String fault) {
        UnaryOperator<Map<String, CaseArray>> changed = arrays -> {
            Map<String, CaseArray> others = new LinkedHashMap<>(arrays);
            others.replaceAll((name, a) -> name.endsWith("weights")
                    ? new CaseArray(
                            a.file(), List.of(rows, 6), DType.named(dtype).orElseThrow(), a.sha256(), false, false)
                    : a);
            return others;
        };
        Case inputs = with(changed, UnaryOperator.identity());
        Case expected = with(UnaryOperator.identity(), changed);

        assertRefused("inputs.weights." + fault, () -> new CaseAuditor(inputs, Optional.empty()));
        assertRefused("inputs.weights." + fault, () -> EngineRun.compute(inputs, "ejml"));
        assertRefused("expected.dweights." + fault, () -> new CaseAuditor(expected, Optional.empty()));
    }

    private static void assertRefused(String fault, Executable asked) {
        String refusal = assertThrows(FixtureException.class, asked).getMessage() + "";
        assertTrue(refusal.endsWith("case.json: " + fault), refusal);
    }

    /** The case, with other descriptions of its arrays. */
    private Case with(UnaryOperator<Map<String, CaseArray>> inputs, UnaryOperator<Map<String, CaseArray>> expected) {
        Case c = CaseReader.read(directory);
        return new Case(
                c.directory(),
                c.sha256(),
                c.id(),
                c.why(),
                c.operation(),
                c.family(),
                c.variant(),
                c.dtype(),
                c.parameters(),
                c.seed(),
                c.policy(),
                inputs.apply(c.inputs()),
                expected.apply(c.expected()));
    }

    private static String shape(int rows, int columns) {
        return "\"shape\": [\n        " + rows + ",\n        " + columns + "\n      ]";
    }

    @Test
    void anUnknownFieldIsRefused() {
        GoldenCopy.edit(directory, "\"attempt\"", "\"tolerance\": 1, \"attempt\"");
        assertRefused("tolerance");
    }

    @Test
    void aRenamedDirectoryIsRefused() throws IOException {
        Path renamed = directory.resolveSibling("conv2d-exact-00000000");
        Files.move(directory, renamed);
        directory = renamed;
        assertRefused("expected the name of its directory");
    }

    @Test
    void theDamagedCaseIsReportedAndTheOthersAreStillJudged() throws IOException {
        Path other = GoldenCopy.of("conv2d-chained-float64", parent);
        Files.delete(directory.resolve("expected/dbias.npy"));
        List<String> judged = new ArrayList<>();
        AuditResult result = Auditor.audit(
                AuditRequest.of(parent),
                Auditor.Progress.NONE,
                audits -> judged.add(audits.get(0).subject().id()));
        assertEquals(2, result.exitCode());
        assertEquals(1, result.ledger().judged());
        assertEquals(List.of(other.getFileName().toString()), judged);
        assertEquals(1, result.ledger().refused().size());
        assertTrue(result.ledger().refused().get(0).contains("dbias.npy"));
    }
}
