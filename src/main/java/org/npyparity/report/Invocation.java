package org.npyparity.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.compare.Policy;

/** The line that repeats an audit or a check. */
public final class Invocation {
    private static final String AUDIT = "bin/npyparity audit";
    private static final String CHECK = "bin/npyparity check";
    private static final String WHOLE = "1/1";
    /** An option and its word, quoted or not. */
    private static final String OPTION = " --%s ('[^']*'|\\\\'|[^ '])+";

    private Invocation() {}

    /** The line of a request. */
    static String command(AuditRequest request) {
        List<String> words = new ArrayList<>();
        request.directories().forEach(d -> words.add(path(d)));
        if (request.actual().isPresent()) {
            Path actual = request.actual().get();
            option(words, "--actual", path(actual), null);
            option(words, "--name", request.engine(), AuditRequest.party(actual));
            option(words, "--arrays", String.join(",", request.arrays()), "");
        } else {
            option(words, "--engine", request.engine(), AuditRequest.ALL_ENGINES);
            request.against().forEach(d -> option(words, "--against", path(d), null));
        }
        option(words, "--case", request.cases(), AuditRequest.ALL_CASES);
        option(words, "--policy", request.policy().map(Policy::toString).orElse(null), null);
        option(words, "--shard", request.shard().toString(), WHOLE);
        String line = words.stream().map(w -> " " + quoted(w)).collect(Collectors.joining());
        return (request.actual().isPresent() ? CHECK : AUDIT) + line;
    }

    /** Never an option, nor a file of arguments: what begins as one is given as {@code ./-name}. */
    private static String path(Path path) {
        String text = path.toString();
        return text.startsWith("-") || text.startsWith("@") ? "./" + text : text;
    }

    private static void option(List<String> words, String name, @Nullable String value, @Nullable String standard) {
        if (value != null && !value.equals(standard)) {
            words.add(name);
            words.add(value);
        }
    }

    /** The line of a whole, made to judge one case by one engine. */
    static String narrowed(String command, String caseId, String engine) {
        String line = without(without(without(whole(command), "case"), "engine"), "against");
        // Only an audit chooses among engines; whatever else made the line has its one implementation in it.
        String chosen = line.startsWith(AUDIT) ? " --engine " + quoted(engine) : "";
        return line + chosen + " --case " + quoted(caseId);
    }

    /** A line without its shard. */
    static String whole(String command) {
        return without(command, "shard");
    }

    private static String without(String command, String option) {
        return command.replaceAll(String.format(Locale.ROOT, OPTION, option), "");
    }

    /** A word as a POSIX shell takes it. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
