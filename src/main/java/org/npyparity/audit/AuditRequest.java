package org.npyparity.audit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.npyparity.compare.Policy;

/**
 * What to audit.
 *
 * @param directories fixture directories
 * @param engine the name of one engine, or {@link #ALL_ENGINES}
 * @param cases globs over case ids, {@code *} and {@code ?}, separated by commas: a case is asked for if one matches, or
 *     all begin with {@code !}, and none matches what follows a {@code !}
 * @param policy in place of the cases' own
 * @param shard which part
 * @param actual arrays that something else computed, judged in place of an engine: {@code <case-id>/<array>.npy}; then
 *     {@code engine} is the name that reports give to whatever computed them
 * @param against directories of arrays that others computed of the same inputs; if there are any, all pairs of the
 *     fixtures, these and the engines are compared too, see {@link Matrix}
 * @param arrays the names of those arrays that {@code actual} is judged by; all if empty
 */
public record AuditRequest(
        List<Path> directories,
        String engine,
        String cases,
        Optional<Policy> policy,
        Shard shard,
        Optional<Path> actual,
        List<Path> against,
        List<String> arrays) {
    /** Every engine that can run in this JVM. */
    public static final String ALL_ENGINES = "all";
    /** The glob that every case matches. */
    public static final String ALL_CASES = "*";

    public AuditRequest {
        directories = List.copyOf(directories);
        against = List.copyOf(against);
        arrays = List.copyOf(arrays);
    }

    /** Everything in these directories, by every engine. */
    public static AuditRequest of(Path... directories) {
        return new AuditRequest(
                List.of(directories),
                ALL_ENGINES,
                ALL_CASES,
                Optional.empty(),
                Shard.WHOLE,
                Optional.empty(),
                List.of(),
                List.of());
    }

    /** What reports call whoever computed the arrays of a directory, if nobody names it: as the directory is called. */
    public static String party(Path directory) {
        return directory.toAbsolutePath().normalize().getFileName() + "";
    }

    public AuditRequest withEngine(String name) {
        return new AuditRequest(directories, name, cases, policy, shard, actual, against, arrays);
    }

    public AuditRequest withCases(String glob) {
        return new AuditRequest(directories, engine, glob, policy, shard, actual, against, arrays);
    }

    public AuditRequest withPolicy(Optional<Policy> inPlace) {
        return new AuditRequest(directories, engine, cases, inPlace, shard, actual, against, arrays);
    }

    public AuditRequest withShard(Shard part) {
        return new AuditRequest(directories, engine, cases, policy, part, actual, against, arrays);
    }

    /** This audit of arrays that {@code party} has computed, in place of an engine. */
    public AuditRequest withActual(String party, Path computed) {
        return new AuditRequest(directories, party, cases, policy, shard, Optional.of(computed), against, arrays);
    }

    /** This audit, with all pairs compared. */
    public AuditRequest withAgainst(List<Path> others) {
        return new AuditRequest(directories, engine, cases, policy, shard, actual, others, arrays);
    }

    /** This audit, judging only the arrays of these names. */
    public AuditRequest withArrays(List<String> only) {
        return new AuditRequest(directories, engine, cases, policy, shard, actual, against, only);
    }

    /** Whether an array of that name is asked for. */
    boolean judges(String array) {
        return arrays.isEmpty() || arrays.contains(array);
    }

    /** Whether that engine is asked for. */
    boolean asksFor(String name) {
        return engine.equals(ALL_ENGINES) || engine.equals(name);
    }

    /** Whether the case of an id is asked for, by its name and its shard. */
    public Predicate<String> includes() {
        Map<Boolean, List<Predicate<String>>> globs = Arrays.stream(cases.split(",", -1))
                .collect(Collectors.partitioningBy(
                        g -> g.startsWith("!"), Collectors.mapping(AuditRequest::matching, Collectors.toList())));
        List<Predicate<String>> asked = globs.getOrDefault(false, List.of());
        List<Predicate<String>> left = globs.getOrDefault(true, List.of());
        return id -> (asked.isEmpty() || asked.stream().anyMatch(g -> g.test(id)))
                && left.stream().noneMatch(g -> g.test(id))
                && shard.contains(id);
    }

    /** What a glob matches, without the {@code !} before it. */
    private static Predicate<String> matching(String glob) {
        return Pattern.compile(glob.chars()
                        .skip(glob.startsWith("!") ? 1 : 0)
                        .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + (char) c))
                        .collect(Collectors.joining()))
                .asMatchPredicate();
    }
}
