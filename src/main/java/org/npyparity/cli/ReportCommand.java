package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Merges the reports of shards. */
@Command(
        name = "report",
        description = "Merge the report.json of several shards into one report, the ledger included.",
        footerHeading = "%nExamples:%n",
        footer = "  npyparity report target/shard-*/report.json --report target/parity-report")
final class ReportCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Parameters(paramLabel = "JSON", arity = "1..*", description = "The report.json of each shard.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> files;

    @Mixin
    private Reporting reporting = new Reporting();

    @Override
    public Integer call() throws IOException {
        reporting.requireWritable();
        return reporting.merge(files, root.terminal());
    }
}
