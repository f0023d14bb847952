package org.npyparity.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.npyparity.audit.Matrix;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;
import org.npyparity.report.ReportView.Status;

/** A report for a terminal: failures by kind, the margins of all arrays, the ledger's gaps, and a verdict at the end. */
public final class ConsoleReport {
    private static final int FINDINGS = 8;
    private static final int CASES = 3;
    private static final int SENTENCES = 5;

    private enum Style {
        PLAIN(""),
        BOLD("1"),
        DIM("2"),
        RED("1;31"),
        GREEN("1;32"),
        YELLOW("1;33");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    private final ReportView view;
    private final boolean colour;
    private final StringBuilder out = new StringBuilder();

    private ConsoleReport(ReportView view, boolean colour) {
        this.view = view;
        this.colour = colour;
    }

    /**
     * The text, with a line feed at its end.
     *
     * @param colour whether the terminal takes ANSI colours; whoever calls obeys NO_COLOR
     */
    public static String render(Report report, boolean colour) {
        return new ConsoleReport(new ReportView(report), colour).render();
    }

    private String render() {
        List<Finding> findings = view.findings();
        findings.stream().limit(FINDINGS).forEach(this::finding);
        more(findings.size(), FINDINGS, "finding");
        if (!view.report().cases().isEmpty()) {
            margins();
        }
        pairs();
        sentences("refused", "refusal", view.report().ledger().refused());
        sentences("gap", "gap", view.report().ledger().gaps());
        advice();
        leftOut();
        verdict();
        return out.toString();
    }

    private void finding(Finding f) {
        line(styled(Style.RED, clean("✗ " + f.engine() + ": " + f.judged().step()))
                + (f.local() ? "" : " (end to end only)") + ", "
                + Numbers.counted(f.outcomes().size(), "case")
                + (f.mistake().isEmpty() ? "" : ", matches " + styled(Style.BOLD, clean(f.mistake())) + others(f)));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("worst / bound", "ULP", "outside", "case"));
        // The lines below the table speak of the example, so it comes first.
        List<Outcome> shown = Stream.concat(
                        Stream.of(f.example()), f.outcomes().stream().filter(o -> !isExample(f, o)))
                .limit(CASES)
                .toList();
        for (Outcome o : shown) {
            Judged judged = o.run().worst().orElse(f.judged());
            rows.add(List.of(
                    ReportView.fraction(judged),
                    ReportView.ulp(judged),
                    judged.incomparable() != null
                            ? judged.incomparable()
                            : Numbers.count(judged.failing()) + " of " + Numbers.count(judged.elements()),
                    o.subject().id()));
        }
        table(rows, 3);
        more(f.outcomes().size(), CASES, "case");
        String outside = Facts.outside(f.judged());
        if (!outside.isEmpty()) {
            line("    " + outside);
        }
        f.who().stream()
                .limit(1)
                .forEach(w -> line(clean("    who: " + w.element() + " is exactly " + w.exact() + ", actual "
                        + w.actualValue() + "; " + Facts.arbitrated(w))));
        if (!f.others().isEmpty()) {
            line(clean("    " + f.further() + String.join(", ", f.others())));
        }
        line(styled(Style.DIM, "    repeat: " + clean(view.repeat(f.example()))));
        line("");
    }

    private static boolean isExample(Finding f, Outcome o) {
        return o.subject().id().equals(f.example().subject().id());
    }

    /** The case may not tell some mistakes apart. */
    private static String others(Finding f) {
        String names = f.alike().stream().limit(2).collect(Collectors.joining(", "));
        int more = f.alike().size() - 2;
        return names.isEmpty() ? "" : " (also " + clean(names) + (more > 0 ? ", …" : "") + ")";
    }

    private void more(int size, int shown, String noun) {
        if (size > shown) {
            line(styled(Style.DIM, "    … " + Numbers.counted(size - shown, "more " + noun)));
        }
    }

    /** Of what passes: how close it comes. */
    private void margins() {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("worst / bound that passes"));
        header.addAll(view.engines());
        rows.add(header);
        for (String array : view.arrayNames()) {
            List<String> row = new ArrayList<>(List.of(array));
            row.addAll(view.margins(array));
            rows.add(row);
        }
        List<String> shares = new ArrayList<>(List.of("bits equal to NumPy's"));
        shares.addAll(view.equalBits());
        rows.add(shares);
        if (!view.equalValues().isEmpty()) {
            List<String> values = new ArrayList<>(List.of("and but for the sign of zeros"));
            values.addAll(view.equalValues());
            rows.add(values);
        }
        table(rows, 0);
        line("");
    }

    /** The parties by letter, the upper triangle, and where those are apart that do not agree. */
    private void pairs() {
        PairsView pairs = view.pairs();
        if (pairs == null) {
            return;
        }
        List<String> header = new ArrayList<>(List.of(""));
        for (int i = 0; i < pairs.parties().size(); i++) {
            Matrix.Party party = pairs.parties().get(i);
            line("    " + styled(Style.BOLD, PairsView.letter(i)) + "  " + clean(party.name())
                    + (party.source().isEmpty() ? "" : "  " + styled(Style.DIM, clean(party.source()))));
            if (i > 0) {
                header.addAll(List.of(PairsView.letter(i), "bits"));
            }
        }
        line("");
        line(styled(Style.DIM, "    pair by pair: worst / bound, and elements of equal bits"));
        List<List<String>> rows = new ArrayList<>(List.of(header));
        for (PairsView.Row row : pairs.rows()) {
            List<String> cells = new ArrayList<>(List.of(PairsView.letter(row.party())));
            row.cells()
                    .forEach(p -> cells.addAll(
                            p == null ? List.of("", "") : List.of(PairsView.distance(p), PairsView.equalBits(p))));
            rows.add(cells);
        }
        table(rows, 0);
        pairs.apart()
                .forEach(p -> line(styled(Style.RED, clean("✗ " + pairs.named(p))) + ": " + clean(PairsView.apart(p))));
        line("");
    }

    /** Columns apart by two spaces, all right-aligned but one. */
    private void table(List<List<String>> rows, int left) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder text = new StringBuilder("   ");
            for (int i = 0; i < columns; i++) {
                String cell = clean(rows.get(r).get(i));
                String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
                text.append(' ')
                        .append(i == left ? cell + padding : padding + cell)
                        .append(' ');
            }
            line(styled(r == 0 ? Style.DIM : Style.PLAIN, text.toString().stripTrailing()));
        }
    }

    private void sentences(String kind, String noun, List<String> sentences) {
        sentences.stream().limit(SENTENCES).forEach(s -> line(styled(Style.YELLOW, kind + "  ") + clean(s)));
        more(sentences.size(), SENTENCES, noun);
        if (!sentences.isEmpty()) {
            line("");
        }
    }

    private void advice() {
        Report report = view.report();
        if (!report.ledger().gaps().isEmpty()
                && report.selection().actual() != null
                && report.selection().arrays().isEmpty()) {
            line("arrays that are not computed on purpose are left out by --arrays, see npyparity check --help");
            line("");
        }
    }

    private void leftOut() {
        view.leftOut().forEach(s -> line(styled(Style.YELLOW, clean(s))));
        if (!view.leftOut().isEmpty()) {
            line("");
        }
    }

    private void verdict() {
        Status status = view.status();
        Style style = status == Status.PARITY ? Style.GREEN : status == Status.MISMATCH ? Style.RED : Style.YELLOW;
        line(styled(style, status.word().toUpperCase(Locale.ROOT)) + "  " + clean(view.headline()) + ". "
                + clean(view.lead()));
        line(view.ledgerLine());
    }

    private String styled(Style style, String text) {
        return colour && style != Style.PLAIN ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** What came from a file must not steer the terminal. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
