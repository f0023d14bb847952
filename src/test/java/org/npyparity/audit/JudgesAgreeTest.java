package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.jnpy.NumPy;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Stage;

/**
 * The harness is not its own only witness: {@code python -m npyparity verify} shares no code with the judge of {@code
 * npyparity check}, derives its bound anew in extended precision, and must come to the same verdict on every array.
 */
@Tag("slow")
class JudgesAgreeTest {
    private static final Path GOLDEN = Path.of("fixtures/golden");
    private static final Path GENERATED = Path.of("fixtures/generated");

    /** The verdict of each array, by where it is and how it was judged. */
    private record Verdicts(Map<String, String> byArray, List<String> left, List<String> refused) {
        long failing() {
            return byArray.values().stream().filter(v -> !v.equals("parity")).count();
        }
    }

    private static String key(Path actual, String id, String array, String scope) {
        return actual.getFileName() + "/" + id + "/" + array + " " + scope;
    }

    private static Verdicts java(Path fixtures, List<Path> actuals, Optional<Policy> policy, List<String> arrays) {
        Map<String, String> verdicts = new TreeMap<>();
        Set<String> left = new TreeSet<>();
        List<String> refused = new ArrayList<>();
        for (Path actual : actuals) {
            AuditResult result = Auditor.audit(
                    AuditRequest.of(fixtures)
                            .withActual("" + actual.getFileName(), actual)
                            .withPolicy(policy)
                            .withArrays(arrays),
                    Auditor.Progress.NONE,
                    audits -> audits.forEach(audit -> audit.judgements()
                            .forEach(j -> verdicts.put(
                                    key(actual, audit.subject().id(), j.array(), j.scope() + ""),
                                    j.comparison().verdict().name().toLowerCase(Locale.ROOT)))));
            left.addAll(result.ledger().arraysLeft());
            refused.addAll(result.ledger().refused());
        }
        return new Verdicts(verdicts, List.copyOf(left), refused);
    }

    private static Verdicts python(
            Path fixtures, List<Path> actuals, Optional<Policy> policy, List<String> arrays, Path scratch)
            throws IOException, InterruptedException {
        Path json = scratch.resolve("verify.json");
        List<String> command = new ArrayList<>(
                List.of(NumPy.interpreter() + "", "-m", "npyparity", "verify", fixtures + "", "--json", json + ""));
        for (Path actual : actuals) {
            command.addAll(List.of("--actual", actual + ""));
        }
        policy.ifPresent(p -> command.addAll(List.of("--policy", p + "")));
        if (!arrays.isEmpty()) {
            command.addAll(List.of("--arrays", String.join(",", arrays)));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", "python");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor() <= 1, printed);
        JsonNode report = new JsonMapper().readTree(Files.readAllBytes(json));
        Map<String, String> verdicts = new TreeMap<>();
        for (JsonNode j : report.path("judgements")) {
            verdicts.put(
                    key(
                            Path.of(j.path("actual").asText()),
                            j.path("case").asText(),
                            j.path("array").asText(),
                            j.path("scope").asText()),
                    j.path("verdict").asText());
        }
        return new Verdicts(verdicts, texts(report, "arrays_left"), texts(report, "refused"));
    }

    private static List<String> texts(JsonNode report, String field) {
        List<String> texts = new ArrayList<>();
        report.path("ledger").path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Both judges on the same arrays. */
    private static Verdicts agreed(
            Path fixtures, List<Path> actuals, Optional<Policy> policy, List<String> arrays, Path scratch)
            throws IOException, InterruptedException {
        Verdicts java = java(fixtures, actuals, policy, arrays);
        Verdicts python = python(fixtures, actuals, policy, arrays, scratch);
        assertEquals(List.of(), java.refused());
        assertEquals(List.of(), python.refused());
        assertEquals(java.left(), python.left());
        Map<String, String> differing = new TreeMap<>();
        java.byArray().forEach((array, verdict) -> {
            String other = python.byArray().getOrDefault(array, "not judged");
            if (!other.equals(verdict)) {
                differing.put(array, "Java says " + verdict + ", Python says " + other);
            }
        });
        assertEquals(Map.of(), differing);
        assertEquals(java.byArray().keySet(), python.byArray().keySet());
        return java;
    }

    private static void write(Path directory, Map<String, NdArray> arrays) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
            NdArray array = entry.getValue();
            Npy.write(
                    directory.resolve(entry.getKey() + ".npy"),
                    array.dtype() == DType.FLOAT64
                            ? NpyArray.of(array.doubles(), array.shape())
                            : NpyArray.of(array.floats(), array.shape()));
        }
    }

    private static List<Case> cases(Path directory) {
        return FixtureDirectory.caseDirectories(directory).stream()
                .map(CaseReader::read)
                .toList();
    }

    private static List<Path> runs(Path fixtures, Path scratch) throws IOException {
        List<Path> runs = new ArrayList<>();
        List<Case> cases = cases(fixtures);
        for (String engine : CaseProblem.of(cases.get(0)).engines().stream()
                .map(org.npyparity.operation.Operation.Engine::name)
                .toList()) {
            Path out = scratch.resolve(engine);
            for (Case subject : cases) {
                write(out.resolve(subject.id()), EngineRun.compute(subject, engine));
            }
            runs.add(out);
        }
        return runs;
    }

    /** The arrays that a port with that mistake computes, as far as it comes. */
    private static Map<String, NdArray> made(Case subject, Mistake mistake) {
        Map<String, NdArray> arrays = new HashMap<>();
        subject.inputs().forEach((name, array) -> arrays.put(name, CaseArrays.load(subject, name, array)));
        Map<String, NdArray> made = new LinkedHashMap<>();
        for (Stage stage : mistake.stages()) {
            NdArray value = stage.compute(arrays);
            arrays.put(stage.output(), value);
            made.put(stage.output(), value);
        }
        return made;
    }

    /** Of all arrays, and of those alone that a direct kernel makes: then what only copies is made from them. */
    @Test
    void bothJudgesAgreeOnEveryArrayOfEveryMistakeOfTheCatalogue(@TempDir Path scratch) throws Exception {
        Map<String, Path> directories = new LinkedHashMap<>();
        for (Case subject : cases(GOLDEN)) {
            for (Mistake mistake : CaseProblem.of(subject).problem().mistakes()) {
                Path out = directories.computeIfAbsent(
                        mistake.name(),
                        name -> scratch.resolve(directories.size() + "-" + name.replaceAll("[^A-Za-z0-9]+", "-")));
                write(out.resolve(subject.id()), made(subject, mistake));
            }
        }

        Verdicts verdicts = agreed(GOLDEN, List.copyOf(directories.values()), Optional.empty(), List.of(), scratch);

        List<String> direct = List.of("filter_data", "dweights", "dbias", "din_data");
        Verdicts some = agreed(GOLDEN, List.copyOf(directories.values()), Optional.empty(), direct, scratch);

        assertEquals(List.of("dfilter_data", "dmatric_data", "dpadding_data", "matric_data", "out_data"), some.left());
        assertTrue(some.byArray().size() > 20_000, () -> some.byArray().size() + " verdicts");
        assertTrue(directories.size() >= 30, () -> directories.size() + " mistakes");
        directories.forEach((mistake, out) -> assertTrue(
                verdicts.byArray().entrySet().stream()
                        .anyMatch(v -> v.getKey().startsWith(out.getFileName() + "/")
                                && v.getValue().equals("mismatch")),
                () -> "neither judge finds " + mistake));
        System.err.printf(
                Locale.ROOT,
                "both judges agree on %,d verdicts on %d mistakes, %,d of them no parity%n",
                verdicts.byArray().size(),
                directories.size(),
                verdicts.failing());
        assertTrue(verdicts.byArray().size() > 20_000, () -> verdicts.byArray().size() + " verdicts");
    }

    @Test
    void bothJudgesAgreeOnEveryArrayOfEveryEngineOnTheGoldenSet(@TempDir Path scratch) throws Exception {
        List<Path> runs = runs(GOLDEN, scratch);

        Verdicts verdicts = agreed(GOLDEN, runs, Optional.empty(), List.of(), scratch);

        assertEquals(0, verdicts.failing());
        assertEquals(2 * 327 * runs.size(), verdicts.byArray().size());
    }

    @Test
    void bothJudgesAgreeOnWhereNumPysAllcloseFails(@TempDir Path scratch) throws Exception {
        List<Path> runs = runs(GOLDEN, scratch);

        Verdicts verdicts = agreed(GOLDEN, runs, Optional.of(Policy.parse("allclose")), List.of(), scratch);

        assertTrue(verdicts.failing() > 0, "numpy.testing's defaults pass everything: nothing was to be agreed on");
    }

    @Test
    void bothJudgesAgreeOnWhichArraysOfTheGoldenSetAreNotEqualToTheBit(@TempDir Path scratch) throws Exception {
        List<Path> runs = runs(GOLDEN, scratch);

        Verdicts verdicts = agreed(GOLDEN, runs, Optional.of(Policy.parse("exact")), List.of(), scratch);

        assertTrue(verdicts.failing() > 0, "everything is equal: nothing was to be agreed on");
    }

    @Test
    void bothJudgesAgreeOnEveryArrayOfEveryEngineOnTheGeneratedSet(@TempDir Path scratch) throws Exception {
        assertTrue(Files.isDirectory(GENERATED), "fixtures/generated is missing: run `make fixtures`");
        List<Path> runs = runs(GENERATED, scratch);

        Verdicts verdicts = agreed(GENERATED, runs, Optional.empty(), List.of(), scratch);

        assertEquals(0, verdicts.failing());
        assertTrue(
                verdicts.byArray().size() > 18_000 * runs.size() / 2,
                () -> verdicts.byArray().size() + " verdicts");
    }
}
