package org.npyparity.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.npyparity.compare.Policy;

/**
 * What to audit.
 *
 * @param directories fixture directories
 * @param engine the name of one engine, or {@link #ALL_ENGINES}
 * @param cases a glob over case ids, {@code *} and {@code ?}
 * @param policy in place of the cases' own
 * @param shard which part
 * @param actual arrays that something else computed, judged in place of an engine: {@code <case-id>/<array>.npy}; then
 *     {@code engine} is the name that reports give to whatever computed them
 */
public record AuditRequest(
        List<Path> directories,
        String engine,
        String cases,
        Optional<Policy> policy,
        Shard shard,
        Optional<Path> actual) {
    /** Every engine that can run in this JVM. */
    public static final String ALL_ENGINES = "all";

    public AuditRequest {
        directories = List.copyOf(directories);
    }

    /** An audit of engines. */
    public AuditRequest(List<Path> directories, String engine, String cases, Optional<Policy> policy, Shard shard) {
        this(directories, engine, cases, policy, shard, Optional.empty());
    }

    /** Everything in these directories, by every engine. */
    public static AuditRequest of(Path... directories) {
        return new AuditRequest(List.of(directories), ALL_ENGINES, "*", Optional.empty(), Shard.WHOLE);
    }

    /** Whether the case of that id is asked for, by its name and its shard. */
    public boolean includes(String id) {
        String regex = cases.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : java.util.regex.Pattern.quote("" + (char) c))
                .collect(java.util.stream.Collectors.joining());
        return id.matches(regex) && shard.contains(id);
    }
}
