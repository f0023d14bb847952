package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Matrix;
import org.npyparity.compare.Policy;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.operation.Operations;
import org.npyparity.report.MatrixReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Compares several computations of the same cases, pair by pair. */
@Command(
        name = "matrix",
        description = {
            "Compare several computations of the same cases pair by pair: the fixtures, other fixture directories made",
            "from the same inputs (by another NumPy or BLAS), arrays that something else wrote, and engines."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity matrix fixtures/golden",
            "  npyparity matrix fixtures/golden --actual golden-by-numpy-1.24 --actual out --engine all",
        })
final class MatrixCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--actual",
            paramLabel = "OUT",
            description = "Computed arrays, or a fixture directory made from the same inputs; may be repeated.")
    private List<Path> actuals = new ArrayList<>();

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = AuditRequest.ALL_ENGINES,
            description = "One engine, all that can run here, or none. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private String engine;

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "In place of the cases' own: " + Policy.FORMS + ".")
    private @Nullable Policy policy;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "target/parity-report",
            description = "Where matrix.html, matrix.json and matrix.md go. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private Path report;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = root.terminal();
        AuditRequest request = selection.request(terminal, AuditRequest.ALL_ENGINES, policy, Optional.empty());
        List<String> engines = engines();
        if (engines.isEmpty() && actuals.isEmpty()) {
            throw new UsageException("--engine none without --actual: expected something to compare the fixtures with");
        }
        Matrix matrix;
        try (ProgressLine progress = new ProgressLine("matrix", terminal, root.verbose())) {
            matrix = Matrix.of(request, actuals, engines, progress);
        }
        MatrixReport.write(matrix, report);
        terminal.out().print(MatrixReport.render(matrix));
        terminal.out().println("report: " + report.resolve("matrix.html"));
        matrix.refused().forEach(sentence -> terminal.err().println("npyparity matrix: " + sentence));
        matrix.gaps().forEach(sentence -> terminal.err().println("npyparity matrix: " + sentence));
        return matrix.exitCode();
    }

    private List<String> engines() {
        if (engine.equals(NONE)) {
            return List.of();
        }
        String wanted = Selection.requireEngine(engine, true);
        return Operations.all().stream()
                .flatMap(o -> o.engines().stream())
                .filter(e -> e.unavailable().isEmpty())
                .map(Engine::name)
                .filter(name -> wanted.equals(AuditRequest.ALL_ENGINES) || wanted.equals(name))
                .distinct()
                .toList();
    }
}
