package org.npyparity.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which cases a command is about. */
final class Selection {
    private static final int LISTED = 12;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description = "Fixture directories, or single cases. Default: fixtures/golden and, if it is there,"
                    + " fixtures/generated; here, else in the project of the launcher.")
    private List<Path> directories = new ArrayList<>();

    @Option(
            names = "--case",
            paramLabel = "GLOB",
            defaultValue = "*",
            description = "Only cases whose id matches; * and ? are wild.")
    @SuppressWarnings("NullAway.Init")
    private String cases;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            defaultValue = "1/1",
            description = "Only part I of N. A case belongs to a part by its id alone; `npyparity report` merges.")
    @SuppressWarnings("NullAway.Init")
    private Shard shard;

    /**
     * The request.
     *
     * @throws UsageException if the glob matches no case
     */
    AuditRequest request(Terminal terminal, String engine, @Nullable Policy policy, Optional<Path> actual) {
        List<Path> found = directories.isEmpty() ? defaults(terminal) : directories;
        AuditRequest request =
                new AuditRequest(found, engine, cases, Optional.ofNullable(policy), shard, actual, List.of());
        requireMatch(request.withShard(Shard.WHOLE));
        return request;
    }

    private static List<Path> defaults(Terminal terminal) {
        Path here = Path.of("fixtures");
        Path fixtures =
                Files.isDirectory(here.resolve("golden")) || terminal.home().isEmpty()
                        ? here
                        : terminal.home().get().resolve(here);
        Path generated = fixtures.resolve("generated");
        return Files.isDirectory(generated)
                ? List.of(fixtures.resolve("golden"), generated)
                : List.of(fixtures.resolve("golden"));
    }

    /** A glob that matches nothing is a typing mistake; a shard may well be empty. */
    private void requireMatch(AuditRequest request) {
        List<String> ids = new ArrayList<>();
        for (Path directory : request.directories()) {
            try {
                FixtureDirectory.caseDirectories(directory)
                        .forEach(p -> ids.add(p.toAbsolutePath().normalize().getFileName() + ""));
            } catch (FixtureException e) {
                // The audit says what is wrong with it, and judges the others.
                continue;
            }
        }
        if (!ids.isEmpty() && ids.stream().noneMatch(request::includes)) {
            throw new UsageException("--case " + cases + " matches none of the " + ids.size()
                    + " cases: expected one of " + listed(ids));
        }
    }

    private static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(LISTED, names.size())))
                + (names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "");
    }
}
