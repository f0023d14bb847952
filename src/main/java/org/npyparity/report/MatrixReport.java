package org.npyparity.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.npyparity.audit.Matrix;

/** The table of pairs that agree, and how far: on the console, and as {@code matrix.json}, {@code .md} and {@code .html}. */
public final class MatrixReport {
    private static final String CAPTION =
            "worst difference / bound of two correct computations, and elements of equal bits";

    private MatrixReport() {}

    /** Writes {@code matrix.json}, {@code matrix.md} and {@code matrix.html}, each whole or not at all. */
    public static void write(Matrix matrix, Path directory) throws IOException {
        Files.createDirectories(directory);
        replace(directory.resolve("matrix.json"), json(matrix));
        replace(directory.resolve("matrix.md"), markdown(matrix));
        replace(directory.resolve("matrix.html"), html(matrix));
    }

    private static void replace(Path file, String content) throws IOException {
        Path beside = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.writeString(beside, content, StandardCharsets.UTF_8);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** For the console: the parties by letter, then the upper triangle, columns aligned. */
    public static String render(Matrix matrix) {
        StringBuilder out = new StringBuilder();
        List<String> parties = matrix.parties();
        for (int i = 0; i < parties.size(); i++) {
            out.append("    ")
                    .append(letter(i))
                    .append("  ")
                    .append(parties.get(i))
                    .append('\n');
        }
        out.append("\n    ").append(CAPTION).append('\n');
        List<List<String>> rows = rows(matrix);
        int width = rows.stream()
                .flatMap(List::stream)
                .mapToInt(String::length)
                .max()
                .orElse(0);
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("    ");
            for (String cell : row) {
                line.append(" ".repeat(width - cell.length())).append(cell).append("  ");
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        out.append('\n').append(verdict(matrix)).append('\n');
        return out.toString();
    }

    private static String verdict(Matrix matrix) {
        Matrix.Pair worst = worst(matrix);
        long apart = matrix.pairs().stream().filter(p -> !p.verdict().passes()).count();
        String figures = Numbers.count(matrix.cases()) + " cases, "
                + Numbers.count(matrix.pairs().size()) + " pairs, "
                + Numbers.count(
                        matrix.pairs().stream().mapToLong(Matrix.Pair::elements).sum()) + " elements compared";
        if (matrix.exitCode() == 0) {
            return "PARITY  all pairs agree; the largest difference is " + fraction(worst) + " of the bound"
                    + (worst.worst().isEmpty()
                            ? ""
                            : " (" + letter(worst.first()) + letter(worst.second()) + ", " + worst.worst() + ")")
                    + ".\n" + figures;
        }
        return (apart > 0
                        ? "MISMATCH  " + apart + " of " + matrix.pairs().size() + " pairs do not agree; the worst is "
                                + letter(worst.first()) + letter(worst.second()) + " in " + worst.worst() + "."
                        : "INCOMPLETE  not everything could be compared.")
                + "\n" + figures;
    }

    private static Matrix.Pair worst(Matrix matrix) {
        return matrix.pairs().stream()
                .max(java.util.Comparator.comparing(Matrix.Pair::verdict).thenComparing(Matrix.Pair::worstFraction))
                .orElseThrow();
    }

    /** A header, then a row for each party but the last. */
    private static List<List<String>> rows(Matrix matrix) {
        int size = matrix.parties().size();
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(""));
        for (int i = 1; i < size; i++) {
            header.add(letter(i));
        }
        rows.add(header);
        for (int a = 0; a < size - 1; a++) {
            List<String> row = new ArrayList<>(List.of(letter(a)));
            for (int b = 1; b < size; b++) {
                row.add(b <= a ? "" : cell(pair(matrix, a, b)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Matrix.Pair pair(Matrix matrix, int a, int b) {
        return matrix.pairs().stream()
                .filter(p -> p.first() == a && p.second() == b)
                .findFirst()
                .orElseThrow();
    }

    private static String cell(Matrix.Pair pair) {
        if (pair.elements() == 0) {
            return "nothing";
        }
        double equal = Math.floor(1000.0 * pair.equal() / pair.elements()) / 10; // 100 % is all of them
        return (pair.verdict().passes() ? "" : "\u2717 ") + fraction(pair) + "  "
                + String.format(Locale.ROOT, "%.1f %%", equal);
    }

    private static String fraction(Matrix.Pair pair) {
        return Double.isInfinite(pair.worstFraction())
                ? "inf"
                : String.format(Locale.ROOT, "%.3f", pair.worstFraction());
    }

    private static String letter(int party) {
        return party < 26 ? "" + (char) ('A' + party) : "P" + party;
    }

    private static String json(Matrix matrix) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("format", "1.0");
        content.put("exit_code", matrix.exitCode());
        content.put("cases", matrix.cases());
        content.put("parties", matrix.parties());
        content.put("pairs", matrix.pairs());
        content.put("refused", matrix.refused());
        content.put("gaps", matrix.gaps());
        return ReportJson.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n";
    }

    private static String markdown(Matrix matrix) {
        StringBuilder out = new StringBuilder("# Which pairs agree, and how far\n\n");
        for (int i = 0; i < matrix.parties().size(); i++) {
            out.append("- **")
                    .append(letter(i))
                    .append("** ")
                    .append(matrix.parties().get(i))
                    .append('\n');
        }
        out.append("\n").append(CAPTION).append(":\n\n");
        List<List<String>> rows = rows(matrix);
        for (int i = 0; i < rows.size(); i++) {
            out.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                out.append("|").append("---|".repeat(rows.get(0).size())).append('\n');
            }
        }
        return out.append('\n').append(verdict(matrix)).append('\n').toString();
    }

    private static String html(Matrix matrix) {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
                + "<title>npyparity: which pairs agree</title>\n<style>body{font:15px/1.5 system-ui,sans-serif;"
                + "margin:2em}table{border-collapse:collapse}th,td{border:1px solid #888;padding:.3em .8em;"
                + "text-align:right}.no{background:#fdd;color:#900}@media(prefers-color-scheme:dark){"
                + "body{background:#111;color:#eee}.no{background:#511;color:#fcc}}</style>\n"
                + "<h1>Which pairs agree, and how far</h1>\n<ul>\n");
        for (int i = 0; i < matrix.parties().size(); i++) {
            out.append(
                    "<li><b>" + letter(i) + "</b> " + escaped(matrix.parties().get(i)) + "\n");
        }
        out.append("</ul>\n<table><caption>" + CAPTION + "</caption>\n");
        List<List<String>> rows = rows(matrix);
        for (int i = 0; i < rows.size(); i++) {
            out.append("<tr>");
            for (int j = 0; j < rows.get(i).size(); j++) {
                String cell = rows.get(i).get(j);
                String tag = i == 0 || j == 0 ? "th" : "td";
                out.append("<" + tag + (cell.startsWith("\u2717") ? " class=\"no\">" : ">") + escaped(cell) + "</" + tag
                        + ">");
            }
            out.append("</tr>\n");
        }
        return out + "</table>\n<p>" + escaped(verdict(matrix)) + "</p></html>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
