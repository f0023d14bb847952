package org.npyparity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.Shard;
import org.npyparity.report.Report.CaseEntry;

/** The cases of a report are in files, and nobody notices. */
class CasesTest {
    private static final int MANY = 4000;
    /** Bytes of memory for a case: its id, a failure, and where it is. Its entry takes 1,400, though here its runs are shared. */
    private static final int SMALL = 600;

    private static Report failing;

    @TempDir
    Path scratch;

    @BeforeAll
    static void audit() {
        failing = Audits.failing(Shard.WHOLE);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void memoryDoesNotHoldTheCases() {
        Cases.Builder builder = new Cases.Builder(scratch, failing.command());
        List<CaseEntry> entries = List.copyOf(failing.cases());
        entries.forEach(builder::add);
        long before = used();
        IntStream.range(0, MANY).forEach(i -> {
            CaseEntry c = entries.get(i % entries.size());
            builder.add(Audits.with(c, "id", c.id() + "-" + i));
        });
        Cases cases = builder.build();
        long each = (used() - before) / MANY;
        assertEquals(entries.size() + MANY, cases.size());
        assertTrue(each < SMALL, () -> each + " bytes for each case");
    }

    @Test
    void entriesAreReadAsTheyWereAddedWithTheirPictures() {
        List<CaseEntry> entries = List.copyOf(failing.cases());
        assertTrue(entries.stream().anyMatch(e -> !e.exhibits().isEmpty()));
        assertEquals(entries, Cases.of(failing.command(), entries));
    }

    @Test
    void nothingIsSeenInTheDirectoryWhileTheCasesAreThere() throws IOException {
        Report report = Reports.audit(
                AuditRequest.of(Audits.GOLDEN).withEngine("ejml").withCases("conv2d-chained-*"),
                Auditor.Progress.NONE,
                scratch);
        try (var files = Files.list(scratch)) {
            assertEquals(List.of(), files.toList());
        }
        assertEquals(report.ledger().judged(), report.cases().stream().toList().size());
    }

    @Test
    void aDirectoryThatTakesNoFileIsNamed() {
        Texts texts = new Texts(scratch.resolve("missing"));
        String message = assertThrows(UncheckedIOException.class, () -> texts.add("x"))
                .getCause()
                .getMessage();
        assertTrue(message.startsWith(scratch.resolve("missing") + ": the cases of the report cannot be"), message);
    }

    @Test
    void textsOfAnyLengthAndScriptComeBack() {
        Texts texts = new Texts(scratch);
        List<String> added = List.of("", "γ(n) ≤ 2", "x".repeat(100_000), "\ud83d\ude00", "");
        added.forEach(texts::add);
        assertEquals(added, texts);
        assertThrows(IndexOutOfBoundsException.class, () -> texts.get(5));
        assertThrows(IndexOutOfBoundsException.class, () -> texts.get(-1));
    }

    private Path file(Object json) throws IOException {
        Path file = scratch.resolve("report.json");
        ReportJson.JSON.writer().with(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
        return file;
    }

    private ObjectNode written() throws IOException {
        Reports.write(failing, scratch);
        return (ObjectNode)
                ReportJson.JSON.readTree(scratch.resolve(Reports.JSON).toFile());
    }

    /** As {@code jq -S} leaves it. */
    @Test
    void theOrderOfFieldsAndTheLayoutDoNotMatter() throws IOException {
        ObjectNode json = written();
        ObjectNode moved = ReportJson.JSON.createObjectNode();
        moved.set("cases", json.remove("cases"));
        moved.setAll(json);
        assertEquals(failing, Reports.read(file(moved)));
    }

    @Test
    void aCaseAgainstTheSchemaIsNamed() throws IOException {
        ObjectNode json = written();
        ((ObjectNode) json.get("cases").get(2)).put("seed", "seven");
        assertRefused(json, ": is no report of npyparity: cases[2]: seed is \"seven\": ");
        json.set("cases", ReportJson.JSON.createObjectNode());
        assertRefused(json, ": is no report of npyparity: cases: ");
    }

    @Test
    void whatStandsBehindTheReportIsRefused() throws IOException {
        Path file = file(written());
        Files.writeString(file, Files.readString(file) + "{}");
        assertTrue(refusal(file).startsWith(file + ": is not JSON: "), () -> refusal(file));
    }

    private void assertRefused(JsonNode json, String fault) throws IOException {
        Path file = file(json);
        assertTrue(refusal(file).startsWith(file + fault), () -> refusal(file));
    }

    private static String refusal(Path file) {
        return assertThrows(ReportException.class, () -> Reports.read(file)).getMessage() + "";
    }
}
