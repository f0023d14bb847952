package org.npyparity.report;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.npyparity.audit.Diagnosis.Arbitration;
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
    /** Larger than any double. */
    private static final BigDecimal INFINITE = new BigDecimal("1E999");

    private final Texts cases;
    private final Map<String, Integer> engines = new LinkedHashMap<>();
    private final Map<String, Integer> stages = new LinkedHashMap<>();
    private final Map<String, Integer> arrays = new LinkedHashMap<>();

    /** @param cases receives the cases */
    ReportData(Texts cases) {
        this.cases = cases;
    }

    /** Takes the next case. */
    void add(Report.CaseEntry c) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", c.id());
        entry.put("why", c.why());
        entry.put("sha256", c.sha256());
        entry.put("operation", c.operation());
        entry.put("kind", c.variant() == null ? c.family() : c.family() + ", " + c.variant());
        entry.put("dtype", c.dtype());
        entry.put("policy", c.policy());
        entry.put("seed", c.seed());
        entry.put("parameters", parameters(c));
        entry.put("runs", c.runs().stream().map(this::run).toList());
        cases.add(text(entry));
    }

    /** Writes all of it. */
    void write(ReportView view, Writer out) throws IOException {
        out.write("{\"engines\":" + text(engines.keySet()));
        out.write(",\"coverage\":" + text(coverage(view.coverage())));
        out.write(",\"repeat\":" + text(repeat(view.report().command())));
        out.write(",\"cases\":[");
        String before = "\n";
        for (String entry : cases) {
            out.write(before);
            out.write(entry);
            before = "\n,";
        }
        out.write("],\"stages\":" + text(stages.keySet()));
        out.write(",\"arrays\":" + text(arrays.keySet()));
        out.write(",\"facts\":" + text(facts(view)));
        out.write(",\"pictures\":" + text(view.pictures()));
        out.write("}");
    }

    private static String text(Object value) {
        return ReportJson.text(value).replace("<", "\\u003C");
    }

    /** The line that repeats a case, with {case} and {engine} for the script to replace. */
    private static String repeat(String command) {
        return Invocation.narrowed(command, "\u0001", "\u0002")
                .replace(Invocation.quoted("\u0001"), "{case}")
                .replace(Invocation.quoted("\u0002"), "{engine}");
    }

    /** By cell, and in it by stage: what was judged. All stages together have no name. */
    private static List<Map<String, List<Number>>> coverage(CoverageView view) {
        List<Map<String, List<Number>>> cells = new ArrayList<>();
        for (CoverageView.Row row : view.rows()) {
            for (Coverage c : row.cells()) {
                if (c != null) {
                    Map<String, List<Number>> cell = new LinkedHashMap<>();
                    cell.put("", tally(c.cases(), c.total()));
                    c.stages().forEach((stage, tally) -> cell.put(stage, tally(c.cases(), tally)));
                    cells.add(cell);
                }
            }
        }
        return cells;
    }

    private static List<Number> tally(int cases, Coverage.Tally tally) {
        return List.of(cases, tally.failed(), number(tally.worst()));
    }

    private static String parameters(Report.CaseEntry c) {
        return c.parameters().entrySet().stream()
                .map(p -> p.getKey() + " " + p.getValue())
                .collect(Collectors.joining(", "));
    }

    private Map<String, Object> run(Report.Run r) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("engine", place(engines, r.engine()));
        run.put("verdict", r.verdict().ordinal());
        run.put("worst", r.worst().map(r.judgements()::indexOf).orElse(-1));
        run.put("judgements", r.judgements().stream().map(this::judgement).toList());
        if (!r.who().isEmpty()) {
            run.put("who", r.who().stream().map(ReportData::arbitration).toList());
        }
        if (!r.what().isEmpty()) {
            run.put(
                    "what",
                    r.what().stream()
                            .map(w -> List.of(w.mistake(), w.description(), w.evidence()))
                            .toList());
        }
        return run;
    }

    private static List<String> arbitration(Arbitration w) {
        return List.of(
                w.element(),
                w.stage(),
                w.scope().toString(),
                w.exact(),
                w.actualValue(),
                w.expectedValue(),
                Numbers.error(w.actualFraction(), w.actualUlp()),
                Numbers.error(w.expectedFraction(), w.expectedUlp()),
                w.verdict());
    }

    private List<Number> judgement(Judged j) {
        List<Number> row = new ArrayList<>(List.of(
                place(stages, j.stage()),
                place(arrays, j.array()),
                j.scope().ordinal(),
                j.verdict().ordinal(),
                j.elements()));
        // The script takes a missing number for 0, and most judgements are of equal arrays.
        if (j.differing() > 0 || j.verdict() != Verdict.PARITY || j.noticedDrop() > 0) {
            row.addAll(List.of(
                    j.differing(),
                    j.failing(),
                    number(j.worstFraction()),
                    j.byUlp().map(Difference::ulp).orElse(0L),
                    number(j.byRelative().map(Difference::relative).orElse(0.0)),
                    number(j.noticedDrop())));
        }
        return row;
    }

    /** Three digits. JSON has no infinity, but the script reads {@link #INFINITE} as one. */
    private static Number number(double value) {
        if (value == 0) {
            return 0;
        }
        return Double.isFinite(value)
                ? new BigDecimal(NumberOutput.toString(value, true))
                        .round(DIGITS)
                        .stripTrailingZeros()
                : INFINITE;
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
}
