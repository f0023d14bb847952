package org.npyparity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.NdArray;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.EngineRun;
import org.npyparity.audit.Scope;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.GoldenCopy;

/** report.json holds the whole audit, and shards add up to it. */
class ReportsTest {
    private static Report passing;
    private static Report failing;

    @TempDir
    Path directory;

    @BeforeAll
    static void audit() {
        passing = Audits.passing();
        failing = Audits.failing(Shard.WHOLE);
    }

    private static List<String> writtenTo(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private JsonNode json(Report report) throws IOException {
        Reports.write(report, directory);
        return ReportJson.JSON.readTree(directory.resolve(Reports.JSON).toFile());
    }

    @Test
    void writesFourFilesAndLeavesNothingElseBehind() throws IOException {
        Reports.write(passing, directory);
        Reports.write(failing, directory);
        assertEquals(List.of("index.html", "junit.xml", "report.json", "summary.md"), writtenTo(directory));
        assertEquals(failing, Reports.read(directory.resolve(Reports.JSON)), "the second one replaces the first");
    }

    @Test
    void ifOneFileCannotBeWrittenTheOldOnesStayTogether() throws IOException {
        Reports.write(passing, directory);
        Map<String, String> before = contents();
        Report withoutTime = Audits.with(failing, "started", "");
        assertThrows(IllegalStateException.class, () -> Reports.write(withoutTime, directory), "junit.xml needs it");
        assertEquals(before, contents());
    }

    @Test
    void ifOneFileCannotBeReplacedNoFilesOfTwoAuditsStandTogether() throws IOException {
        for (String file : List.of("index.html", "junit.xml", "report.json", "summary.md")) {
            Reports.write(passing, directory);
            Map<String, String> before = contents();
            Files.delete(directory.resolve(file));
            Files.createDirectories(directory.resolve(file).resolve("in the way"));
            assertThrows(IOException.class, () -> Reports.write(failing, directory), file);
            Files.delete(directory.resolve(file).resolve("in the way"));
            Files.delete(directory.resolve(file));
            contents()
                    .forEach((left, text) ->
                            assertTrue(text.equals(before.get(left)), file + " in the way leaves another " + left));
        }
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String file : writtenTo(directory)) {
            contents.put(file, Files.readString(directory.resolve(file)));
        }
        return contents;
    }

    @Test
    void whatIsReadEqualsWhatWasWritten() throws IOException {
        for (Report report : List.of(passing, failing, Audits.withPairs(failing, ""))) {
            Reports.write(report, directory);
            assertEquals(report, Reports.read(directory.resolve(Reports.JSON)));
        }
    }

    /** What 1.2 and 1.3 added is left out, as a program of that time wrote it. */
    @Test
    void reportsOfOlderMinorVersionsAreReadAndRendered() throws IOException {
        for (String format : List.of("1.0", "1.1")) {
            ObjectNode old = (ObjectNode) json(failing);
            old.put("format", format);
            for (String field : List.of("equality", "arrays_left", "arrays_unread", "zero_signs", "violations")) {
                assertFalse(old.findParents(field).isEmpty(), field);
                old.findParents(field).forEach(parent -> ((ObjectNode) parent).remove(field));
            }
            old.findParents("evidence").forEach(what -> assertNotNull(((ObjectNode) what).remove("stages")));
            Path file = Files.writeString(directory.resolve("old.json"), old.toString());
            Report read = Reports.read(file);
            assertEquals(failing.verdict(), read.verdict());
            assertEquals(failing.ledger().elements(), read.ledger().elements());
            assertEquals(failing.cases().size(), read.cases().size());
            Reports.write(read, directory.resolve("again"));
            assertEquals(
                    List.of("index.html", "junit.xml", "report.json", "summary.md"),
                    writtenTo(directory.resolve("again")));
        }
    }

    @Test
    void reportsFitTheSchemaWhichKnowsEveryFieldThatIsWritten() throws IOException {
        for (Report report : List.of(passing, failing, Audits.withPairs(failing, ""))) {
            JsonNode json = json(report);
            assertEquals(List.of(), ReportJson.schema().faults(json));
        }
        // The schema is open for later minor versions, so a field that it forgot would pass: look for one.
        JsonNode strict = strict(ReportJson.JSON.readTree(ReportJson.class.getResourceAsStream(ReportJson.SCHEMA)));
        var schema = com.networknt.schema.JsonSchemaFactory.getInstance(
                        com.networknt.schema.SpecVersion.VersionFlag.V202012)
                .getSchema(strict);
        assertEquals(Set.of(), schema.validate(json(Audits.withPairs(failing, ""))));
    }

    private static JsonNode strict(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.has("properties") && object.has("required")) {
                object.put("additionalProperties", false);
            }
        }
        node.forEach(ReportsTest::strict);
        return node;
    }

    @Test
    void everyElementOfTheLedgerIsAccountedFor() {
        assertEquals(40, passing.ledger().cases());
        assertEquals(passing.ledger().judged(), passing.cases().size());
        assertEquals(
                passing.ledger().elements(),
                passing.runs()
                        .flatMap(o -> o.run().judgements().stream())
                        .mapToLong(Report.Judged::elements)
                        .sum());
        assertEquals(
                passing.ledger().comparisons(),
                passing.coverage().stream()
                        .flatMap(c -> c.stages().values().stream())
                        .mapToLong(Coverage.Tally::judged)
                        .sum());
        assertEquals(
                passing.cases().size(),
                passing.coverage().stream().mapToInt(Coverage::cases).sum());
        assertEquals(0, passing.exitCode());
        assertEquals(1, failing.exitCode());
        assertEquals(Verdict.MISMATCH, failing.verdict());
    }

    /** Counted from the files and from what the engine computes, bit by bit, without a comparison's help. */
    @Test
    void theShareOfEqualBitsIsThatOfTheArraysThemselves() {
        long elements = 0;
        long bits = 0;
        for (Report.CaseEntry entry : passing.cases()) {
            if (entry.policy().equals("certified")) {
                Case subject = CaseReader.read(Audits.GOLDEN.resolve(entry.id()));
                Map<String, NdArray> computed = EngineRun.compute(subject, "ejml");
                for (String name : subject.expected().keySet()) {
                    NdArray expected = CaseArrays.loadAll(subject).get(name);
                    for (int i = 0; i < expected.size(); i++) {
                        elements++;
                        bits += Double.doubleToLongBits(expected.get(i))
                                        == Double.doubleToLongBits(
                                                computed.get(name).get(i))
                                ? 1
                                : 0;
                    }
                }
            }
        }
        assertTrue(0 < bits && bits < elements, bits + " of " + elements);
        Equality equality = passing.engines().get(0).equality();
        assertTrue(equality != null);
        assertEquals(elements, equality.elements());
        assertEquals(bits, equality.equalBits());
        assertEquals((double) bits / elements, equality.share());
    }

    @Test
    void zerosOfTheOtherSignAreEqualValuesButNoEqualBits() {
        NdArray actual = NdArray.of(new double[] {-0.0, 0, -0.0, 1, 2, 3, 5, Double.NaN}, 8);
        NdArray expected = NdArray.of(new double[] {0, -0.0, 0, 1, 2, 4, 6, Double.NaN}, 8);
        Policy policy = new Policy.Certified();
        Report.Judged zeros = Entries.judged(
                "unpad",
                "din_data",
                Scope.END_TO_END,
                Comparator.compare(actual, expected, policy, Bound.exact()),
                policy,
                0);
        Report.CaseEntry entry = passing.cases().stream()
                .filter(c -> c.policy().equals("certified"))
                .findFirst()
                .orElseThrow();
        Report.CaseEntry counted = entry.with(List.of(entry.runs().get(0).with(List.of(zeros))));
        Totals totals = Cases.of("", List.of(counted)).totals();
        assertEquals(new Equality(8, 6, 3, 0.375), totals.equality("ejml"));
        assertEquals(null, totals.equality("vector"), "nothing to share");
    }

    @Test
    void theBrokenStageIsThePlaceInEveryFailingCaseAndTheSoundEngineFailsNowhere() {
        Set<String> places = failing.runs()
                .filter(o -> !o.run().passes())
                .map(o -> o.run().engine() + " "
                        + o.run().place().map(Report.Judged::stage).orElse("nowhere"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("broken col2im"), places);
    }

    @Test
    void picturesShowTheColumnsThatTheBrokenEngineForgets() {
        Report.Judged judged = failing.runs()
                .filter(o -> o.subject().id().startsWith("conv2d-exact-float32-b2-h5w7c4-d6-k3s1p1"))
                .flatMap(o -> o.run().place().stream())
                .findFirst()
                .orElseThrow();
        assertTrue(judged.picture() != null);
        assertEquals(List.of("padded_height", "padded_width"), judged.picture().names());
        // The last window covers the last three of nine columns.
        judged.picture().cells().forEach(row -> assertTrue(row.matches("\\.{6}[a-z]{3}"), row));
        assertEquals(
                judged.elements(),
                judged.picture().ulps().counts().stream().mapToLong(n -> n).sum());
        assertEquals(
                judged.failing(),
                judged.picture().ulps().failing().stream().mapToLong(n -> n).sum());
    }

    @Test
    void theNumberOfPicturesDoesNotGrowWithTheNumberOfCases() {
        long shown = failing.runs()
                .flatMap(o -> o.run().judgements().stream())
                .filter(j -> j.picture() != null)
                .count();
        // Two arrays of one engine fail in two scopes; each of nine arrays of two engines has one that passes.
        assertTrue(shown > 0 && shown <= 2 * 2 * 2 * 8 + 2 * 9, () -> shown + " pictures");
    }

    @Test
    void shardsOfAnAuditAddUpToIt() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            Path part = directory.resolve("shard" + i);
            Reports.write(Audits.failing(new Shard(i, 5)), part);
            files.add(part.resolve(Reports.JSON));
        }
        Collections.reverse(files);
        Report merged = Reports.merge(files, directory);
        assertEquals(1234 * 5 / 1000.0, merged.seconds());
        assertEquals(failing, Audits.with(merged, "seconds", failing.seconds()));
    }

    @Test
    void emptyShardsAreNoGap() {
        List<Report> parts = IntStream.rangeClosed(1, 64)
                .mapToObj(i -> Audits.golden("ejml", "*", new Shard(i, 64)))
                .toList();
        assertTrue(parts.stream().anyMatch(p -> p.cases().isEmpty()));
        assertEquals(passing, Audits.with(merge(parts), "seconds", passing.seconds()));
    }

    @Test
    void oneReportMergedIsItself() {
        assertEquals(failing, merge(List.of(failing)));
    }

    @Test
    void aMissingShardIsAGapByName() {
        Report merged = merge(
                List.of(Audits.golden("ejml", "*", new Shard(1, 3)), Audits.golden("ejml", "*", new Shard(3, 3))));
        assertEquals(
                List.of("shard 2/3 is missing: its cases were not judged"),
                merged.ledger().gaps());
        assertEquals(1, merged.exitCode());
        assertEquals(List.of("1/3", "3/3"), merged.selection().shards());
        assertEquals(40, merged.ledger().judged() + merged.ledger().left());
    }

    @Test
    void aShardOrCaseThatIsThereTwiceIsAGapByName() {
        Report one = Audits.golden("ejml", "*", new Shard(1, 2));
        Report two = Audits.golden("ejml", "*", new Shard(2, 2));
        Report merged = merge(List.of(one, two, two));
        assertEquals(
                List.of("shard 2/2 is there twice: in B.json and C.json"),
                merged.ledger().gaps());
        assertEquals(passing.ledger().judged(), merged.ledger().judged());
        Report overlapping = Audits.withCases(two, one.cases().subList(0, 1));
        String id = one.cases().get(0).id();
        assertTrue(merge(List.of(one, overlapping))
                .ledger()
                .gaps()
                .contains("case " + id + " was judged twice: again in B.json"));
    }

    @Test
    void whatIsMissingInAShardIsMissingInTheWhole() {
        Report one = Audits.golden("ejml", "*", new Shard(1, 2));
        Report two = Audits.golden("ejml", "*", new Shard(2, 2));
        Report incomplete = Audits.with(
                two,
                "ledger",
                Audits.with(two.ledger(), "left", two.ledger().left() + 1, "gaps", List.of("an array is missing")));
        Report merged = merge(List.of(one, incomplete));
        assertEquals(
                List.of("39 cases in all shards: expected the 40 that the fixtures hold", "an array is missing"),
                merged.ledger().gaps().stream().sorted().toList());
        assertEquals(1, merged.exitCode());
    }

    @Test
    void reportsOfDifferentAuditsAreRefusedByASentence() {
        Report one = Audits.golden("ejml", "*", new Shard(1, 2));
        String engines = assertThrows(ReportException.class, () -> merge(List.of(one, Audits.failing(new Shard(2, 2)))))
                .getMessage();
        assertTrue(engines.startsWith("B.json: case filter conv2d-*: expected *, as in A.json"), engines);
        String splits = assertThrows(
                        ReportException.class, () -> merge(List.of(one, Audits.golden("ejml", "*", new Shard(2, 3)))))
                .getMessage();
        assertTrue(splits.startsWith("B.json: shard 2/3: expected one of 2, as in A.json"), splits);
        assertThrows(ReportException.class, () -> merge(List.of()));

        Report two = Audits.golden("ejml", "*", new Shard(2, 2));
        Map.of(
                        "fixtures 0: expected ",
                        Audits.with(two, "fixtures", Audits.with(two.fixtures(), "sha256", "0")),
                        "policy exact: expected the cases' own, ",
                        selecting(two, "policy", "exact"),
                        "engine selection all: expected ejml, ",
                        selecting(two, "engine", "all"),
                        "arrays [dbias]: expected [], ",
                        selecting(two, "arrays", List.of("dbias")),
                        "engines [Engine[name=ejml, description=2",
                        Audits.with(
                                two,
                                "engines",
                                List.of(Audits.with(two.engines().get(0), "description", "2"))))
                .forEach((fault, other) -> {
                    String message = assertThrows(ReportException.class, () -> merge(List.of(one, other)))
                            .getMessage();
                    assertTrue(message.startsWith("B.json: " + fault), message);
                });
    }

    private static Report selecting(Report report, String field, Object value) {
        return Audits.with(report, "selection", Audits.with(report.selection(), field, value));
    }

    @Test
    void whatIsNoReportIsRefusedByASentence() throws IOException {
        Path file = directory.resolve("report.json");
        refused(file, "cannot be read");
        Files.writeString(file, "{");
        refused(file, "is not JSON");
        Files.writeString(file, "{\"format\": \"2.0\"}");
        refused(file, "format is 2.0: this npyparity reads 1.x");
        Files.writeString(file, "{\"format\": \"1.0\"}");
        refused(file, "is no report of npyparity: ");
    }

    private static void refused(Path file, String fault) {
        String message =
                assertThrows(ReportException.class, () -> Reports.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": " + fault), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void theFixturesHashIsWhatTheShellPrints() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "LC_ALL=C sha256sum */case.json | sha256sum")
                .directory(Audits.GOLDEN.toFile())
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(printed.split(" ", 2)[0], passing.fixtures().sha256());
    }

    @Test
    void casesMadeAlikeAtAnotherTimeCountTogether() throws IOException {
        List<Path> copies = List.of(
                GoldenCopy.of("conv2d-exact-float32", directory),
                GoldenCopy.of("conv2d-exact-float64", directory),
                GoldenCopy.of("conv2d-chained-float64", directory));
        Files.writeString(copies.get(0).resolve("provenance.json"), "{\"numpy\": \"1.26\", \"date\": \"Monday\"}");
        Files.writeString(copies.get(1).resolve("provenance.json"), "{\"numpy\": \"1.26\", \"date\": \"Tuesday\"}");
        Files.writeString(copies.get(2).resolve("provenance.json"), "{\"numpy\": \"2.4.6\"}");
        Report report =
                Audits.report(AuditRequest.of(directory).withEngine("ejml"), Instant.EPOCH, Duration.ofSeconds(1));
        assertEquals(
                List.of("1.26 in 2", "2.4.6 in 1"),
                report.provenance().expected().stream()
                        .map(m -> m.by().numpy() + " in " + m.cases())
                        .toList());
    }

    @Test
    void everyLineThatRepeatsNamesTheCaseAndIsQuotedForAShell() {
        assertEquals("bin/npyparity audit fixtures/golden --engine ejml", passing.command());
        Report.CaseEntry first = passing.cases().get(0);
        assertEquals(
                "bin/npyparity audit fixtures/golden --engine ejml --case " + first.id(),
                passing.repeat(first, "ejml"));
        assertEquals("'it'\\''s'", Invocation.quoted("it's"));
    }

    @Test
    void noDirectoryIsTakenForAnOptionOrForAFileOfArguments() {
        AuditRequest request = AuditRequest.of(Path.of("-x"), Path.of("@x"), Path.of("x"));
        assertEquals("bin/npyparity audit ./-x ./@x x", Invocation.command(request));
        assertEquals(
                "bin/npyparity check ./-x ./@x x --actual ./-o",
                Invocation.command(request.withActual("-o", Path.of("-o"))));
    }

    @Test
    void shardsWithPairsAddUpAndOthersAreRefused() {
        Report whole = audited(Shard.WHOLE, GOLDEN_AGAIN);
        Report first = audited(Shard.parse("1/2"), GOLDEN_AGAIN);
        Report second = audited(Shard.parse("2/2"), GOLDEN_AGAIN);

        assertEquals(whole.matrix(), merge(List.of(second, first)).matrix());
        assertEquals(0, merge(List.of(first, second)).exitCode());
        ReportException refused = assertThrows(
                ReportException.class, () -> merge(List.of(first, audited(Shard.parse("2/2"), List.of()))));
        assertTrue((refused.getMessage() + "").contains("parties compared none: expected"), refused::getMessage);
    }

    private static final List<Path> GOLDEN_AGAIN = List.of(Audits.GOLDEN);

    private static Report audited(Shard shard, List<Path> against) {
        AuditRequest request = AuditRequest.of(Audits.GOLDEN)
                .withEngine("ejml")
                .withCases("conv2d-chained-*")
                .withShard(shard)
                .withAgainst(against);
        return Audits.report(request, Instant.EPOCH, Duration.ofMillis(5));
    }

    private static Report merge(List<Report> reports) {
        List<String> names = Arrays.asList("A.json", "B.json", "C.json");
        return Merge.of(
                IntStream.range(0, reports.size())
                        .mapToObj(i -> new Merge.Part(i < names.size() ? names.get(i) : i + ".json", reports.get(i)))
                        .toList(),
                Texts.TEMPORARY);
    }
}
