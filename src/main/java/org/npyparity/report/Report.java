package org.npyparity.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.Environment;
import org.npyparity.audit.Gallery;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Matrix;
import org.npyparity.audit.Picture;
import org.npyparity.audit.Scope;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.compare.Comparison.Violations;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Provenance;

/**
 * An audit as report.json holds it and as every renderer takes it. Made by {@link Reports#audit}, read by
 * {@link Reports#read}; {@code report.schema.json} describes each field again for other readers.
 *
 * @param format version of this format
 * @param npyparity version of the program
 * @param verdict the worst of all judgements; see also {@link #ledger}
 * @param exitCode 0 parity, 1 mismatch, undecidable or a gap, 2 bad input
 * @param command the line that repeats the audit
 * @param started the instant, ISO 8601
 * @param seconds that it took; of shards, the sum
 * @param selection what was asked for
 * @param fixtures what identifies the fixtures
 * @param engines that were judged
 * @param ledger what was there, and what was judged
 * @param coverage which combinations were judged
 * @param provenance of both sides
 * @param cases by directory and id
 * @param matrix which pairs of computations agree, and how far; null if none were compared
 */
public record Report(
        String format,
        String npyparity,
        Verdict verdict,
        int exitCode,
        String command,
        String started,
        double seconds,
        Selection selection,
        Fixtures fixtures,
        List<Engine> engines,
        Ledger ledger,
        List<Coverage> coverage,
        Origins provenance,
        Cases cases,
        @Nullable Matrix matrix) {
    /** The version that this program writes; it reads every minor version of the same major version. */
    public static final String FORMAT = "1.3";

    public Report {
        engines = copy(engines);
        coverage = copy(coverage);
        cases = cases == null ? Cases.none() : cases;
    }

    Report with(Cases others) {
        return new Report(
                format,
                npyparity,
                verdict,
                exitCode,
                command,
                started,
                seconds,
                selection,
                fixtures,
                engines,
                ledger,
                coverage,
                provenance,
                others,
                matrix);
    }

    /**
     * What was asked for.
     *
     * @param engine a name, or all
     * @param cases a glob over ids
     * @param policy in place of the cases' own
     * @param actual where the arrays were that something else computed; null if engines were judged
     * @param shards {@code I/N} each
     * @param arrays the names of those that were judged; empty if all were
     */
    public record Selection(
            String engine,
            String cases,
            @Nullable String policy,
            @Nullable String actual,
            List<String> shards,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> arrays) {
        public Selection {
            shards = copy(shards);
            arrays = copy(arrays);
        }
    }

    /**
     * What identifies the fixtures, see {@link org.npyparity.fixture.FixtureHash}.
     *
     * @param sha256 over all cases of all directories
     * @param directories each alone
     */
    public record Fixtures(String sha256, List<Directory> directories) {
        public Fixtures {
            directories = copy(directories);
        }
    }

    /**
     * A fixture directory.
     *
     * @param path as it was given
     * @param sha256 over all its cases, also those that another shard judges
     * @param cases how many
     */
    public record Directory(String path, String sha256, int cases) {}

    /**
     * An implementation.
     *
     * @param name its name
     * @param description one line on how it computes
     * @param equality how much of it is NumPy's to the bit; null if nothing that may be rounded was compared
     */
    public record Engine(
            String name, String description, @Nullable Equality equality) {
        Engine with(@Nullable Equality other) {
            return new Engine(name, description, other);
        }
    }

    /**
     * Where both sides come from.
     *
     * @param expected who made the expected arrays
     * @param actual where the implementation under test ran
     */
    public record Origins(List<Made> expected, List<Ran> actual) {
        public Origins {
            expected = copy(expected);
            actual = copy(actual);
        }
    }

    /**
     * Cases that were made alike.
     *
     * @param by whom
     * @param cases how many
     */
    public record Made(Provenance by, int cases) {}

    /**
     * Cases that were judged alike.
     *
     * @param in where
     * @param cases how many
     */
    public record Ran(Environment in, int cases) {}

    /**
     * One case.
     *
     * @param id its name
     * @param why what it would catch
     * @param directory the index of its fixture directory
     * @param sha256 of its case.json
     * @param operation what is computed
     * @param family how the data were chosen
     * @param variant which kind of special
     * @param dtype what is computed in
     * @param parameters the operation's
     * @param seed of the random stream
     * @param policy it was judged by
     * @param runs one for each engine
     */
    public record CaseEntry(
            String id,
            String why,
            int directory,
            String sha256,
            String operation,
            String family,
            @Nullable String variant,
            String dtype,
            Map<String, Object> parameters,
            long seed,
            String policy,
            List<Run> runs) {
        public CaseEntry {
            parameters = copy(parameters);
            runs = copy(runs);
        }

        CaseEntry with(List<Run> others) {
            return new CaseEntry(
                    id, why, directory, sha256, operation, family, variant, dtype, parameters, seed, policy, others);
        }

        /** The pictures that it has. */
        List<Gallery.Exhibit> exhibits() {
            return runs.stream()
                    .flatMap(r -> r.judgements().stream().flatMap(j -> Stream.ofNullable(j.picture())
                            .map(p -> new Gallery.Exhibit(subject(r, j), j.passes(), j.worstFraction(), p))))
                    .toList();
        }

        private Gallery.Subject subject(Run run, Judged judged) {
            return new Gallery.Subject(id, run.engine(), judged.stage(), judged.array(), judged.scope());
        }

        @Nullable
        Integer parameter(String name) {
            return parameters.get(name) instanceof Number number ? (Integer) number.intValue() : null;
        }
    }

    /**
     * One case, judged for one engine.
     *
     * @param engine its name
     * @param verdict the worst of the judgements
     * @param judgements in the order of the stages, each local one before its end-to-end one
     * @param who for the worst elements, which side is wrong
     * @param what the known mistakes that explain the result, best first
     */
    public record Run(
            String engine,
            Verdict verdict,
            List<Judged> judgements,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Arbitration> who,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Explanation> what) {
        public Run {
            judgements = copy(judgements);
            who = copy(who);
            what = copy(what);
        }

        Run with(List<Judged> others) {
            return new Run(engine, verdict, others, who, what);
        }

        /** Which side is wrong, by the elements of that judgement: another stage may make the same array. */
        List<Arbitration> who(Judged judged) {
            return who.stream()
                    .filter(w -> w.stage().equals(judged.stage())
                            && w.array().equals(judged.array())
                            && w.scope() == judged.scope())
                    .toList();
        }

        /** The known mistakes that explain that judgement's stage, best first. */
        public List<Explanation> mistakes(Judged judged) {
            return what.stream().filter(w -> w.explains(judged.stage())).toList();
        }

        /** Where bugs are: the stages that fail from correct predecessors. See {@link org.npyparity.audit.CaseAudit#place}. */
        List<Judged> places() {
            return judgements.stream()
                    .filter(j -> j.scope() == Scope.LOCAL && !j.passes() && j.verdict() == verdict)
                    .toList();
        }

        /** The first of them: what fails end to end alone may be its consequence. */
        public Optional<Judged> place() {
            return places().stream().findFirst();
        }

        /** The judgement that says most: the place, or the worst failing one, or the one closest to its tolerance. */
        public Optional<Judged> worst() {
            return place().or(() -> judgements.stream()
                    .max(Comparator.comparing(Judged::verdict).thenComparing(Judged::worstFraction)));
        }

        /** The largest error as a fraction of its tolerance, over all judgements. */
        public double worstFraction() {
            return judgements.stream().mapToDouble(Judged::worstFraction).max().orElse(0);
        }

        public boolean passes() {
            return verdict.passes();
        }
    }

    /**
     * One array, judged.
     *
     * @param stage that computed it
     * @param array its name
     * @param scope from where it was computed
     * @param shape of the expected array
     * @param verdict what is proven
     * @param elements compared
     * @param differing how many differ at all
     * @param zeroSigns how many more are zeros of two signs, which the policy takes for equal
     * @param failing how many are outside the policy
     * @param undecidable for how many the bound proves nothing
     * @param ambiguous how many lie at a ReLU's kink
     * @param allZero whether every expected element is zero
     * @param noticedDrop the power of the bound
     * @param policy if it is not the case's
     * @param worst which of {@code points} are the worst; null if nothing differs
     * @param first which of {@code points} are the first that fail
     * @param points elements worth naming
     * @param incomparable why no element was compared
     * @param violations the failing elements in the words of NumPy's messages; null if none fails
     * @param picture of the worst judgements only
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Judged(
            String stage,
            String array,
            Scope scope,
            List<Integer> shape,
            Verdict verdict,
            long elements,
            long differing,
            long zeroSigns,
            long failing,
            long undecidable,
            long ambiguous,
            boolean allZero,
            double noticedDrop,
            @Nullable String policy,
            @Nullable Worst worst,
            List<Integer> first,
            List<Difference> points,
            @Nullable String incomparable,
            @Nullable Violations violations,
            @Nullable Picture picture) {
        public Judged {
            shape = copy(shape);
            first = copy(first);
            points = copy(points);
        }

        public boolean passes() {
            return verdict.passes();
        }

        /** What the stage makes: {@code unpad → din_data}. */
        public String step() {
            return stage + " → " + array;
        }

        /** The largest error as a fraction of its tolerance; 0 if there is none. */
        public double worstFraction() {
            return byFraction().map(Difference::fraction).orElse(0.0);
        }

        public Optional<Difference> byAbsolute() {
            return point(Worst::absolute);
        }

        public Optional<Difference> byRelative() {
            return point(Worst::relative);
        }

        public Optional<Difference> byUlp() {
            return point(Worst::ulp);
        }

        public Optional<Difference> byFraction() {
            return point(Worst::fraction);
        }

        /** The first failing elements. */
        public List<Difference> firstPoints() {
            return first.stream().map(points::get).toList();
        }

        private Optional<Difference> point(Function<Worst, @Nullable Integer> measure) {
            return Optional.ofNullable(worst).map(measure).map(points::get);
        }
    }

    /**
     * The worst elements as indices of {@link Judged#points}; null where nothing differs.
     *
     * @param absolute by |actual - expected|
     * @param relative by |actual - expected| / |expected|
     * @param ulp by the number of representable values between them
     * @param fraction by |actual - expected| / tolerance
     */
    public record Worst(
            @Nullable Integer absolute,
            @Nullable Integer relative,
            @Nullable Integer ulp,
            @Nullable Integer fraction) {}

    /** The line that repeats one case by one engine. */
    public String repeat(CaseEntry subject, String engine) {
        return Invocation.narrowed(command, subject.id(), engine);
    }

    /** Whether everything was judged and equal. */
    public boolean passes() {
        return exitCode == 0;
    }

    /** Every (case, engine). */
    public Stream<Outcome> runs() {
        return cases.stream().flatMap(c -> c.runs().stream().map(r -> new Outcome(c, r)));
    }

    /**
     * A case and what became of it.
     *
     * @param subject the case
     * @param run by one engine
     */
    public record Outcome(CaseEntry subject, Run run) {}

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    static <V> Map<String, V> copy(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
