package org.npyparity.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.npyparity.audit.AuditRequest;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.operation.Operations;
import picocli.CommandLine.Option;

/** Which engines a command is about. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = AuditRequest.ALL_ENGINES,
            description = "One engine, or all that can run here. Default: ${DEFAULT-VALUE}; `npyparity --version` lists"
                    + " them.")
    @SuppressWarnings("NullAway.Init")
    private String engine;

    /**
     * The name of an engine that can run here, or all of them.
     *
     * @throws UsageException naming those there are
     */
    String required() {
        return require(engine, true);
    }

    /**
     * Checks that there is such an engine and that it can run here.
     *
     * @return {@code name}
     * @throws UsageException naming those there are
     */
    static String require(String name, boolean allowAll) {
        Set<String> names = new LinkedHashSet<>(allowAll ? List.of(AuditRequest.ALL_ENGINES) : List.of());
        List<Engine> engines =
                Operations.all().stream().flatMap(o -> o.engines().stream()).toList();
        engines.forEach(e -> names.add(e.name()));
        if (!names.contains(name)) {
            throw new UsageException(
                    "--engine " + name + ": no engine is called so, expected one of " + String.join(", ", names));
        }
        for (Engine engine : engines) {
            if (engine.name().equals(name) && engine.unavailable().isPresent()) {
                throw new UsageException("--engine " + name + ": it cannot run here: "
                        + engine.unavailable().get());
            }
        }
        return name;
    }
}
