package org.npyparity.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.Provenance;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.operation.Operations;

/**
 * Which pairs of computations agree, and how far: those of several NumPys, of their BLAS, of engines. Each array is
 * compared end to end, within what two correct computations from the same inputs can be apart.
 *
 * @param parties who computed: the fixtures, the directories that they are held against, the engines
 * @param pairs each two of them that computed a common case, once, in their order
 */
public record Matrix(List<Party> parties, List<Pair> pairs) {

    public Matrix {
        parties = List.copyOf(parties);
        pairs = List.copyOf(pairs);
    }

    /**
     * Who computed.
     *
     * @param name of the directory or the engine
     * @param source NumPy and its BLAS, or how the engine computes; empty if nothing says it
     */
    public record Party(String name, String source) {}

    /**
     * Two parties.
     *
     * @param first its place in {@link #parties}
     * @param second likewise, behind {@code first}
     * @param verdict the worst of all their arrays
     * @param cases of which both have computed something
     * @param arrays compared
     * @param failing how many of them are no parity
     * @param elements compared
     * @param equal how many of them are the same bits, but for the payload of NaN
     * @param worstFraction the difference of the worst array as a fraction of its bound
     * @param worst case and array of it
     */
    public record Pair(
            int first,
            int second,
            Verdict verdict,
            int cases,
            long arrays,
            long failing,
            long elements,
            long equal,
            double worstFraction,
            String worst) {
        /** A total order, so that the sum does not depend on the order of cases or shards. */
        private static final Comparator<Pair> BETTER_FIRST = Comparator.comparing(Pair::verdict)
                .thenComparingDouble(Pair::worstFraction)
                .thenComparing(Pair::worst, Comparator.reverseOrder());

        private static Pair of(int first, int second, Comparison c, String where) {
            return new Pair(
                    first,
                    second,
                    c.verdict(),
                    0,
                    1,
                    c.passes() ? 0 : 1,
                    c.elements(),
                    c.sameBits(),
                    c.worstFraction(),
                    where);
        }

        private Pair plus(Pair other) {
            Pair worse = BETTER_FIRST.compare(this, other) >= 0 ? this : other;
            return new Pair(
                    first,
                    second,
                    worse.verdict,
                    cases + other.cases,
                    arrays + other.arrays,
                    failing + other.failing,
                    elements + other.elements,
                    equal + other.equal,
                    worse.worstFraction,
                    worse.worst);
        }

        private Pair ofOneCase() {
            return new Pair(first, second, verdict, 1, arrays, failing, elements, equal, worstFraction, worst);
        }
    }

    /** The worst verdict of all pairs. */
    public Verdict verdict() {
        return pairs.stream().map(Pair::verdict).reduce(Verdict.PARITY, Verdict::and);
    }

    /** The sum over other cases of the same parties. */
    public Matrix plus(Matrix other) {
        return new Matrix(
                parties, sum(Stream.concat(pairs.stream(), other.pairs.stream()).toList()));
    }

    static List<Pair> sum(Collection<Pair> pairs) {
        Map<Integer, Map<Integer, Pair>> sums = new TreeMap<>();
        pairs.forEach(
                p -> sums.computeIfAbsent(p.first, first -> new TreeMap<>()).merge(p.second, p, Pair::plus));
        return sums.values().stream().flatMap(row -> row.values().stream()).toList();
    }

    /**
     * Who is compared.
     *
     * @param cases the fixtures' own
     */
    static List<Party> parties(AuditRequest request, Collection<Path> cases) {
        List<Party> parties = new ArrayList<>();
        parties.add(new Party(
                request.directories().stream().map(AuditRequest::party).collect(Collectors.joining(" + ")),
                source(cases)));
        request.against()
                .forEach(d -> parties.add(new Party(AuditRequest.party(d), source(FixtureDirectory.casesIn(d)))));
        engines(request).forEach((name, description) -> parties.add(new Party(name, description)));
        return parties;
    }

    /** The engines asked for, by name, and how they compute. */
    private static Map<String, String> engines(AuditRequest request) {
        Map<String, String> engines = new TreeMap<>();
        Operations.all().stream()
                .flatMap(o -> o.engines().stream())
                .filter(e -> request.asksFor(e.name()) && e.unavailable().isEmpty())
                .forEach(e -> engines.putIfAbsent(e.name(), e.description()));
        return engines;
    }

    private static String source(Collection<Path> cases) {
        return cases.stream()
                .filter(c -> Files.exists(c.resolve(CaseReader.CASE_FILE)))
                .map(Provenance::text)
                .distinct()
                .map(text -> Provenance.of(text).source())
                .distinct()
                .sorted()
                .collect(Collectors.joining("; "));
    }

    /**
     * All pairs of one case.
     *
     * @param refused receives bad input, one sentence each
     * @param gaps receives what is missing, one sentence each
     */
    static List<Pair> of(AuditRequest request, ExpectedArrays expected, List<String> refused, List<String> gaps) {
        Case subject = expected.subject();
        Map<String, NdArray> inputs = new HashMap<>(expected.arrays());
        inputs.keySet().retainAll(subject.inputs().keySet());
        Map<Integer, Map<String, NdArray>> computed = new TreeMap<>();
        computed.put(0, expected.arrays());
        int party = 1;
        for (Path directory : request.against()) {
            computed.put(party++, arraysOf(directory, subject, refused, gaps));
        }
        Set<String> asked = engines(request).keySet();
        List<String> able = expected.posed().engines(asked::contains).stream()
                .map(Engine::name)
                .toList();
        for (String engine : asked) {
            int place = party++;
            if (able.contains(engine)) {
                computed.put(place, EngineRun.compute(expected.problem(), engine, inputs));
            }
        }
        Policy policy = expected.policy();
        List<Pair> arrays = new ArrayList<>();
        computed.forEach((first, desired) -> {
            Map<String, NdArray> premises = new HashMap<>(expected.arrays());
            premises.putAll(desired);
            premises.putAll(inputs);
            Optional<Bounds> bounds =
                    policy instanceof Policy.Certified ? expected.problem().bounds(premises) : Optional.empty();
            computed.forEach((second, actual) -> {
                if (second > first) {
                    for (String name : subject.expected().keySet()) {
                        NdArray a = actual.get(name);
                        NdArray d = desired.get(name);
                        if (a != null && d != null) {
                            Comparison comparison = org.npyparity.compare.Comparator.compare(
                                    a,
                                    d,
                                    policy,
                                    bounds.map(b -> b.endToEnd(name)).orElse(Bound.exact()));
                            arrays.add(Pair.of(first, second, comparison, subject.id() + ", " + name));
                        }
                    }
                }
            });
        });
        return sum(arrays).stream().map(Pair::ofOneCase).toList();
    }

    /** Those that can be compared; whatever else is there or is not, is said. */
    private static Map<String, NdArray> arraysOf(
            Path directory, Case subject, List<String> refused, List<String> gaps) {
        ActualArrays arrays = ActualArrays.load(directory, subject, name -> true);
        arrays.incomparable()
                .forEach((name, reason) ->
                        gaps.add("case " + subject.id() + ": array " + name + " of " + directory + ": " + reason));
        refused.addAll(arrays.refused());
        gaps.addAll(arrays.gaps());
        return arrays.arrays();
    }
}
