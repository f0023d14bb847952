package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.compare.Policy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is judged, by which policy, and where the reports go: what audit and check have in common. */
final class Judging {
    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Reporting reporting = new Reporting();

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "In place of the cases' own: " + Policy.FORMS + ".")
    private @Nullable Policy policy;

    /**
     * Judges, with progress; writes the reports and prints the short one.
     *
     * @param command whose progress it is
     * @param engine which engine, or what to call what computed {@code actual}
     * @param actual where arrays are that something else computed
     * @param against what else to compare in pairs
     * @param arrays which to judge; all if empty
     * @return the exit code
     */
    int judge(
            String command,
            Npyparity root,
            String engine,
            Optional<Path> actual,
            List<Path> against,
            List<String> arrays)
            throws IOException {
        AuditRequest request =
                selection.request(root.terminal(), engine, policy, actual).withAgainst(against);
        return reporting.audit(command, Selection.narrowed(request, arrays), root);
    }
}
