package org.npyparity.report;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.compare.Policy;

/**
 * What an audit's result does not know of itself.
 *
 * @param command the line that repeats it
 * @param started when
 * @param took how long
 */
public record Invocation(String command, Instant started, Duration took) {
    /** How the line of an audit begins. */
    static final String AUDIT = "bin/npyparity audit";

    private static final String WHOLE = "1/1";

    /** An audit's invocation, its line put together from the request. */
    public static Invocation of(AuditRequest request, Instant started, Duration took) {
        return new Invocation(
                audit(
                        request.directories().stream().map(Path::toString).toList(),
                        request.engine(),
                        request.cases(),
                        request.policy().map(Policy::toString).orElse(null),
                        request.shard().toString()),
                started,
                took);
    }

    static String audit(List<String> directories, String engine, String cases, @Nullable String policy, String shard) {
        List<String> words = new ArrayList<>(directories);
        option(words, "--engine", engine, AuditRequest.ALL_ENGINES);
        option(words, "--case", cases, "*");
        option(words, "--policy", policy, null);
        option(words, "--shard", shard, WHOLE);
        return AUDIT + words.stream().map(w -> " " + quoted(w)).collect(Collectors.joining());
    }

    private static void option(List<String> words, String name, @Nullable String value, @Nullable String standard) {
        if (value != null && !value.equals(standard)) {
            words.add(name);
            words.add(value);
        }
    }

    /** A word as a POSIX shell takes it. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** A line without its shard. */
    static String whole(String command) {
        return command.replaceAll(" --shard [0-9]+/[0-9]+", "");
    }
}
