package org.npyparity.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.CaseReader;
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
            defaultValue = AuditRequest.ALL_CASES,
            description =
                    "Only cases whose id matches; * and ? are wild. !GLOB leaves out what matches; several are separated by commas.")
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
        AuditRequest request = new AuditRequest(
                found, engine, cases, Optional.ofNullable(policy), shard, actual, List.of(), List.of());
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
        if (cases.equals(AuditRequest.ALL_CASES)) {
            return;
        }
        List<String> ids = List.copyOf(found(request).keySet());
        if (!ids.isEmpty() && ids.stream().noneMatch(request.includes())) {
            throw new UsageException("--case " + cases + " matches none of the " + ids.size()
                    + " cases: expected one of " + listed(ids));
        }
    }

    /** The cases in a request's directories, before its glob and its shard choose; the audit says which are refused. */
    private static Map<String, Path> found(AuditRequest request) {
        return FixtureDirectory.find(request.directories(), refused -> {});
    }

    /**
     * That request, for the arrays of these names only.
     *
     * @param arrays all if empty
     * @throws UsageException naming those that the cases asked for have, if one of {@code arrays} is none of them
     */
    static AuditRequest narrowed(AuditRequest request, List<String> arrays) {
        if (arrays.isEmpty()) {
            return request;
        }
        Set<String> unknown = new LinkedHashSet<>(arrays);
        Set<String> known = new LinkedHashSet<>();
        Map<String, Path> cases = found(request);
        cases.keySet().removeIf(request.withShard(Shard.WHOLE).includes().negate());
        for (Path path : cases.values()) {
            if (unknown.isEmpty()) {
                break;
            }
            try {
                known.addAll(CaseReader.read(path).expected().keySet());
            } catch (FixtureException e) {
                continue; // the audit says what is wrong with it
            }
            unknown.removeAll(known);
        }
        if (!unknown.isEmpty() && !known.isEmpty()) {
            throw new UsageException("--arrays " + String.join(",", unknown)
                    + ": no case asked for expects such an array, expected some of " + String.join(", ", known));
        }
        return request.withArrays(arrays.stream().distinct().toList());
    }

    private static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(LISTED, names.size())))
                + (names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "");
    }
}
