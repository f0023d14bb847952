package org.npyparity.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.npyparity.audit.Scope;
import org.npyparity.compare.Verdict;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/** What index.html's script draws from: names once in tables, and each judgement as a short row of numbers. */
final class ReportData {
    /** How many failing runs carry the wording of their failures; the others have it in junit.xml. */
    private static final int WORDED = 200;

    private final ReportView view;
    private final Map<String, Integer> stages = new LinkedHashMap<>();
    private final Map<String, Integer> arrays = new LinkedHashMap<>();
    private final Map<String, String> facts = new TreeMap<>();
    private final Map<String, Object> pictures = new TreeMap<>();
    private final Map<String, Integer> engines = new LinkedHashMap<>();

    private ReportData(ReportView view) {
        this.view = view;
    }

    /** The data as JSON that can stand in a script element. */
    static String of(ReportView view) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = ReportJson.JSON.createGenerator(out)) {
            new ReportData(view).write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // In JSON a "<" can only stand in a string. So no string can end the element, or open a comment in it.
        return out.toString().replace("<", "\\u003c");
    }

    private void write(JsonGenerator json) throws IOException {
        view.engines().forEach(e -> engines.putIfAbsent(e, engines.size()));
        json.writeStartObject();
        json.writeObjectField("engines", engines.keySet());
        json.writeFieldName("coverage");
        coverage(json);
        json.writeFieldName("repeat");
        json.writeObject(repeats());
        json.writeArrayFieldStart("cases");
        int index = 0;
        for (Report.CaseEntry entry : view.report().cases()) {
            json.writeRaw('\n');
            write(json, entry, index++);
        }
        json.writeEndArray();
        view.failing().stream().limit(WORDED).forEach(this::word);
        json.writeObjectField("stages", stages.keySet());
        json.writeObjectField("arrays", arrays.keySet());
        json.writeObjectField("facts", facts);
        json.writeObjectField("pictures", pictures);
        json.writeEndObject();
    }

    private List<String> repeats() {
        List<String> lines = new ArrayList<>();
        Report report = view.report();
        for (int i = 0; i < report.fixtures().directories().size(); i++) {
            int directory = i;
            lines.add(report.cases().stream()
                    .filter(c -> c.directory() == directory && !c.runs().isEmpty())
                    .findFirst()
                    .map(c -> report.repeat(c, "\u0001")
                            .replace(Invocation.quoted("\u0001"), "{engine}")
                            .replace(Invocation.quoted(c.id()), "{case}"))
                    .orElse(report.command()));
        }
        return lines;
    }

    private void coverage(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (CoverageView.Row row : view.coverage().rows()) {
            for (CoverageView.Cell cell : row.cells()) {
                if (cell != null) {
                    coverage(json, cell);
                }
            }
        }
        json.writeEndArray();
    }

    private static void coverage(JsonGenerator json, CoverageView.Cell cell) throws IOException {
        json.writeStartObject();
        tally(json, "", cell.cases(), cell.total());
        for (Map.Entry<String, Coverage.Tally> stage : cell.stages().entrySet()) {
            tally(json, stage.getKey(), cell.cases(), stage.getValue());
        }
        json.writeEndObject();
    }

    private static void tally(JsonGenerator json, String stage, int cases, Coverage.Tally tally) throws IOException {
        json.writeArrayFieldStart(stage);
        json.writeNumber(cases);
        json.writeNumber(tally.failed());
        number(json, tally.worst());
        json.writeEndArray();
    }

    private void write(JsonGenerator json, Report.CaseEntry c, int index) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", c.id());
        json.writeStringField("why", c.why());
        json.writeNumberField("directory", c.directory());
        json.writeStringField("sha256", c.sha256());
        json.writeStringField("operation", c.operation());
        json.writeStringField("kind", c.variant() == null ? c.family() : c.family() + ", " + c.variant());
        json.writeStringField("dtype", c.dtype());
        json.writeStringField("policy", c.policy());
        json.writeNumberField("seed", c.seed());
        json.writeStringField("parameters", parameters(c));
        json.writeArrayFieldStart("runs");
        for (int i = 0; i < c.runs().size(); i++) {
            write(json, c.runs().get(i), index + "." + i);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String parameters(Report.CaseEntry c) {
        StringBuilder text = new StringBuilder();
        c.parameters().forEach((name, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(value));
        return text.toString();
    }

    private void write(JsonGenerator json, Report.Run run, String key) throws IOException {
        json.writeStartObject();
        json.writeNumberField("engine", place(engines, run.engine()));
        json.writeNumberField("verdict", run.verdict().ordinal());
        json.writeNumberField("worst", ReportView.position(run.judgements(), run.worst()));
        json.writeArrayFieldStart("judgements");
        for (int i = 0; i < run.judgements().size(); i++) {
            Judged judged = run.judgements().get(i);
            write(json, judged);
            if (judged.picture() != null) {
                pictures.put(key + "." + i, judged.picture());
            }
        }
        json.writeEndArray();
        if (!run.who().isEmpty()) {
            json.writeArrayFieldStart("who");
            for (Report.Arbitrated w : run.who()) {
                json.writeObject(List.of(
                        w.array() + ReportView.index(w.index()),
                        w.scope().toString(),
                        w.exact(),
                        Numbers.exact(w.actual()),
                        Numbers.exact(w.expected()),
                        w.actualError(),
                        w.expectedError(),
                        w.verdict()));
            }
            json.writeEndArray();
        }
        if (!run.what().isEmpty()) {
            json.writeArrayFieldStart("what");
            for (Report.Explained w : run.what()) {
                json.writeObject(List.of(w.mistake(), w.description(), w.evidence()));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Judged j) throws IOException {
        json.writeStartArray();
        json.writeNumber(place(stages, j.stage()));
        json.writeNumber(place(arrays, j.array()));
        json.writeNumber(j.scope() == Scope.LOCAL ? 0 : 1);
        json.writeNumber(j.verdict().ordinal());
        json.writeNumber(j.elements());
        // The script takes a missing number for 0, and most judgements are of equal arrays.
        if (j.differing() > 0 || j.verdict() != Verdict.PARITY || j.noticedDrop() > 0) {
            json.writeNumber(j.differing());
            json.writeNumber(j.failing());
            json.writeNumber(j.undecidable());
            json.writeNumber(j.ambiguous());
            number(json, j.worstFraction());
            json.writeNumber(j.byUlp().map(Report.Point::ulp).orElse(0L));
            number(json, j.byRelative().map(Report.Point::relative).orElse(0.0));
            number(json, j.noticedDrop());
        }
        json.writeEndArray();
    }

    /** Three digits; -1 for infinity. */
    private static void number(JsonGenerator json, double value) throws IOException {
        if (value == 0) {
            json.writeNumber(0);
        } else if (Double.isFinite(value)) {
            json.writeNumber(new java.math.BigDecimal(value)
                    .round(new java.math.MathContext(3))
                    .stripTrailingZeros()
                    .toString());
        } else {
            json.writeNumber(-1);
        }
    }

    private static int place(Map<String, Integer> table, String name) {
        table.putIfAbsent(name, table.size());
        return table.getOrDefault(name, 0);
    }

    /** The place of the bug and the first wrong result are what a reader asks for first. */
    private void word(Outcome outcome) {
        Report.Run run = outcome.run();
        run.place().ifPresent(j -> word(outcome, j));
        run.judgements().stream()
                .filter(j -> j.scope() == Scope.END_TO_END && !j.passes())
                .findFirst()
                .ifPresent(j -> word(outcome, j));
    }

    private void word(Outcome outcome, Judged judged) {
        facts.put(view.key(outcome, judged), Facts.of(outcome, judged));
    }
}
