package org.npyparity.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.ExpectedArrays.Yardstick;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.compare.RoundingBound;
import org.npyparity.compare.RoundingBound.Terms;
import org.npyparity.compare.Verdict;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Pipeline;
import org.npyparity.operation.Stage;

/**
 * Says which known mistakes a failure looks like.
 *
 * <p>Each failed stage is recomputed from its own arguments with each mistake that touches it. A mistake <i>explains</i>
 * a stage if its array is the one found, under the policy that it was judged by, and is itself judged wrong: what changes
 * nothing here explains nothing. It is <i>refuted</i> at a stage that is right, but would not be with that mistake. For
 * each failed stage the mistakes are listed that explain the most failed stages and, among those, are refuted at the
 * fewest: several if the case cannot tell them apart, the one made in the fewest stages first. So two mistakes at once, in
 * two stages, are both named.
 *
 * <p>Under {@link Policy.Certified} the tolerance is the rounding bound of the mistaken sum: 2 γ(n) S + 2 n η with S the
 * mistaken stage run on absolute values, n the longest sum that the stage has, correct or mistaken, and γ and η those of
 * the type that its arguments share. Where a NaN or an infinity reaches the sum, and in copies, only the same value
 * matches.
 */
final class Explainer {

    /**
     * A stage that was judged, from its own arguments.
     *
     * @param stage as the implementation has it
     * @param arguments the arrays that it started from, by name, and others
     * @param result what it made of them
     * @param judged how that compares with what is expected
     * @param yardstick what it was held against
     * @param copy whether correct implementations make the same bits
     */
    record Observation(
            Stage stage,
            Map<String, NdArray> arguments,
            Supplier<NdArray> result,
            Comparison judged,
            Yardstick yardstick,
            boolean copy) {
        boolean passes() {
            return judged.passes();
        }

        private boolean is(Verdict verdict) {
            return judged.verdict() == verdict;
        }

        /** The stage's array by a pipeline, from the arguments after {@code change}. */
        private NdArray by(Pipeline pipeline, UnaryOperator<NdArray> change) {
            return pipeline.compute(stage.output(), Set.copyOf(stage.inputs()), name -> {
                NdArray argument = arguments.get(name);
                if (argument == null) {
                    throw new IllegalArgumentException("array " + name + " is missing");
                }
                return change.apply(argument.as(type()));
            });
        }

        /** The type that the stage's arguments share; float64 if they do not. */
        private DType type() {
            List<DType> types = stage.inputs().stream()
                    .flatMap(name -> Optional.ofNullable(arguments.get(name)).stream())
                    .map(NdArray::dtype)
                    .distinct()
                    .toList();
            return types.size() == 1 ? types.get(0) : DType.FLOAT64;
        }

        /** The stages of the mistake that this one stands for. */
        private Set<String> places(Mistake mistake) {
            return mistake.pipeline().path(stage.output(), Set.copyOf(stage.inputs())).stream()
                    .map(Stage::name)
                    .filter(mistake.places()::contains)
                    .collect(Collectors.toSet());
        }
    }

    /** A failed stage that looks like a mistake: how far it is from it. */
    private record Match(Observation observation, Comparison comparison) {
        @Override
        public String toString() {
            Observation o = observation;
            Comparison c = comparison;
            String alike = c.policy() instanceof Policy.Certified && c.worstFraction() > 0
                    ? String.format(
                            Locale.ROOT,
                            "all %d elements are within the bound of what the mistake gives, at most %.2g of it away",
                            c.elements(),
                            c.worstFraction())
                    : String.format(
                            Locale.ROOT,
                            "%d of %d elements differ from what the mistake gives",
                            c.failing(),
                            c.elements());
            String otherwise = o.judged
                    .incomparable()
                    .map(reason -> "by the correct stage, " + reason)
                    .orElseGet(() -> String.format(Locale.ROOT, "%d from the correct result", o.judged.failing()));
            return o.stage.output() + " (" + o.stage.name() + "): " + alike + "; " + otherwise + ".";
        }
    }

    /** What speaks for a mistake, and what against it. */
    private static final class Finding {
        /** Best first, but for the order of the catalogue. */
        static final Comparator<Finding> BEST =
                Comparator.comparingInt((Finding f) -> -f.matches.size()).thenComparingInt(f -> f.refuted.size());

        final Mistake mistake;
        final List<Match> matches = new ArrayList<>();
        /** The names of the stages that would look otherwise with it. */
        final List<String> refuted = new ArrayList<>();

        Finding(Mistake mistake) {
            this.mistake = mistake;
        }

        boolean explains(Observation o) {
            return matches.stream().anyMatch(m -> m.observation == o);
        }

        Explanation explanation() {
            String evidence = matches.stream().map(Match::toString).collect(Collectors.joining(" "));
            String against = refuted.isEmpty()
                    ? ""
                    : " But it would also show in " + String.join(" and ", refuted) + ", where nothing is wrong.";
            return new Explanation(
                    mistake.name(),
                    mistake.description(),
                    evidence + against,
                    matches.stream().map(m -> m.observation.stage.name()).toList());
        }
    }

    /** No bound that proves anything exceeds this multiple of the sum of absolute values: 2 γ at n u = 1/8. */
    private static final double LARGEST_TOLERANCE = 0.3;

    private final List<Mistake> mistakes;
    private final Pipeline correct;

    /**
     * @param mistakes the simplest first
     * @param correct the stages without a mistake
     */
    Explainer(List<Mistake> mistakes, List<Stage> correct) {
        this.mistakes = mistakes;
        this.correct = new Pipeline(correct);
    }

    /** The mistakes that explain failed stages, best first; empty if none failed or none is explained. */
    List<Explanation> explain(List<Observation> observations) {
        List<Observation> failed =
                observations.stream().filter(o -> o.is(Verdict.MISMATCH)).toList();
        List<Finding> findings = mistakes.stream().map(Finding::new).toList();
        for (Observation o : failed) {
            NdArray result = o.result().get();
            for (Finding f : findings) {
                if (!o.places(f.mistake).isEmpty()) {
                    Optional<Comparison> match = match(o, result, f.mistake);
                    if (match.isPresent() && isWrong(o, f.mistake)) {
                        f.matches.add(new Match(o, match.get()));
                    }
                }
            }
        }
        for (Finding f : findings) {
            if (!f.matches.isEmpty()) {
                observations.stream()
                        .filter(o -> o.is(Verdict.PARITY) && refutes(o, f))
                        .forEach(o -> f.refuted.add(o.stage.name()));
            }
        }
        Set<Finding> best = new HashSet<>();
        failed.forEach(o -> best.addAll(best(o, findings)));
        return findings.stream()
                .filter(best::contains)
                .sorted(Finding.BEST.thenComparingInt(f -> f.mistake.places().size()))
                .map(Finding::explanation)
                .toList();
    }

    /** Of the mistakes that explain that stage, those that no other is better than. */
    private static List<Finding> best(Observation o, List<Finding> findings) {
        List<Finding> candidates = findings.stream().filter(f -> f.explains(o)).toList();
        return candidates.stream()
                .filter(f -> candidates.stream().noneMatch(other -> Finding.BEST.compare(other, f) < 0))
                .toList();
    }

    /** An engine may compute one array by two ways, of which one is right: that one refutes nothing. */
    private boolean refutes(Observation right, Finding f) {
        Set<String> elsewhere = f.matches.stream()
                .flatMap(m -> m.observation.places(f.mistake).stream())
                .collect(Collectors.toSet());
        return !elsewhere.containsAll(right.places(f.mistake))
                && match(right, right.result().get(), f.mistake).isEmpty();
    }

    /** Whether that stage would fail with the mistake. */
    private static boolean isWrong(Observation o, Mistake mistake) {
        return !o.yardstick.compare(o.by(mistake.pipeline(), a -> a)).passes();
    }

    /** How {@code result} compares with what the mistake makes of that stage; empty if it is something else. */
    private Optional<Comparison> match(Observation o, NdArray result, Mistake mistake) {
        Pipeline mistaken = mistake.pipeline();
        NdArray array = o.by(mistaken, a -> a);
        Policy policy = o.judged.policy();
        Bound bound = Bound.exact();
        if (policy instanceof Policy.Certified && !o.copy) {
            double[] sums = o.by(mistaken, NdArray::magnitudes).doubles();
            if (isFar(result, array, i -> sums[i] * LARGEST_TOLERANCE + Double.MIN_NORMAL)) {
                return Optional.empty();
            }
            bound = bound(o.type(), sums, Math.max(longestSum(o, mistaken), longestSum(o, correct)));
        } else if (!(policy instanceof Policy.AllClose) && isFar(result, array, i -> 0)) {
            return Optional.empty();
        }
        return Optional.of(org.npyparity.compare.Comparator.compare(result, array, policy, bound))
                .filter(Comparison::passes);
    }

    /** Most mistakes are no match at one of the first elements: this finds it, where a comparison reads them all. */
    private static boolean isFar(NdArray a, NdArray b, IntToDoubleFunction tolerance) {
        return a.size() == b.size()
                && IntStream.range(0, a.size())
                        .anyMatch(i -> Math.abs(a.get(i) - b.get(i)) > tolerance.applyAsDouble(i));
    }

    /** The bound of a mistaken sum; NaN where it proves nothing, and then nothing is explained. */
    private static Bound bound(DType type, double[] sums, int longest) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Double.isFinite(sums[i]) ? sums[i] : 0;
        }
        return new RoundingBound(type)
                .bound(sums, new Terms(new int[] {longest}, new int[] {Integer.MAX_VALUE}), position -> false, null);
    }

    /** How many terms the longest sum has: the largest element when all arguments are 1. */
    private static int longestSum(Observation o, Pipeline pipeline) {
        NdArray terms = o.by(pipeline, argument -> {
            double[] ones = new double[argument.size()];
            Arrays.fill(ones, 1);
            return NdArray.of(ones, argument.shape());
        });
        return (int) Arrays.stream(terms.doubles()).max().orElse(0);
    }
}
