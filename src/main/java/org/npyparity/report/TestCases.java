package org.npyparity.report;

import freemarker.core.XMLOutputFormat;
import java.util.Locale;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/**
 * The tests of one case by one engine, which junit.xml.ftlx puts together. No template: it would be the one that is asked
 * for each case, and most of its time.
 */
final class TestCases {
    private final StringBuilder xml = new StringBuilder();

    private TestCases() {}

    /**
     * Each judgement as a test.
     *
     * @param command the line that repeats the audit
     */
    static String of(Outcome outcome, String command) {
        TestCases tests = new TestCases();
        for (Judged judged : outcome.run().judgements()) {
            tests.add(outcome, judged, command);
        }
        return tests.xml.toString();
    }

    private void add(Outcome outcome, Judged judged, String command) {
        String id = outcome.subject().id();
        String engine = outcome.run().engine();
        xml.append("  <testcase classname=\"");
        text(id);
        xml.append("\" name=\"");
        text(judged.array() + " " + judged.scope() + ", stage " + judged.stage() + " of engine " + engine);
        xml.append("\" time=\"0\"");
        if (judged.passes()) {
            xml.append("/>\n");
            return;
        }
        xml.append("><failure type=\"");
        text(judged.verdict().toString().toLowerCase(Locale.ROOT));
        xml.append("\" message=\"");
        text(message(judged));
        xml.append("\">");
        text(Facts.of(outcome, judged) + "\nrepeat: " + Invocation.narrowed(command, id, engine));
        xml.append("\n</failure></testcase>\n");
    }

    private void text(String plain) {
        xml.append(XMLOutputFormat.INSTANCE.escapePlainText(plain));
    }

    private static String message(Judged judged) {
        return judged.incomparable() != null
                ? judged.incomparable()
                : Numbers.count(judged.failing()) + " of " + Numbers.counted(judged.elements(), "element")
                        + " outside, worst / bound " + ReportView.fraction(judged);
    }
}
