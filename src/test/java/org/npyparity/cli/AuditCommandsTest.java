package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.audit.Shard;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.GoldenCopy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;

/** audit, run, check and report, as a user chains them. */
class AuditCommandsTest {
    private static final Path GOLDEN = Path.of("fixtures/golden");

    @TempDir
    private Path scratch;

    private Path fixtures;
    private Path report;
    private Path first;
    private Path second;
    private Path out;

    @BeforeEach
    void copy() throws IOException {
        fixtures = Files.createDirectory(scratch.resolve("fixtures"));
        first = GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4", fixtures);
        second = GoldenCopy.of("conv2d_backward-document-float32", fixtures);
        report = scratch.resolve("report");
        out = scratch.resolve("out");
    }

    private Shell audit(Object... more) {
        List<Object> line = new ArrayList<>(List.of("audit", fixtures, "--report", report));
        line.addAll(Arrays.asList(more));
        return Shell.run(line.toArray());
    }

    private JsonNode reported() throws IOException {
        return new ObjectMapper().readTree(report.resolve("report.json").toFile());
    }

    private void runEjml() {
        Shell.run("run", fixtures, "--engine", "ejml", "--out", out)
                .exits(Main.PARITY)
                .prints("2 cases written");
    }

    private Shell check() {
        return Shell.run("check", fixtures, "--actual", out, "--report", report);
    }

    @Test
    void parityExitsWith0AndLeavesEveryReport() throws IOException {
        audit().exits(Main.PARITY)
                .prints(
                        "PARITY",
                        "of what rounding alone can explain.",
                        "2 cases",
                        "report: " + report.resolve("index.html"));
        for (String file : List.of("index.html", "report.json", "junit.xml", "summary.md")) {
            assertTrue(Files.size(report.resolve(file)) > 0, file);
        }
        try (Stream<Path> files = Files.list(report)) {
            assertEquals(4, files.count(), "nothing half written is left");
        }
        assertEquals(0, reported().get("exit_code").asInt());
        assertEquals(2, reported().get("ledger").get("judged").asInt());
    }

    @Test
    void anAuditAgainstOthersReportsAllPairsAndFailsIfOneDoesNotAgree() throws IOException {
        runEjml();
        audit("--engine", "ejml", "--against", out).exits(Main.PARITY).prints("All 3 pairs compared agree.");
        assertEquals(3, reported().get("matrix").get("pairs").size());
        assertEquals(
                "out",
                reported().get("matrix").get("parties").get(1).get("name").asText());
        assertTrue(reported().get("command").asText().endsWith("--engine ejml --against " + out));

        Path array = out.resolve(first.getFileName()).resolve("dweights.npy");
        byte[] bytes = Files.readAllBytes(array);
        bytes[bytes.length - 2] ^= 4;
        Files.write(array, bytes);
        audit("--engine", "ejml", "--against", out)
                .exits(Main.MISMATCH)
                .prints("2 of 3 pairs compared do not agree.", "A (fixtures) and B (out)", "dweights");
        audit("--against", scratch.resolve("nowhere")).refuses("--against", "nowhere", "is no directory");
        Files.delete(array);
        audit("--engine", "ejml", "--against", out).exits(Main.MISMATCH).prints("gap", "dweights");
    }

    @Test
    void oneEngineAndOneCaseCanBeAskedFor() throws IOException {
        audit("--engine", "ejml", "--case", "*-exact-*").exits(Main.PARITY).prints("1 case,");
        assertEquals(1, reported().get("engines").size());
        assertEquals(1, reported().get("ledger").get("left").asInt(), "what the filter leaves to others is said");
        audit("--engine", "ejml", "--case", "!*-exact-*").exits(Main.PARITY).prints("1 case,");
        assertFalse(reported().get("cases").toString().contains("-exact-"));
        audit("--engine", "ejml", "--case", "*-nan-*,*-exact-*,!*-nan-*").prints("1 case,");
        audit("--engine", "ejml", "--case", "*-exact-*,!*-exact-*").exits(Main.BAD);
    }

    @Tag("vector")
    @Test
    void aPolicyOfTheUsersOwnReplacesTheCases() throws IOException {
        audit("--policy", "allclose:rtol=1e-3,atol=1e-3").exits(Main.PARITY).prints("of what its policy allows.");
        assertEquals(
                "allclose:rtol=0.001,atol=0.001",
                reported().get("selection").get("policy").asText());
        audit("--policy", "exact", "--engine", "vector", "--case", "*document*")
                .exits(Main.MISMATCH)
                .prints("MISMATCH");
    }

    @Test
    void whatAnEngineWroteIsCheckedAndAgrees() {
        runEjml();
        check().exits(Main.PARITY).prints("PARITY", "out agrees with NumPy");
    }

    @Tag("vector")
    @Test
    void aSecondRunReplacesTheFirstAndAnotherEnginesIsRefused() throws IOException {
        runEjml();
        runEjml();
        Shell.run("run", fixtures, "--engine", "vector", "--out", out).refuses("holds the arrays of engine ejml");
        check().exits(Main.PARITY);
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(3, files.count(), "two cases and the marker");
        }
    }

    @Test
    void aRunWithoutACaseSaysWhyAndLeavesNothing() {
        Shell.run("run", scratch.resolve("nowhere"), "--engine", "ejml", "--out", out)
                .refuses("nowhere: is not a directory", "no case to run: 0 found");
        List<Shell> empty = Stream.of("1/3", "2/3", "3/3")
                .map(shard -> Shell.run(
                        "run", first, "--engine", "ejml", "--out", out.resolve("" + shard.charAt(0)), "--shard", shard))
                .filter(shell -> !shell.out().contains("1 case written"))
                .toList();
        assertEquals(2, empty.size());
        empty.forEach(shell -> shell.refuses("no case to run: 1 found, none matches * in shard "));
        assertEquals(1, out.toFile().list().length);
    }

    @Test
    void runWritesTheBitsOfItsEngineWithoutOpeningTheExpectedArrays() throws IOException {
        for (Path file : GoldenCopy.arrays(first.resolve("expected"))) {
            Files.write(file, new byte[] {1});
        }
        runEjml();
        double[] written = Npy.read(out.resolve(first.getFileName()).resolve("dweights.npy"))
                .doubles();
        double[] golden = Npy.read(GOLDEN.resolve(first.getFileName()).resolve("expected/dweights.npy"))
                .doubles();
        assertArrayEquals(golden, written);
    }

    @Test
    void oneWrongElementIsAMismatchThatNamesStageArrayAndPlace() throws IOException {
        runEjml();
        addOne("dweights", 7);
        check().exits(Main.MISMATCH)
                .prints("→ dweights, 1 case", "1 of 216", "--case " + first.getFileName(), "MISMATCH");
    }

    @Test
    void severalBugsAreSeveralPlacesAndNoneIsTheOthersConsequence() throws IOException {
        runEjml();
        addOne("dweights", 7);
        addOne("dpadding_data", 0); // in the border, which din_data has no part of
        addOne("din_data", 0);
        check().exits(Main.MISMATCH)
                .prints(
                        "→ dweights, 1 case",
                        "further stages that fail by themselves: col2im → dpadding_data, unpad → din_data",
                        "Stage weight-gradient of out is where it first goes wrong");
        String html = Files.readString(report.resolve("index.html"));
        assertTrue(html.contains("by themselves: <code>col2im → dpadding_data</code>"), html);
        assertFalse(html.contains("in its wake"), html);
        String summary = Files.readString(report.resolve("summary.md"));
        assertTrue(summary.contains("by themselves: <code>col2im → "), summary);
    }

    @Test
    void aSecondBugIsNamedAlsoIfTheCaseShownIsFreeOfIt() throws IOException {
        runEjml();
        addOne("dweights", 7);
        Path other = out.resolve(fixtures.relativize(second));
        for (String array : List.of("dweights", "dbias")) {
            Path file = other.resolve(array + ".npy");
            NpyArray whole = Npy.read(file);
            float[] values = whole.floats();
            values[0] += 100;
            Npy.write(file, NpyArray.of(values, whole.shape()));
        }
        check().exits(Main.MISMATCH)
                .prints("→ dweights, 2 cases", "fail by themselves: bias-gradient → dbias (1 case)");
    }

    @Test
    void aMistakeIsNamedBesideTheStageThatItExplainsAndNoOther() throws IOException {
        runEjml();
        addOne("dweights", 7);
        Path file = out.resolve(first.getFileName()).resolve("dbias.npy");
        NpyArray whole = Npy.read(file);
        Npy.write(
                file,
                NpyArray.of(
                        Arrays.stream(whole.doubles()).map(x -> x / 2).toArray(), whole.shape())); // of a batch of 2
        Shell shell = check().exits(Main.MISMATCH)
                .prints(
                        "weight-gradient → dweights, 1 case\n",
                        "fail by themselves: bias-gradient → dbias like “gradients averaged over the batch”\n",
                        "Stage weight-gradient of out is where it first goes wrong.");
        assertFalse(shell.out().contains("matches"), shell::toString);
        assertTrue(Files.readString(report.resolve("index.html")).contains("like “gradients averaged over the batch”"));
        assertFalse(
                Files.readString(report.resolve("summary.md")).contains("matches  gradients averaged over the batch"));
    }

    private void addOne(String array, int index) throws IOException {
        Path file = out.resolve(first.getFileName()).resolve(array + ".npy");
        NpyArray whole = Npy.read(file);
        double[] values = whole.doubles();
        values[index] += 1;
        Npy.write(file, NpyArray.of(values, whole.shape()));
    }

    @Test
    void nanEverywhereIsAMismatch() throws IOException {
        runEjml();
        Path file = out.resolve(first.getFileName()).resolve("din_data.npy");
        NpyArray whole = Npy.read(file);
        double[] values = new double[whole.size()];
        Arrays.fill(values, Double.NaN);
        Npy.write(file, NpyArray.of(values, whole.shape()));
        check().exits(Main.MISMATCH).prints("→ din_data", "280 of 280");
    }

    @Test
    void anotherShapeDtypeOrOrderIsAMismatchInASentence() throws IOException {
        runEjml();
        Path directory = out.resolve(first.getFileName());
        Npy.write(directory.resolve("dbias.npy"), NpyArray.of(new double[6], 6));
        Npy.write(directory.resolve("dweights.npy"), NpyArray.of(new float[216], 36, 6));
        Shell shell = check().exits(Main.MISMATCH).prints("dtype is float32: expected float64");
        String report = Files.readString(this.report.resolve("report.json"));
        assertTrue(report.contains("shape is (6,): expected (1, 6)"), shell::toString);
    }

    @Test
    void whatIsMissingOrTooMuchIsAGapByName() throws IOException {
        runEjml();
        Path directory = out.resolve(first.getFileName());
        Files.delete(directory.resolve("dbias.npy"));
        Files.copy(directory.resolve("dweights.npy"), directory.resolve("dweights2.npy"));
        Files.createDirectory(out.resolve("conv2d-of-nobody-01234567"));
        check().exits(Main.MISMATCH)
                .prints(
                        "array dbias is missing",
                        "dweights2.npy is no array of this case",
                        "conv2d-of-nobody-01234567 belongs to no case");
    }

    /** A Mac's .DS_Store, or what an emitter has not finished. */
    @Test
    void namesThatStartWithADotAreNeitherTooMuchNorWhatIsMissing() throws IOException {
        runEjml();
        Path directory = out.resolve(first.getFileName());
        Files.createFile(out.resolve(".DS_Store"));
        Files.createFile(directory.resolve(".DS_Store"));
        Files.createDirectory(out.resolve(".conv2d-of-nobody-01234567"));
        check().exits(Main.PARITY);

        Files.move(directory.resolve("dbias.npy"), directory.resolve(".dbias.npy"));
        check().exits(Main.MISMATCH).prints("array dbias is missing");
    }

    private static final String DIRECT = "filter_data,dweights,dbias,din_data";

    private Shell checkOnly(String arrays, Object... more) {
        List<Object> line =
                new ArrayList<>(List.of("check", fixtures, "--actual", out, "--report", report, "--arrays", arrays));
        line.addAll(Arrays.asList(more));
        return Shell.run(line.toArray());
    }

    /** Only the arrays of a kernel that never makes the (P, Q) matrices are left. */
    private Path directPort() throws IOException {
        runEjml();
        Path directory = out.resolve(first.getFileName());
        for (Path file : GoldenCopy.arrays(directory)) {
            if (!List.of(DIRECT.split(",")).contains((file.getFileName() + "").replace(".npy", ""))) {
                Files.delete(file);
            }
        }
        return directory;
    }

    @Test
    void aDirectPortIsJudgedByTheArraysThatItMakesAndTheRestIsSaidToBeLeftOut() throws IOException {
        directPort();
        check().exits(Main.MISMATCH)
                .prints("array matric_data is missing", "array dfilter_data is missing", "left out by --arrays, see");

        String left = "left out by --arrays: dfilter_data, dmatric_data, dpadding_data, matric_data, out_data";
        String unread = "there but not opened: dfilter_data, dmatric_data, dpadding_data";
        checkOnly(DIRECT)
                .exits(Main.PARITY)
                .prints(left, unread, "Only filter_data, dweights, dbias and din_data were judged.");
        JsonNode ledger = reported().get("ledger");
        // Four of conv2d and three of conv2d_backward, which is given filter_data.
        assertEquals(7, ledger.get("arrays_expected").asInt());
        assertEquals(7, ledger.get("arrays_judged").asInt());
        assertEquals(14, ledger.get("comparisons").asInt(), "each locally too: what only copies is recomputed");
        assertEquals(5, ledger.get("arrays_left").size());
        assertEquals(3, ledger.get("arrays_unread").size());
        assertEquals(4, reported().get("selection").get("arrays").size());
        assertTrue(reported().get("command").asText().contains(" --arrays " + DIRECT));
        for (String file : List.of("summary.md", "index.html")) {
            String text = Files.readString(report.resolve(file)).replace("\\", "");
            assertTrue(text.toLowerCase(java.util.Locale.ROOT).contains(left), () -> file + ": " + text);
            assertTrue(text.contains("din_data were judged."), file);
        }
        String junit = Files.readString(report.resolve("junit.xml"));
        String there = "left out by --arrays; there but not opened";
        assertEquals(
                List.of(
                        "dfilter_data: " + there,
                        "dmatric_data: " + there,
                        "dpadding_data: " + there,
                        "matric_data: left out by --arrays",
                        "out_data: left out by --arrays"),
                junit.lines()
                        .filter(l -> l.contains("<skipped"))
                        .map(l -> l.replaceAll(".* name=\"(\\w+)\".*<skipped message=\"(.*)\"/>.*", "$1: $2"))
                        .toList());
        assertTrue(junit.contains("tests=\"6\" failures=\"0\" errors=\"0\" skipped=\"5\""), junit);
    }

    @Test
    void whatADirectPortGetsWrongIsFoundWhereItIsMade() throws IOException {
        Path file = directPort().resolve("dweights.npy");
        NpyArray whole = Npy.read(file);
        double[] values = whole.doubles();
        values[7] += 1;
        Npy.write(file, NpyArray.of(values, whole.shape()));
        checkOnly(DIRECT).exits(Main.MISMATCH).prints("weight-gradient → dweights, 1 case", "1 of 216");
        assertTrue(Files.readString(report.resolve("index.html"))
                .contains("the bug is here, or where an array is made that was left out."));
        Files.delete(file);
        checkOnly(DIRECT)
                .exits(Main.MISMATCH)
                .prints("gap  case " + first.getFileName() + ": array dweights is missing");
    }

    @Test
    void whatIsNotAskedForIsNotOpenedAndYetNoOrphan() throws IOException {
        Path directory = directPort();
        Files.writeString(directory.resolve("matric_data.npy"), "no array");
        checkOnly(DIRECT).exits(Main.PARITY).prints("there but not opened: ", "matric_data");
        Files.writeString(directory.resolve("somewhat.npy"), "no array");
        checkOnly(DIRECT).exits(Main.MISMATCH).prints("somewhat.npy is no array of this case");
    }

    @Test
    void anArrayThatNoCaseExpectsIsRefusedByASentenceWithThoseItDoes() throws IOException {
        directPort();
        checkOnly("dweight,dbias")
                .refuses(
                        "--arrays dweight: no case asked for expects such an array, expected some of ",
                        "dweights",
                        "din_data");
        checkOnly("filter_data", "--case", "conv2d_backward-*").refuses("--arrays filter_data: ", "dmatric_data");
        checkOnly("").refuses("--arrays ");
    }

    @Test
    void aCaseWithNoneOfTheArraysIsLeftAndNotPassed() throws IOException {
        directPort();
        checkOnly("filter_data").exits(Main.PARITY).prints("1 case, 1 array,");
        assertEquals(1, reported().get("ledger").get("left").asInt());
        assertEquals(1, reported().get("ledger").get("judged").asInt());
    }

    @Test
    void shardsOfSomeArraysAddUpWithoutAGapAndOthersAreNotMerged() throws IOException {
        directPort();
        Path one = scratch.resolve("one");
        Path two = scratch.resolve("two");
        List<String> shards = List.of("1/2", "2/2");
        for (int i = 0; i < 2; i++) {
            Shell.run(
                    "check",
                    fixtures,
                    "--actual",
                    out,
                    "--arrays",
                    "filter_data",
                    "--shard",
                    shards.get(i),
                    "--report",
                    i == 0 ? one : two);
        }
        Shell.run("report", one.resolve("report.json"), two.resolve("report.json"), "--report", report)
                .exits(Main.PARITY)
                .prints("left out by --arrays: ", "1 case, 1 array,");
        Shell.run("check", fixtures, "--actual", out, "--arrays", "dbias", "--shard", "2/2", "--report", two);
        Shell.run("report", one.resolve("report.json"), two.resolve("report.json"), "--report", report)
                .refuses("arrays [dbias]: expected [filter_data]");
    }

    @Test
    void aCaseThatNobodyComputedIsAGap() throws IOException {
        runEjml();
        Path directory = out.resolve(first.getFileName());
        for (Path file : GoldenCopy.arrays(directory)) {
            Files.delete(file);
        }
        Files.delete(directory);
        check().exits(Main.MISMATCH).prints("case " + first.getFileName() + ": nothing was computed");
    }

    @Test
    void aTruncatedActualArrayIsBadInputAndTheOthersAreJudged() throws IOException {
        runEjml();
        Path file = out.resolve(first.getFileName()).resolve("dbias.npy");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
        check().refuses("dbias.npy", "array dbias of case " + first.getFileName());
        assertEquals(2, reported().get("ledger").get("judged").asInt());
    }

    @Test
    void nothingThereToCheckIsOneSentence() {
        Shell shell = Shell.run("check", fixtures, "--actual", scratch.resolve("nowhere"), "--report", report)
                .refuses("npyparity check: --actual ", "nowhere: is no directory, expected computed arrays");
        assertFalse(shell.toString().contains("nothing was computed"), "no gap for each case: " + shell);
        assertFalse(Files.exists(report), "nothing was judged");
    }

    @Test
    void mergedShardsAreTheWholeAuditTheLedgerIncluded() throws IOException {
        Shell.run("audit", GOLDEN, "--engine", "ejml", "--report", report).exits(Main.PARITY);
        JsonNode whole = reported();
        List<Object> merge = new ArrayList<>(List.of("report"));
        for (int i = 1; i <= 3; i++) {
            Path part = scratch.resolve("shard-" + i);
            Shell.run("audit", GOLDEN, "--engine", "ejml", "--shard", i + "/3", "--report", part)
                    .exits(Main.PARITY);
            merge.add(part.resolve("report.json"));
        }
        merge.addAll(List.of("--report", report));
        Shell.run(merge.toArray()).exits(Main.PARITY).prints("PARITY", "40 cases");
        for (String field : List.of("ledger", "coverage", "fixtures", "verdict", "selection", "engines")) {
            assertEquals(whole.get(field), reported().get(field), field);
        }
        merge.remove(2);
        Shell.run(merge.toArray()).exits(Main.MISMATCH).prints("shard 2/3 is missing: its cases were not judged");
        merge.set(2, merge.get(1));
        Shell.run(merge.toArray()).exits(Main.MISMATCH).prints("shard 1/3 is there twice");
    }

    @Test
    void whatIsWrongBesideTheCasesIsSaidOnceOfAllShards() throws IOException {
        runEjml();
        Files.createFile(out.resolve("notes.txt"));
        Object[] check = {"check", fixtures, scratch.resolve("nowhere"), "--actual", out, "--report"};
        List<Object> line = new ArrayList<>(List.of(check));
        line.add(report);
        Shell.run(line.toArray()).exits(Main.BAD);
        JsonNode whole = reported();
        List<Object> merge = new ArrayList<>(List.of("report"));
        for (int i = 1; i <= 2; i++) {
            Path part = scratch.resolve("shard-" + i);
            line.set(line.size() - 1, part);
            Shell.run(
                    Stream.concat(line.stream(), Stream.of("--shard", i + "/2")).toArray());
            merge.add(part.resolve("report.json"));
        }
        merge.addAll(List.of("--report", report));
        Shell.run(merge.toArray()).exits(Main.BAD);
        assertEquals(1, whole.at("/ledger/gaps").size());
        assertEquals(1, whole.at("/ledger/refused").size());
        assertEquals(whole.get("ledger"), reported().get("ledger"));
    }

    @Tag("vector")
    @Test
    void reportsOfDifferentAuditsAreNotMerged() {
        Path one = scratch.resolve("one");
        Path two = scratch.resolve("two");
        Shell.run("audit", fixtures, "--engine", "ejml", "--shard", "1/2", "--report", one);
        Shell.run("audit", fixtures, "--engine", "vector", "--shard", "2/2", "--report", two);
        Shell.run("report", one.resolve("report.json"), two.resolve("report.json"), "--report", report)
                .refuses("engine selection vector: expected ejml", "only shards of one audit can be merged");
        assertFalse(Files.exists(report.resolve("index.html")));
    }

    @Test
    void aShardIsStableUnderAdditions() {
        TreeSet<String> ids = new TreeSet<>();
        FixtureDirectory.caseDirectories(GOLDEN).forEach(p -> ids.add("" + p.getFileName()));
        int[] sizes = new int[4];
        for (String id : ids) {
            int parts = 0;
            for (int i = 1; i <= 4; i++) {
                if (new Shard(i, 4).contains(id)) {
                    parts++;
                    sizes[i - 1]++;
                }
            }
            assertEquals(1, parts, id);
        }
        // By CRC-32 of the id alone, so no other case has a say: zlib.crc32(id) % 4 counted by Python.
        assertArrayEquals(SHARDS_BY_PYTHON, sizes);
    }

    private static final int[] SHARDS_BY_PYTHON = {10, 13, 6, 11};
}
