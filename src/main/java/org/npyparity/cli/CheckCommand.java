package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Judges arrays that something else wrote. */
@Command(
        name = "check",
        description = "Judge arrays that something else wrote, in any language: OUT/<case-id>/<array>.npy.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity check fixtures/golden --actual out",
            "  npyparity check fixtures/golden --actual golden-by-another-numpy",
            "  npyparity check fixtures/golden --actual out --name rust --case '*-float32-*'",
            "  npyparity check --actual out --arrays filter_data,dweights,dbias,din_data",
        })
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Mixin
    private Judging judging = new Judging();

    @Option(
            names = "--actual",
            paramLabel = "OUT",
            required = true,
            description = "The computed arrays, one directory for each case; or a fixture directory that somebody else"
                    + " emitted from the same inputs.")
    @SuppressWarnings("NullAway.Init")
    private Path actual;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What reports call the implementation. Default: the name of OUT.")
    private @Nullable String name;

    @Option(
            names = "--arrays",
            paramLabel = "NAME",
            split = ",",
            description = "Judge only these arrays, such as those that a direct kernel makes. Reports say what is left"
                    + " out. Default: all that the case expects.")
    private List<String> arrays = List.of();

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(actual)) {
            throw new UsageException(
                    "--actual " + actual
                            + ": is no directory, expected computed arrays in it as <case-id>/<array>.npy; npyparity run writes such");
        }
        if (name != null && name.isBlank()) {
            throw new UsageException("--name is empty: expected what reports call the implementation");
        }
        String called = name == null ? AuditRequest.party(actual) : name;
        return judging.judge("check", root, called, Optional.of(actual), List.of(), arrays);
    }
}
