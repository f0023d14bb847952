package org.npyparity.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/** Against {@code assert_allclose} and {@code assert_array_max_ulp} of the project's NumPy, on random pairs. */
@Tag("slow")
@Tag("python")
class NumpyTestingTest {
    private static final int PAIRS = 4000;

    @Test
    void everyVerdictAndFactIsNumPys() throws IOException, InterruptedException {
        long seed = Long.getLong("compare.seed", System.nanoTime() & 0xffff_ffffL);
        Map<String, Integer> verdicts = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        Process numpy = new ProcessBuilder(python(), "python/npyparity/compare_battery.py", "" + PAIRS, "" + seed)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = numpy.inputReader(StandardCharsets.UTF_8)) {
            String version = json.readTree(lines.readLine()).get("numpy").asText();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode pair = json.readTree(line);
                String where = "NumPy " + version + ", -Dcompare.seed=" + seed + ": " + line;
                verdicts.merge(checkAllClose(pair, where), 1, Integer::sum);
                if (!pair.get("ulp").isNull()) {
                    verdicts.merge(checkUlp(pair, where), 1, Integer::sum);
                }
            }
        }
        assertEquals(0, numpy.waitFor());
        for (String verdict :
                List.of("agree", "inf location", "mismatch", "nan location", "within ulp", "beyond ulp")) {
            assertTrue(verdicts.getOrDefault(verdict, 0) > PAIRS / 50, () -> verdict + " is rare: " + verdicts);
        }
    }

    private static String python() {
        String override = System.getenv("NPYPARITY_PYTHON");
        Path python = Path.of(override != null ? override : "python/.venv/bin/python");
        assertTrue(Files.isExecutable(python), () -> "no Python at " + python + ": run `make fixtures`");
        return python.toString();
    }

    private static String checkAllClose(JsonNode pair, String where) {
        JsonNode numpy = pair.get("allclose");
        Comparison ours = Comparator.compare(
                array(pair, "actual"),
                array(pair, "expected"),
                new Policy.AllClose(
                        pair.get("rtol").asDouble(),
                        pair.get("atol").asDouble(),
                        pair.get("equal_nan").asBoolean()),
                Bound.exact());
        Comparison.Violations v = ours.violations();
        String verdict = numpy.get("verdict").asText();
        assertEquals(verdict.equals("agree"), ours.passes(), where);
        switch (verdict) {
            case "agree" -> assertEquals(Comparison.Violations.NONE, v, where);
            case "nan location" -> assertTrue(v.nanLocations() > 0, where);
            case "inf location", "inf values" -> assertTrue(v.nanLocations() == 0 && v.infValues() > 0, where);
            default -> {
                assertEquals(0, v.nanLocations() + v.infValues(), where);
                assertEquals(numpy.get("mismatched").asLong(), v.mismatched(), where);
                assertEquals(numpy.get("of").asLong(), ours.elements(), where);
                assertEquals(number(numpy, "absolute", ours.dtype()), v.largestAbsolute(), where);
                assertEquals(number(numpy, "relative", ours.dtype()), v.largestRelative(), where);
                assertEquals(
                        numpy.get("indices").toString(),
                        ours.first().stream()
                                .map(Comparison.Difference::index)
                                .toList()
                                .toString()
                                .replace(" ", ""),
                        where);
            }
        }
        return verdict;
    }

    private static String checkUlp(JsonNode pair, String where) {
        JsonNode numpy = pair.get("ulp");
        NdArray actual = array(pair, "actual");
        NdArray expected = array(pair, "expected");
        Comparison ours = Comparator.compare(
                actual, expected, new Policy.WithinUlp(numpy.get("most").asLong()), Bound.exact());
        assertEquals(numpy.get("agree").asBoolean(), ours.passes(), where);
        if (!ours.passes()) {
            return "beyond ulp";
        }
        List<Long> distances = new ArrayList<>();
        numpy.get("distances").forEach(d -> distances.add(d.asLong()));
        assertEquals(
                distances,
                IntStream.range(0, actual.size())
                        .mapToObj(i -> Ulp.distance(actual.dtype(), actual.get(i), expected.get(i)))
                        .toList(),
                where);
        return "within ulp";
    }

    private static double number(JsonNode numpy, String field, DType dtype) {
        String text = numpy.get(field).asText().replace("inf", "Infinity").replace("nan", "NaN");
        return dtype == DType.FLOAT32 ? Float.parseFloat(text) : Double.parseDouble(text);
    }

    private static NdArray array(JsonNode pair, String field) {
        ByteBuffer bytes = ByteBuffer.wrap(
                        HexFormat.of().parseHex(pair.get(field).asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        int[] shape = IntStream.range(0, pair.get("shape").size())
                .map(i -> pair.get("shape").get(i).asInt())
                .toArray();
        NdArray array = NdArray.zeros(DType.named(pair.get("dtype").asText()).orElseThrow(), shape);
        for (int i = 0; i < array.size(); i++) {
            if (array.dtype() == DType.FLOAT32) {
                array.floats()[i] = bytes.getFloat();
            } else {
                array.doubles()[i] = bytes.getDouble();
            }
        }
        return array;
    }
}
