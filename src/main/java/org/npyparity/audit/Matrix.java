package org.npyparity.audit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import org.npyparity.fixture.Provenance;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Problem;

/**
 * Which pairs of computations agree, and how far: those of several NumPys, of their BLAS, of engines. Each array is
 * compared end to end, within what two correct computations from the same inputs can be apart.
 *
 * @param parties who computed, the fixtures themselves first
 * @param pairs each two of them once, in their order
 * @param cases that all of them computed
 * @param refused bad input, one sentence each
 * @param gaps what is missing, one sentence each
 */
public record Matrix(List<String> parties, List<Pair> pairs, int cases, List<String> refused, List<String> gaps) {

    public Matrix {
        parties = List.copyOf(parties);
        pairs = List.copyOf(pairs);
        refused = List.copyOf(refused);
        gaps = List.copyOf(gaps);
    }

    /**
     * Two parties.
     *
     * @param first its place in {@link #parties}
     * @param second likewise, behind {@code first}
     * @param verdict the worst of all their arrays
     * @param arrays compared
     * @param failing how many of them are no parity
     * @param elements compared
     * @param equal how many of them are the same bits, but for the sign of zero and the payload of NaN
     * @param worstFraction the largest difference as a fraction of the bound
     * @param worst case and array of it; empty where nothing differs
     */
    public record Pair(
            int first,
            int second,
            Verdict verdict,
            long arrays,
            long failing,
            long elements,
            long equal,
            double worstFraction,
            String worst) {

        private Pair plus(Comparison c, String where) {
            boolean worse = c.worstFraction() > worstFraction || !c.passes() && verdict.passes();
            return new Pair(
                    first,
                    second,
                    verdict.and(c.verdict()),
                    arrays + 1,
                    failing + (c.passes() ? 0 : 1),
                    elements + c.elements(),
                    equal + c.elements() - c.differing(),
                    Math.max(worstFraction, c.worstFraction()),
                    worse ? where : worst);
        }
    }

    /** 0 if every pair agrees, 1 if one does not or something is missing, 2 for bad input. */
    public int exitCode() {
        if (!refused.isEmpty()) {
            return 2;
        }
        boolean agree = pairs.stream().allMatch(p -> p.verdict().passes() && p.elements() > 0);
        return agree && gaps.isEmpty() && !pairs.isEmpty() ? 0 : 1;
    }

    /**
     * Compares all pairs.
     *
     * @param request the fixtures and which of their cases; its engine and its actual arrays do not count
     * @param actuals directories of computed arrays, or fixture directories made from the same inputs
     * @param engines names of engines to run
     */
    public static Matrix of(AuditRequest request, List<Path> actuals, List<String> engines, Auditor.Progress progress) {
        List<String> refused = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        Map<String, Path> found = Auditor.find(request.directories(), refused);
        List<Path> wanted = found.entrySet().stream()
                .filter(e -> request.includes(e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        List<String> parties = new ArrayList<>();
        parties.add(label(request.directories().get(0), wanted));
        for (Path actual : actuals) {
            parties.add(label(actual, casesIn(actual)));
        }
        parties.addAll(engines);
        Map<List<Integer>, Pair> pairs = new LinkedHashMap<>();
        for (int a = 0; a < parties.size(); a++) {
            for (int b = a + 1; b < parties.size(); b++) {
                pairs.put(List.of(a, b), new Pair(a, b, Verdict.PARITY, 0, 0, 0, 0, 0, ""));
            }
        }
        int cases = 0;
        for (Path path : wanted) {
            try {
                Case subject = CaseReader.read(path);
                cases += compare(subject, request.policy(), actuals, engines, pairs, refused, gaps) ? 1 : 0;
            } catch (FixtureException e) {
                refused.add(e.getMessage() + "");
            }
            progress.update(cases, wanted.size());
        }
        return new Matrix(parties, List.copyOf(pairs.values()), cases, refused, gaps);
    }

    private static List<Path> casesIn(Path directory) {
        try {
            return FixtureDirectory.caseDirectories(directory);
        } catch (FixtureException e) {
            // What is wrong with it is said case by case.
            return List.of();
        }
    }

    private static String label(Path directory, List<Path> cases) {
        String name = directory.toAbsolutePath().normalize().getFileName() + "";
        return cases.stream()
                .filter(c -> java.nio.file.Files.exists(c.resolve(CaseReader.CASE_FILE)))
                .findFirst()
                .map(c -> name + " (" + Provenance.read(c).source() + ")")
                .orElse(name);
    }

    /** Adds one case to all pairs; false if a party lacks something of it. */
    private static boolean compare(
            Case subject,
            Optional<Policy> override,
            List<Path> actuals,
            List<String> engines,
            Map<List<Integer>, Pair> pairs,
            List<String> refused,
            List<String> gaps) {
        Problem problem = CaseAuditor.problem(subject);
        CaseAuditor.requireArrays(subject, "inputs", subject.inputs(), problem.inputs());
        CaseAuditor.requireArrays(subject, "expected", subject.expected(), problem.outputs());
        Map<String, NdArray> inputs = new HashMap<>();
        subject.inputs().forEach((name, array) -> inputs.put(name, CaseArrays.load(subject, name, array)));
        List<Map<String, NdArray>> computed = new ArrayList<>();
        computed.add(CaseArrays.loadAll(subject));
        int sentences = refused.size() + gaps.size();
        for (Path actual : actuals) {
            ActualArrays arrays = ActualArrays.load(actual, subject);
            refused.addAll(arrays.refused());
            gaps.addAll(arrays.gaps());
            arrays.incomparable()
                    .forEach((name, reason) ->
                            gaps.add("case " + subject.id() + ": array " + name + " of " + actual + ": " + reason));
            computed.add(arrays.arrays());
        }
        if (refused.size() + gaps.size() > sentences) {
            return false;
        }
        for (String engine : engines) {
            computed.add(EngineRun.compute(subject, engine));
        }
        Policy policy = override.orElse(subject.policy());
        for (int a = 0; a < computed.size(); a++) {
            Map<String, NdArray> premises = new HashMap<>(computed.get(a));
            premises.putAll(inputs);
            Optional<Bounds> bounds = policy instanceof Policy.Certified ? problem.bounds(premises) : Optional.empty();
            for (int b = a + 1; b < computed.size(); b++) {
                for (String name : subject.expected().keySet()) {
                    Comparison comparison = Comparator.compare(
                            Objects.requireNonNull(computed.get(b).get(name)),
                            Objects.requireNonNull(computed.get(a).get(name)),
                            policy,
                            bounds.map(d -> d.endToEnd(name)).orElse(Bound.exact()));
                    pairs.computeIfPresent(
                            List.of(a, b), (key, pair) -> pair.plus(comparison, subject.id() + ", " + name));
                }
            }
        }
        return true;
    }
}
