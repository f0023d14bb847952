package org.npyparity.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.Scope;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Verdict;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/**
 * What index.html's script draws from: names once in tables, and each judgement as a short row of numbers. It is JSON that
 * can stand in a script element: no {@code <} in it ends the element, or opens a comment.
 */
final class ReportData {
    /** How many failing runs carry the wording of their failures; the others have it in junit.xml. */
    private static final int WORDED = 200;

    private static final MathContext DIGITS = new MathContext(3);

    private final Texts cases;
    private final Map<String, Integer> engines = new LinkedHashMap<>();
    private final Map<String, Integer> stages = new LinkedHashMap<>();
    private final Map<String, Integer> arrays = new LinkedHashMap<>();

    /** @param cases receives the cases */
    ReportData(Texts cases) {
        this.cases = cases;
    }

    private static JsonGenerator generator(Writer out) throws IOException {
        return ReportJson.JSON.createGenerator(out).setCharacterEscapes(NoMarkup.INSTANCE);
    }

    /** Takes the next case. */
    void add(Report.CaseEntry entry) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = generator(out)) {
            write(json, entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cases.add(out.toString());
    }

    /** Writes all of it. */
    void write(ReportView view, Writer out) throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeObjectField("engines", engines.keySet());
            json.writeFieldName("coverage");
            coverage(json, view.coverage());
            json.writeStringField("repeat", repeat(view.report().command()));
            json.writeArrayFieldStart("cases");
            for (String entry : cases) {
                json.writeRaw('\n');
                json.writeRawValue(entry);
            }
            json.writeEndArray();
            json.writeObjectField("stages", stages.keySet());
            json.writeObjectField("arrays", arrays.keySet());
            json.writeObjectField("facts", facts(view));
            json.writeObjectField("pictures", view.pictures());
            json.writeEndObject();
        }
    }

    /** The line that repeats a case, with {case} and {engine} for the script to replace. */
    private static String repeat(String command) {
        return Invocation.narrowed(command, "\u0001", "\u0002")
                .replace(Invocation.quoted("\u0001"), "{case}")
                .replace(Invocation.quoted("\u0002"), "{engine}");
    }

    private static void coverage(JsonGenerator json, CoverageView view) throws IOException {
        json.writeStartArray();
        for (CoverageView.Row row : view.rows()) {
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

    private void write(JsonGenerator json, Report.CaseEntry c) throws IOException {
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
        for (Report.Run run : c.runs()) {
            write(json, run);
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

    private void write(JsonGenerator json, Report.Run run) throws IOException {
        json.writeStartObject();
        json.writeNumberField("engine", place(engines, run.engine()));
        json.writeNumberField("verdict", run.verdict().ordinal());
        json.writeNumberField("worst", ReportView.position(run.judgements(), run.worst()));
        json.writeArrayFieldStart("judgements");
        for (Judged judged : run.judgements()) {
            write(json, judged);
        }
        json.writeEndArray();
        if (!run.who().isEmpty()) {
            json.writeArrayFieldStart("who");
            for (Arbitration w : run.who()) {
                json.writeObject(List.of(
                        w.array() + ReportView.index(w.index()),
                        w.stage(),
                        w.scope().toString(),
                        w.exact(),
                        w.actualValue(),
                        w.expectedValue(),
                        ReportView.error(w.actualFraction(), w.actualUlp()),
                        ReportView.error(w.expectedFraction(), w.expectedUlp()),
                        w.verdict()));
            }
            json.writeEndArray();
        }
        if (!run.what().isEmpty()) {
            json.writeArrayFieldStart("what");
            for (Explanation w : run.what()) {
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
            json.writeNumber(j.byUlp().map(Difference::ulp).orElse(0L));
            number(json, j.byRelative().map(Difference::relative).orElse(0.0));
            number(json, j.noticedDrop());
        }
        json.writeEndArray();
    }

    /** Three digits; -1 for infinity. */
    private static void number(JsonGenerator json, double value) throws IOException {
        if (value == 0) {
            json.writeNumber(0);
        } else if (Double.isFinite(value)) {
            json.writeNumber(new BigDecimal(NumberOutput.toString(value, true))
                    .round(DIGITS)
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
    private static Map<String, String> facts(ReportView view) {
        Map<String, String> facts = new TreeMap<>();
        Cases cases = view.report().cases();
        cases.totals().failures().stream().limit(WORDED).forEach(failure -> {
            Outcome outcome = cases.outcome(failure);
            List<Judged> judgements = outcome.run().judgements();
            Optional<Judged> wrong = judgements.stream()
                    .filter(j -> j.scope() == Scope.END_TO_END && !j.passes())
                    .findFirst();
            Stream.of(outcome.run().place(), wrong)
                    .flatMap(Optional::stream)
                    .forEach(judged -> facts.put(
                            new Totals.Place(failure.position(), failure.run(), judgements.indexOf(judged)).key(),
                            Facts.of(outcome, judged)));
        });
        return facts;
    }

    private static final class NoMarkup extends CharacterEscapes {
        private static final long serialVersionUID = 1;
        private static final NoMarkup INSTANCE = new NoMarkup();

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes['<'] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return null;
        }
    }
}
