package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.Judgement;
import org.npyparity.report.Facts;
import org.npyparity.report.Numbers;
import picocli.CommandLine.Option;

/** Where an audit's reports go. */
final class Reporting {
    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "target/parity-report",
            description = "Where index.html, report.json, junit.xml and summary.md go. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /**
     * Finds out before the work is done.
     *
     * @throws UsageException if the directory cannot be written
     */
    void requireWritable() {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".npyparity", ".tmp"));
        } catch (IOException e) {
            throw new UsageException(
                    "--report " + directory + ": cannot be written (" + Faults.sentence(e)
                            + "), expected a directory for the reports",
                    e);
        }
    }

    /** Writes the reports and prints the short one. */
    int write(AuditResult result, Terminal terminal) throws IOException {
        for (CaseAudit audit : result.audits()) {
            for (Judgement judgement : audit.judgements()) {
                if (!judgement.passes()) {
                    terminal.out().println(Facts.of(audit, judgement));
                    terminal.out().println();
                }
            }
        }
        result.ledger().gaps().forEach(g -> terminal.out().println("gap      " + g));
        result.ledger().refused().forEach(g -> terminal.out().println("refused  " + g));
        terminal.out()
                .println(result.verdict() + ": " + Numbers.count(result.ledger().judged()) + " cases, "
                        + Numbers.count(result.ledger().arraysJudged()) + " arrays, "
                        + Numbers.count(result.ledger().elements()) + " elements, engines "
                        + String.join(", ", result.engines()) + "; report in " + directory);
        return result.exitCode();
    }

    /** Merges reports and prints the short one. */
    int merge(List<Path> files, Terminal terminal) throws IOException {
        throw new UsageException("report: cannot merge " + files + " yet");
    }
}
