package org.npyparity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.CaseAudit;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.GoldenCopy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.Conv2d;
import org.npyparity.operation.conv.mistakes.ConvMistakes.Group;
import org.npyparity.operation.conv.mistakes.Mutants;
import org.npyparity.operation.conv.mistakes.Mutants.Golden;
import org.npyparity.report.ConsoleReport;
import org.npyparity.report.Reports;

/** The examples and figures of docs/verdict.md, each run. */
class VerdictGuideTest {
    private static final Path GUIDE = Path.of("docs/verdict.md");
    private static final Path README = Path.of("README.md");

    @TempDir
    private Path directory;

    @Test
    void oneSum() {
        RoundingBound rounding = new RoundingBound(DType.FLOAT64);
        double u = 0x1p-53;
        double s = 1 + 287 * u; // one product of 1 and 287 of u
        double tolerance = rounding.between(s, 288); // 2 γ(288) S + 2 · 288 η
        double fraction = 287 * u / (tolerance / 2); // 0.997: the one sum is nearly as wrong as a sum can be

        double short32 = rounding.between(s, 32); // were the windows not counted, 256 u would be four times this
        assertEquals(0.997, fraction, 0.001);
        assertEquals(4, 256 * u / short32, 0.001);
    }

    @Test
    void theKink() {
        Problem layer = Conv2d.layer()
                .problem(
                        Map.of(
                                "batch", 1,
                                "in_height", 1,
                                "in_width", 1,
                                "in_depth", 3,
                                "out_depth", 1,
                                "filter_size", 1,
                                "stride", 1,
                                "padding", 0),
                        "chained",
                        DType.FLOAT64);
        Map<String, NdArray> arrays = new HashMap<>();
        arrays.put("in_data", NdArray.of(new double[] {1, 1, 1}, 1, 1, 1, 3));
        arrays.put("weights", NdArray.of(new double[] {1, 0x1p-53, -1}, 3, 1));
        arrays.put("bias", NdArray.of(new double[] {0}, 1, 1));
        arrays.put("dout_data", NdArray.of(new double[] {5}, 1, 1, 1, 1));
        // NumPy sums from the left: 1 + u is 1, and 1 - 1 is 0, so the gradient stops.
        arrays.put("matric_data", NdArray.of(new double[] {1, 1, 1}, 1, 3));
        arrays.put("filter_data", NdArray.of(new double[] {0}, 1, 1));
        arrays.put("dfilter_data", NdArray.of(new double[] {0}, 1, 1));

        Bounds bounds = layer.bounds(arrays).orElseThrow();
        Bound dfilter = bounds.endToEnd("dfilter_data");
        boolean legal = dfilter.ambiguous() == 1 && dfilter.isAlternative(0, 5); // 0 is expected, 5 as right
        double dweights = bounds.endToEnd("dweights").at(0); // 5, and a little: S_A is 1 · 5
        String z = bounds.exactEndToEnd("filter_data", 0).orElseThrow() + ""; // 1.110223024625156540423632E-16: u
        String dbias = bounds.exactEndToEnd("dbias", 0).orElseThrow() + ""; // 5: the exact z is positive

        assertTrue(legal);
        assertEquals(5, dweights, 1e-13);
        assertTrue(dweights > 5);
        assertEquals("1.110223024625156540423632E-16", z);
        assertEquals("5", dbias);
    }

    @Test
    void undecidable() {
        RoundingBound rounding = new RoundingBound(DType.FLOAT32);
        double long1 = rounding.between(1, 2_097_152); // n u = 1/8: 2/7 of S
        double long2 = rounding.between(1, 2_097_153); // NaN: undecidable
        double large = rounding.between(3.37e38, 200_000); // NaN: S (1 + γ) passes the largest number

        assertEquals(2.0 / 7, long1, 1e-9);
        assertEquals(Double.NaN, long2);
        assertEquals(Double.NaN, large);
    }

    /** The failure that the page and the README explain. */
    private String failure() throws IOException {
        Path cases = Files.createDirectories(directory.resolve("CASES"));
        GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1", cases);
        Golden golden = Mutants.named("conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1");
        Map<String, NdArray> arrays = new HashMap<>(CaseArrays.loadAll(golden.subject));
        Path out = directory.resolve("o").resolve(golden.subject.id());
        Files.createDirectories(out);
        for (Stage stage : golden.mistake("mask by < 0").stages()) {
            NdArray array = stage.compute(arrays);
            arrays.put(stage.output(), array);
            Npy.write(out.resolve(stage.output() + ".npy"), NpyArray.of(array.doubles(), array.shape()));
        }
        AuditRequest request = AuditRequest.of(cases).withActual("o", directory.resolve("o"));
        return ConsoleReport.render(Reports.audit(request, Auditor.Progress.NONE, directory), false)
                .replace(directory + "/", "");
    }

    @Test
    void theFailureOfTheReadmeIsTheOneThatCheckPrints() throws IOException {
        String readme = Files.readString(README);
        String printed = failure();
        List<String> lines = Stream.concat(
                        printed.lines().takeWhile(l -> !l.isBlank()),
                        printed.lines().filter(l -> l.startsWith("MISMATCH")))
                .toList();

        assertEquals(7, lines.size(), printed);
        lines.forEach(line -> assertTrue(readme.contains("\n    " + line + "\n"), () -> "not in the README: " + line));
    }

    @Test
    void theCatalogueIsAsLargeAsThePageSays() throws IOException {
        String guide = Files.readString(GUIDE);
        int special = Group.SPECIAL_VALUES.names().size();
        int all = Stream.of(Group.values()).mapToInt(g -> g.names().size()).sum();

        assertTrue(guide.contains(all + " mistakes"), () -> all + " mistakes");
        assertTrue(guide.contains((all - special) + " of them"), () -> all - special + " of them");
        for (Group group : Group.values()) {
            assertTrue(guide.contains("| " + group + " |"), group::toString);
            assertTrue(guide.contains(" | " + group.names().size() + " |"), group::toString);
        }
    }

    @Test
    void everyStageOfThePageIsOneThatIsJudged() throws IOException {
        String guide = Files.readString(GUIDE);
        Golden golden = Mutants.named("conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1");
        CaseAudit audit = golden.auditor.audit("correct", golden.correct);

        audit.judgements().forEach(j -> assertTrue(guide.contains("`" + j.array() + "`"), j::toString));
    }

    @Test
    void everyExampleOfTheGuideIsRunHere() throws IOException {
        Guide.assertEveryExampleStandsIn(GUIDE, 3, VerdictGuideTest.class);
    }
}
