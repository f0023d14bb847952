package org.npyparity.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/**
 * A judgement as a test of junit.xml.
 *
 * @param className the case
 * @param name unique within the case and engine
 * @param failure why it fails; null if it passes
 */
public record TestCase(
        String className, String name, @Nullable Failure failure) {
    /**
     * A test that fails.
     *
     * @param type the verdict
     * @param message one line
     * @param text all that is known of it, and the line that repeats it
     */
    public record Failure(String type, String message, String text) {}

    /**
     * The judgements of a case by an engine.
     *
     * @param command the line that repeats the audit
     */
    static List<TestCase> of(Outcome outcome, String command) {
        String id = outcome.subject().id();
        String engine = outcome.run().engine();
        return outcome.run().judgements().stream()
                .map(judged -> new TestCase(
                        id,
                        judged.array() + " " + judged.scope() + ", stage " + judged.stage() + " of engine " + engine,
                        judged.passes() ? null : failure(outcome, judged, Invocation.narrowed(command, id, engine))))
                .toList();
    }

    private static Failure failure(Outcome outcome, Judged judged, String repeat) {
        String message = judged.incomparable() != null
                ? judged.incomparable()
                : Numbers.count(judged.failing()) + " of " + Numbers.counted(judged.elements(), "element")
                        + " outside, worst / bound " + ReportView.fraction(judged);
        return new Failure(
                judged.verdict().toString().toLowerCase(Locale.ROOT),
                message,
                Facts.of(outcome, judged) + "\nrepeat: " + repeat);
    }
}
