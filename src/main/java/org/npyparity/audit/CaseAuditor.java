package org.npyparity.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArray;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Operations;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;

/** Judges engines on one case. Its arrays and bounds are loaded and derived once, for all engines. */
public final class CaseAuditor {
    /** A sum of absolute values of 0 leaves nothing of its bound but the underflow term, which is below this. */
    private static final double NO_MORE_THAN_UNDERFLOW = 0x1p32;

    private final Case subject;
    private final Operation operation;
    private final Problem problem;
    private final Policy policy;
    private final Map<String, NdArray> expected;
    private final Optional<Bounds> bounds;
    private final Gallery gallery;

    /**
     * Loads the case and holds it against its operation.
     *
     * @param override a policy in place of the case's own
     * @throws FixtureException if the operation is unknown, a parameter is refused, arrays are missing, unknown or of a
     *     wrong shape, a file is corrupt, or nothing but zeros would be compared
     */
    public CaseAuditor(Case subject, Optional<Policy> override) {
        this(subject, operation(subject), override, new Gallery());
    }

    /**
     * {@link #CaseAuditor(Case, Optional)}, and pictures of the worst judgements go to {@code gallery}.
     *
     * @param operation the case's, see {@link #operation}
     */
    CaseAuditor(Case subject, Operation operation, Optional<Policy> override, Gallery gallery) {
        this.subject = subject;
        this.operation = operation;
        this.gallery = gallery;
        this.policy = override.orElse(subject.policy());
        this.problem = problem(subject, operation);
        requireArrays(subject, "inputs", subject.inputs(), problem.inputs());
        requireArrays(subject, "expected", subject.expected(), problem.outputs());
        this.expected = CaseArrays.loadAll(subject);
        this.bounds = problem.bounds(expected);
        if (policy instanceof Policy.Certified && bounds.isEmpty()) {
            throw refusal("policy is certified: operation " + subject.operation()
                    + " derives no bounds, expected exact or allclose");
        }
        requireSubstance();
    }

    /**
     * The operation of a case.
     *
     * @throws FixtureException if there is none of that name
     */
    static Operation operation(Case subject) {
        return Operations.named(subject.operation())
                .orElseThrow(() -> refusal(
                        subject,
                        "operation is " + subject.operation() + ": expected one of "
                                + Operations.all().stream().map(Operation::name).collect(Collectors.joining(", "))));
    }

    static Problem problem(Case subject) {
        return problem(subject, operation(subject));
    }

    private static Problem problem(Case subject, Operation operation) {
        try {
            return operation.problem(subject.parameters(), subject.family(), subject.dtype());
        } catch (IllegalArgumentException e) {
            throw new FixtureException(subject.directory().resolve(CaseReader.CASE_FILE), e.getMessage(), e);
        }
    }

    /** The engines that can compute this case here. */
    public static List<Operation.Engine> engines(Case subject) {
        return engines(subject, name -> true);
    }

    /** Those of them whose names are asked for; no other is asked whether it can. */
    public static List<Operation.Engine> engines(Case subject, Predicate<String> asked) {
        return able(operation(subject), asked).toList();
    }

    /** Those of them whose names are asked for; no other is asked whether it can. */
    List<Operation.Engine> engines(Predicate<String> asked) {
        return able(operation, asked).toList();
    }

    private String firstEngine() {
        return able(operation, name -> true).findFirst().orElseThrow().name();
    }

    private static Stream<Operation.Engine> able(Operation operation, Predicate<String> asked) {
        return operation.engines().stream()
                .filter(e -> asked.test(e.name()) && e.unavailable().isEmpty());
    }

    private FixtureException refusal(String fault) {
        return refusal(subject, fault);
    }

    private static FixtureException refusal(Case subject, String fault) {
        return new FixtureException(subject.directory().resolve(CaseReader.CASE_FILE), fault);
    }

    static void requireArrays(Case subject, String field, Map<String, CaseArray> found, Map<String, int[]> required) {
        if (!found.keySet().equals(required.keySet())) {
            throw refusal(
                    subject,
                    field + " has the arrays " + new TreeSet<>(found.keySet()) + ": expected "
                            + new TreeSet<>(required.keySet()));
        }
        required.forEach((name, shape) -> {
            CaseArray array = found.get(name);
            if (array != null && !Arrays.equals(array.extents(), shape)) {
                throw refusal(
                        subject,
                        field + "." + name + ".shape is " + NdArray.shapeText(array.extents())
                                + ": the parameters make it " + NdArray.shapeText(shape));
            }
            if (array != null && array.dtype() != subject.dtype()) {
                throw refusal(
                        subject,
                        field + "." + name + ".dtype is " + array.dtype() + ": the case computes in "
                                + subject.dtype());
            }
        });
    }

    /** Nothing passes by comparing zeros with zeros, unless the sizes leave nothing else, or NaN with NaN. */
    private void requireSubstance() {
        subject.expected().forEach((name, array) -> {
            NdArray values = array(name);
            requireNumbers(name, values);
            boolean allZero = isAllZero(values);
            if (allZero && !array.allZero()) {
                throw refusal(
                        "expected." + name + " is all zeros: a case that compares only zeros proves nothing, expected"
                                + " all_zero to be declared where the geometry forces it");
            }
            if (!allZero && array.allZero()) {
                throw refusal("expected." + name + " is declared all_zero, but is not");
            }
            if (allZero) {
                requireForced(name, values);
            }
        });
    }

    private static boolean isAllZero(NdArray values) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void requireNumbers(String name, NdArray values) {
        for (int i = 0; i < values.size(); i++) {
            if (!Double.isNaN(values.get(i))) {
                return;
            }
        }
        throw refusal(
                "expected." + name + " is NaN everywhere: a case that compares only NaN proves nothing, expected some"
                        + " element that is a number");
    }

    private void requireForced(String name, NdArray values) {
        if (!problem.mayBeAllZero(name)) {
            throw refusal(
                    "expected." + name + " is declared all_zero, but the geometry does not force it: everything is"
                            + " masked out, expected data that let some of it pass");
        }
        if (bounds.isPresent()) {
            Bound bound = bounds.get().endToEnd(name);
            for (int i = 0; i < values.size(); i++) {
                if (!(bound.at(i) <= NO_MORE_THAN_UNDERFLOW * subject.dtype().smallestSubnormal())) {
                    throw refusal("expected." + name
                            + " is declared all_zero, but the geometry does not force it: the inputs make the sum of"
                            + " absolute values positive at " + NdArray.shapeText(values.indexOf(i)));
                }
            }
        }
    }

    private NdArray array(String name) {
        NdArray array = expected.get(name);
        if (array == null) {
            throw new IllegalArgumentException("case " + subject + " has no array " + name);
        }
        return array;
    }

    /**
     * Runs every stage of an engine, locally and end to end, and judges what it computes.
     *
     * @throws IllegalArgumentException if there is no such engine, or it cannot run here
     */
    public CaseAudit audit(String engine) {
        return audit(engine, problem.stages(engine));
    }

    /**
     * As {@link #audit(String)}, for an implementation that is no registered engine.
     *
     * @param engine what to call it
     * @param stages that it has, see {@link Problem#stages}
     */
    public CaseAudit audit(String engine, List<Stage> stages) {
        List<Judgement> judgements = new ArrayList<>();
        List<Explainer.Observation> observations = new ArrayList<>();
        // What the engine computes from the inputs alone. An array that equals the expected one to the bit is replaced
        // by it, so that a stage whose arguments are all equal need not run again: engines are deterministic.
        Map<String, NdArray> computed = new HashMap<>();
        subject.inputs().keySet().forEach(name -> computed.put(name, array(name)));
        Set<String> reached = new TreeSet<>();
        for (Stage stage : stages) {
            NdArray reference = array(stage.output());
            NdArray local = stage.compute(expected);
            Bound bound = bound(stage, Scope.LOCAL);
            Judgement judgement = judged(engine, stage, Scope.LOCAL, local, reference, policy, bound);
            judgements.add(judgement);
            observations.add(observation(stage, judgement));
            if (reached.add(stage.output())) {
                boolean sameArguments = stage.inputs().stream().allMatch(i -> computed.get(i) == array(i));
                NdArray value = sameArguments ? local : stage.compute(computed);
                Bound whole = bound(stage, Scope.END_TO_END);
                Comparison comparison = sameArguments && whole == bound
                        ? judgement.comparison()
                        : Comparator.compare(value, reference, policy, whole);
                judgements.add(judged(engine, stage, Scope.END_TO_END, value, reference, policy, whole, comparison));
                computed.put(stage.output(), comparison.isSame() ? reference : value);
            }
        }
        List<Arbitration> who = judgements.stream()
                .flatMap(j -> arbitrate(j, localStage(stages, j), bounds).stream())
                .toList();
        return new CaseAudit(subject, engine, judgements, new Diagnosis(who, mistakes(observations)));
    }

    private static Stage localStage(List<Stage> stages, Judgement judgement) {
        return stages.stream()
                .filter(s -> s.name().equals(judgement.stage()))
                .findFirst()
                .orElseThrow();
    }

    /** The known mistakes that explain what failed locally. */
    private List<Diagnosis.Explanation> mistakes(List<Explainer.Observation> observations) {
        if (observations.stream().allMatch(Explainer.Observation::passes)) {
            return List.of();
        }
        return new Explainer(problem.mistakes(), problem.stages(firstEngine()), subject.dtype()).explain(observations);
    }

    /** Which side is wrong, if the judgement fails and the operation has bounds. */
    private static List<Arbitration> arbitrate(Judgement judgement, Stage stage, Optional<Bounds> bounds) {
        if (judgement.passes() || bounds.isEmpty()) {
            return List.of();
        }
        Bounds b = bounds.get();
        return (judgement.scope() == Scope.LOCAL
                        ? new Arbiter(b.local(stage), position -> b.exactLocal(stage, position))
                        : new Arbiter(
                                b.endToEnd(stage.output()), position -> b.exactEndToEnd(stage.output(), position)))
                .arbitrate(judgement);
    }

    /** Nothing is kept of what an engine computes, so it is computed again if it failed. */
    private Explainer.Observation observation(Stage stage, Judgement judgement) {
        return new Explainer.Observation(
                stage,
                expected,
                () -> judgement.passes() ? array(stage.output()) : stage.compute(expected),
                judgement.comparison(),
                judgement.comparison().policy() instanceof Policy.Certified
                        && bounds.map(b -> b.local(stage).isExact()).orElse(true));
    }

    /**
     * Judges arrays that something else computed: end to end against the expected ones; locally against what their
     * actual predecessors give, see {@link PreciseReference}. An array may be made in more than one way: it passes
     * locally if one of them explains it. A predecessor that is not at hand is made from what is, if it only copies; else
     * the stages that start from it are not judged locally.
     *
     * @param name of whatever computed them
     */
    CaseAudit check(String name, ActualArrays actual) {
        Map<String, NdArray> given = new HashMap<>(actual.arrays());
        subject.inputs().keySet().forEach(input -> given.put(input, array(input)));
        List<PreciseStage> stages = waysToRecompute();
        stages.forEach(way -> supply(way, given));
        // The bounds and exact values of stages that start from the actual arrays.
        Map<String, NdArray> premises = new HashMap<>(expected);
        premises.putAll(given);
        Optional<Bounds> actualBounds = problem.bounds(premises);
        List<Judgement> judgements = new ArrayList<>();
        List<Arbitration> who = new ArrayList<>();
        List<Explainer.Observation> observations = new ArrayList<>();
        Set<String> reached = new TreeSet<>();
        for (PreciseStage first : stages) {
            String output = first.stage().output();
            if (!reached.add(output)) {
                continue;
            }
            NdArray value = actual.arrays().get(output);
            if (value != null) {
                recomputed(name, output, stages, given, value).ifPresent(local -> {
                    Judgement judgement = local.judgement();
                    judgements.add(judgement);
                    who.addAll(arbitrate(judgement, local.way().stage(), actualBounds));
                    observations.add(new Explainer.Observation(
                            local.way().stage(),
                            premises,
                            () -> value,
                            judgement.comparison(),
                            local.way().copies()));
                });
                Judgement judgement = judge(name, first.stage(), Scope.END_TO_END, value);
                judgements.add(judgement);
                who.addAll(arbitrate(judgement, first.stage(), bounds));
            } else if (actual.incomparable().containsKey(output)) {
                // Nothing that comes before makes it right.
                for (Scope scope : Scope.values()) {
                    judgements.add(new Judgement(
                            first.stage().name(),
                            output,
                            scope,
                            Comparison.incomparable(
                                    policy,
                                    subject.dtype(),
                                    array(output).shape(),
                                    actual.incomparable().get(output) + ""),
                            0));
                }
            }
        }
        return new CaseAudit(subject, name, judgements, new Diagnosis(who, mistakes(observations)));
    }

    /** An array that is not at hand, but only copies what is: it has one right value, from which later stages start. */
    private void supply(PreciseStage way, Map<String, NdArray> given) {
        Stage stage = way.stage();
        if (way.copies() && !given.containsKey(stage.output()) && given.keySet().containsAll(stage.inputs())) {
            given.put(
                    stage.output(),
                    PreciseReference.of(way, given, subject.dtype()).value());
        }
    }

    /** The operation's precise stages or, if it has none, those of its first engine. */
    private List<PreciseStage> waysToRecompute() {
        List<PreciseStage> precise = problem.preciseStages();
        return !precise.isEmpty()
                ? precise
                : problem.stages(firstEngine()).stream()
                        .map(stage -> new PreciseStage(stage, false))
                        .toList();
    }

    /** An array, recomputed in one of the ways that lead to it. */
    private record Recomputed(PreciseStage way, Judgement judgement) {}

    /** The first way that explains the array or, if none does, the first one; empty if no way has all its inputs. */
    private Optional<Recomputed> recomputed(
            String name, String output, List<PreciseStage> ways, Map<String, NdArray> given, NdArray value) {
        Recomputed first = null;
        for (PreciseStage way : ways) {
            if (way.stage().output().equals(output)
                    && given.keySet().containsAll(way.stage().inputs())) {
                Recomputed recomputed = new Recomputed(way, recompute(name, way, given, value));
                if (recomputed.judgement().passes()) {
                    return Optional.of(recomputed);
                }
                first = first == null ? recomputed : first;
            }
        }
        return Optional.ofNullable(first);
    }

    /** What the actual predecessors give, held against the actual array. */
    private Judgement recompute(String name, PreciseStage way, Map<String, NdArray> given, NdArray actual) {
        Stage stage = way.stage();
        NdArray reference;
        Bound bound = Bound.exact();
        Policy allowed = policy;
        boolean predecessorsAsExpected =
                stage.inputs().stream().allMatch(i -> isAsExpected(i, Objects.requireNonNull(given.get(i))));
        if (policy instanceof Policy.Exact && predecessorsAsExpected) {
            reference = array(stage.output());
        } else if (problem.preciseStages().isEmpty()) {
            reference = stage.compute(given);
            if (policy instanceof Policy.Certified) {
                Map<String, NdArray> premises = new HashMap<>(expected);
                premises.putAll(given);
                bound = problem.bounds(premises).orElseThrow().local(stage);
            }
        } else {
            PreciseReference precise = PreciseReference.of(way, given, typeOf(stage, given, actual));
            reference = precise.value();
            if (!(policy instanceof Policy.AllClose)) {
                // Sums of wrong predecessors round, even where those of the right ones do not.
                allowed = new Policy.Certified();
                bound = precise.bound();
            }
        }
        return judged(name, stage, Scope.LOCAL, actual, reference, allowed, bound);
    }

    /** The case's type or, if a predecessor already has another one, any. */
    private DType typeOf(Stage stage, Map<String, NdArray> given, NdArray actual) {
        boolean asDeclared = stage.inputs().stream()
                .allMatch(i -> Objects.requireNonNull(given.get(i)).dtype() == subject.dtype());
        return asDeclared ? subject.dtype() : actual.dtype();
    }

    private boolean isAsExpected(String name, NdArray given) {
        return given == expected.get(name)
                || Comparator.compare(given, array(name), new Policy.Exact(false), Bound.exact())
                        .passes();
    }

    private Judgement judge(String engine, Stage stage, Scope scope, NdArray actual) {
        return judged(engine, stage, scope, actual, array(stage.output()), policy, bound(stage, scope));
    }

    private Bound bound(Stage stage, Scope scope) {
        if (!(policy instanceof Policy.Certified) || bounds.isEmpty()) {
            return Bound.exact();
        }
        return scope == Scope.LOCAL ? bounds.get().local(stage) : bounds.get().endToEnd(stage.output());
    }

    private Judgement judged(
            String engine, Stage stage, Scope scope, NdArray actual, NdArray reference, Policy allowed, Bound bound) {
        Comparison comparison = Comparator.compare(actual, reference, allowed, bound);
        return judged(engine, stage, scope, actual, reference, allowed, bound, comparison);
    }

    /** @param comparison what is known of the arrays under that bound */
    private Judgement judged(
            String engine,
            Stage stage,
            Scope scope,
            NdArray actual,
            NdArray reference,
            Policy allowed,
            Bound bound,
            Comparison comparison) {
        Judgement judgement = new Judgement(stage.name(), stage.output(), scope, comparison, bound.noticedDrop());
        gallery.offer(
                subject.id(),
                engine,
                judgement,
                () -> Picture.of(
                        actual, reference, allowed, bound, problem.axes().getOrDefault(stage.output(), List.of())));
        return judgement;
    }
}
