package org.npyparity.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Operations;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root: what holds for all commands. */
@Command(
        name = "npyparity",
        description = "Proves, element by element, that a computation equals its NumPy reference.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Npyparity.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity audit                          all fixtures, all engines",
            "  npyparity run fixtures/golden --engine ejml --out out",
            "  npyparity check fixtures/golden --actual out",
            "  npyparity fuzz --seconds 60              live, against NumPy",
            "  npyparity diff actual.npy expected.npy --rtol 1e-7",
            "  npyparity inspect weights.npy",
            "%nExit codes: 0 parity; 1 mismatch, undecidable or incomplete; 2 bad input or usage.",
        })
final class Npyparity implements Runnable {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this and exit.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show version, JVM and engines, and exit.")
    private boolean version;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of what goes wrong.")
    private boolean verbose;

    Npyparity(Terminal terminal) {
        this.terminal = terminal;
    }

    boolean verbose() {
        return verbose;
    }

    Terminal terminal() {
        return terminal;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command is given: expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** Version, JVM, and the engines with why one cannot run. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Version.class.getPackage().getImplementationVersion();
            List<String> lines = new ArrayList<>();
            lines.add("npyparity " + (version == null ? "(not packaged)" : version));
            lines.add("JVM " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
            Map<String, Operation.Engine> engines = new LinkedHashMap<>();
            Operations.all().forEach(o -> o.engines().forEach(e -> engines.putIfAbsent(e.name(), e)));
            engines.forEach((name, e) -> lines.add("engine " + name + ": "
                    + e.unavailable()
                            .map(reason -> "cannot run here: " + reason)
                            .orElse(e.description())));
            // picocli formats each line: % is no exception.
            return lines.stream().map(l -> l.replace("%", "%%")).toArray(String[]::new);
        }
    }
}
