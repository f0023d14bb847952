package org.npyparity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.EngineRun;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.CaseReader;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;

/** report.json says of each array that fails what {@code assert_allclose} says of the same two files. */
@Tag("slow")
@Tag("python")
class NumpysMessageTest {
    /** A judgement of report.json, and the line of the battery that asks NumPy. */
    private record Asked(JsonNode judgement, DType dtype, String files) {}

    @TempDir
    Path directory;

    @Test
    void everyFailureIsToldAsNumPyTellsIt() throws IOException, InterruptedException {
        List<Asked> asked = Audits.withBrokenEngine(this::failures);
        Path lines = Files.write(
                directory.resolve("files.txt"), asked.stream().map(Asked::files).toList());
        Process numpy = new ProcessBuilder(python(), "python/npyparity/compare_battery.py", "--files")
                .redirectInput(lines.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> told = new String(numpy.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, numpy.waitFor());
        assertEquals(asked.size(), told.size());
        Map<String, Integer> verdicts = new TreeMap<>();
        for (int i = 0; i < told.size(); i++) {
            JsonNode words = ReportJson.JSON.readTree(told.get(i));
            check(words, asked.get(i));
            verdicts.merge(words.get("verdict").asText(), 1, Integer::sum);
        }
        assertTrue(verdicts.getOrDefault("mismatch", 0) > 50, verdicts::toString);
        assertTrue(verdicts.getOrDefault("nan location", 0) > 0, verdicts::toString);
    }

    /** All arrays that fail end to end under NumPy's default tolerance, float32's rounding errors among them. */
    private List<Asked> failures() {
        AuditRequest request =
                AuditRequest.of(Audits.GOLDEN).withCases("conv2d-*").withPolicy(Optional.of(Policy.AllClose.DEFAULT));
        Report report = Reports.audit(request, Auditor.Progress.NONE, directory);
        List<Asked> asked = new ArrayList<>();
        try {
            Reports.write(report, directory);
            for (JsonNode subject : ReportJson.JSON
                    .readTree(directory.resolve(Reports.JSON).toFile())
                    .get("cases")) {
                for (JsonNode run : subject.get("runs")) {
                    asked.addAll(failures(subject.get("id").asText(), run));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return asked;
    }

    private List<Asked> failures(String id, JsonNode run) throws IOException {
        Path expected = Audits.GOLDEN.resolve(id).resolve("expected");
        Map<String, NdArray> computed = EngineRun.compute(
                CaseReader.read(Audits.GOLDEN.resolve(id)), run.get("engine").asText());
        List<Asked> asked = new ArrayList<>();
        for (JsonNode judgement : run.get("judgements")) {
            if (judgement.get("verdict").asText().equals("parity")) {
                assertFalse(judgement.has("violations"), "a report without failures does not grow");
            } else if (judgement.get("scope").asText().equals("end_to_end")) {
                String array = judgement.get("array").asText();
                NdArray value = computed.get(array);
                Path file = directory.resolve(id + "." + run.get("engine").asText() + "." + array + ".npy");
                Npy.write(
                        file,
                        value.dtype() == DType.FLOAT64
                                ? NpyArray.of(value.doubles(), value.shape())
                                : NpyArray.of(value.floats(), value.shape()));
                asked.add(new Asked(judgement, value.dtype(), file + "\t" + expected.resolve(array + ".npy")));
            }
        }
        return asked;
    }

    private static void check(JsonNode numpy, Asked asked) {
        JsonNode ours = asked.judgement().get("violations");
        String where = asked.files() + ": " + numpy + " and " + ours;
        switch (numpy.get("verdict").asText()) {
            case "nan location" -> assertTrue(ours.get("nan_locations").asLong() > 0, where);
            case "inf location", "-inf location", "inf values" -> {
                assertEquals(0, ours.get("nan_locations").asLong(), where);
                assertTrue(ours.get("inf_values").asLong() > 0, where);
            }
            case "mismatch" -> {
                assertEquals(
                        0,
                        ours.get("nan_locations").asLong()
                                + ours.get("inf_values").asLong(),
                        where);
                assertEquals(
                        numpy.get("mismatched").asLong(), ours.get("mismatched").asLong(), where);
                assertEquals(
                        numpy.get("of").asLong(),
                        asked.judgement().get("elements").asLong(),
                        where);
                assertEquals(
                        number(numpy.get("absolute"), asked.dtype()),
                        Double.parseDouble(ours.get("largest_absolute").asText()),
                        where);
                assertEquals(
                        number(numpy.get("relative"), asked.dtype()),
                        Double.parseDouble(ours.get("largest_relative").asText()),
                        where);
                List<String> first = new ArrayList<>();
                asked.judgement()
                        .get("first")
                        .forEach(i -> first.add(asked.judgement()
                                .get("points")
                                .get(i.asInt())
                                .get(0)
                                .toString()));
                assertEquals(numpy.get("indices").toString(), first.toString().replace(" ", ""), where);
            }
            default -> throw new AssertionError(where);
        }
    }

    private static double number(JsonNode text, DType dtype) {
        String java = text.asText().replace("inf", "Infinity").replace("nan", "NaN");
        return dtype == DType.FLOAT32 ? Float.parseFloat(java) : Double.parseDouble(java);
    }

    private static String python() {
        String override = System.getenv("NPYPARITY_PYTHON");
        Path python = Path.of(override != null ? override : "python/.venv/bin/python");
        assertTrue(Files.isExecutable(python), () -> "no Python at " + python + ": run `make fixtures`");
        return python.toString();
    }
}
