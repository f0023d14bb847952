package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.npyparity.audit.AuditRequest;
import org.npyparity.report.ConsoleReport;
import org.npyparity.report.Report;
import org.npyparity.report.Reports;
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
     * Judges what is asked for, with progress; writes the reports and prints the short one.
     *
     * @param command whose progress it is
     * @return the exit code
     * @throws UsageException if the reports cannot be written, before any work is done
     */
    int audit(String command, AuditRequest request, Npyparity root) throws IOException {
        requireWritable();
        Terminal terminal = root.terminal();
        Report report;
        try (ProgressLine progress = new ProgressLine(command, terminal, root.verbose())) {
            report = Reports.audit(request, progress, directory);
        }
        return write(report, terminal);
    }

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

    /**
     * Merges reports, writes the whole and prints the short one.
     *
     * @return the exit code
     */
    int merge(List<Path> files, Terminal terminal) throws IOException {
        return write(Reports.merge(files, directory), terminal);
    }

    private int write(Report report, Terminal terminal) throws IOException {
        Reports.write(report, directory);
        if (!terminal.progress()) {
            // On a terminal the report just above says it; where errors go elsewhere they must not be silent.
            report.ledger().refused().forEach(sentence -> terminal.err().println("npyparity: " + sentence));
        }
        terminal.out().print(ConsoleReport.render(report, terminal.colour()));
        terminal.out().println("report: " + directory.resolve(Reports.HTML));
        return report.exitCode();
    }
}
