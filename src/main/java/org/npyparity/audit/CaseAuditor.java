package org.npyparity.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArray;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Operations;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;

/** Judges engines on one case. Its arrays and bounds are loaded and derived once, for all engines. */
public final class CaseAuditor {
    /** A sum of absolute values of 0 leaves nothing of its bound but the underflow term, which is below this. */
    private static final double NO_MORE_THAN_UNDERFLOW = 0x1p32;

    private final Case subject;
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
        this(subject, override, new Gallery());
    }

    /** {@link #CaseAuditor(Case, Optional)}, and pictures of the worst judgements go to {@code gallery}. */
    CaseAuditor(Case subject, Optional<Policy> override, Gallery gallery) {
        this.subject = subject;
        this.gallery = gallery;
        this.policy = override.orElse(subject.policy());
        this.problem = problem(subject);
        requireArrays("inputs", subject.inputs(), problem.inputs());
        requireArrays("expected", subject.expected(), problem.outputs());
        this.expected = CaseArrays.loadAll(subject);
        this.bounds = problem.bounds(expected);
        if (policy instanceof Policy.Certified && bounds.isEmpty()) {
            throw refusal("policy is certified: operation " + subject.operation()
                    + " derives no bounds, expected exact or allclose");
        }
        requireSubstance();
    }

    private static Operation operation(Case subject) {
        return Operations.named(subject.operation())
                .orElseThrow(() -> new FixtureException(
                        subject.directory().resolve(CaseReader.CASE_FILE),
                        "operation is " + subject.operation() + ": expected one of "
                                + Operations.all().stream().map(Operation::name).collect(Collectors.joining(", "))));
    }

    private static Problem problem(Case subject) {
        try {
            return operation(subject).problem(subject.parameters(), subject.family(), subject.dtype());
        } catch (IllegalArgumentException e) {
            throw new FixtureException(subject.directory().resolve(CaseReader.CASE_FILE), e.getMessage(), e);
        }
    }

    /** The engines that can compute this case here. */
    public static List<Operation.Engine> engines(Case subject) {
        return operation(subject).engines().stream()
                .filter(e -> e.unavailable().isEmpty())
                .toList();
    }

    private FixtureException refusal(String fault) {
        return new FixtureException(subject.directory().resolve(CaseReader.CASE_FILE), fault);
    }

    private void requireArrays(String field, Map<String, CaseArray> found, Map<String, int[]> required) {
        if (!found.keySet().equals(required.keySet())) {
            throw refusal(field + " has the arrays " + new TreeSet<>(found.keySet()) + ": expected "
                    + new TreeSet<>(required.keySet()));
        }
        required.forEach((name, shape) -> {
            CaseArray array = found.get(name);
            if (array != null && !Arrays.equals(array.extents(), shape)) {
                throw refusal(field + "." + name + ".shape is " + NdArray.shapeText(array.extents())
                        + ": the parameters make it " + NdArray.shapeText(shape));
            }
            if (array != null && array.dtype() != subject.dtype()) {
                throw refusal(field + "." + name + ".dtype is " + array.dtype() + ": the case computes in "
                        + subject.dtype());
            }
        });
    }

    /** Nothing passes by comparing zeros with zeros, unless the geometry leaves nothing else. */
    private void requireSubstance() {
        subject.expected().forEach((name, array) -> {
            NdArray values = array(name);
            boolean allZero = true;
            for (int i = 0; allZero && i < values.size(); i++) {
                allZero = values.get(i) == 0;
            }
            if (allZero != array.allZero()) {
                throw refusal("expected." + name
                        + (allZero
                                ? " is all zeros: a case that compares only zeros proves nothing, expected all_zero to"
                                        + " be declared where the geometry forces it"
                                : " is declared all_zero, but is not"));
            }
            if (allZero && bounds.isPresent()) {
                Bound bound = bounds.get().endToEnd(name);
                for (int i = 0; i < values.size(); i++) {
                    if (!(bound.at(i)
                            <= NO_MORE_THAN_UNDERFLOW * subject.dtype().smallestSubnormal())) {
                        throw refusal("expected." + name
                                + " is declared all_zero, but the geometry does not force it: the inputs make the sum of"
                                + " absolute values positive at " + NdArray.shapeText(values.indexOf(i)));
                    }
                }
            }
        });
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
        List<Judgement> judgements = new ArrayList<>();
        // What the engine computes from the inputs alone. An array that equals the expected one to the bit is replaced
        // by it, so that a stage whose arguments are all equal need not run again: engines are deterministic.
        Map<String, NdArray> computed = new HashMap<>();
        subject.inputs().keySet().forEach(name -> computed.put(name, array(name)));
        Set<String> reached = new TreeSet<>();
        for (Stage stage : problem.stages(engine)) {
            NdArray local = stage.compute(expected);
            judgements.add(judge(engine, stage, Scope.LOCAL, local));
            if (reached.add(stage.output())) {
                boolean sameArguments = stage.inputs().stream().allMatch(i -> computed.get(i) == array(i));
                NdArray value = sameArguments ? local : stage.compute(computed);
                judgements.add(judge(engine, stage, Scope.END_TO_END, value));
                computed.put(stage.output(), value.hasSameBits(array(stage.output())) ? array(stage.output()) : value);
            }
        }
        return new CaseAudit(subject, engine, judgements, Diagnosis.NONE);
    }

    private Judgement judge(String engine, Stage stage, Scope scope, NdArray actual) {
        Bound bound = Bound.exact();
        if (policy instanceof Policy.Certified && bounds.isPresent()) {
            bound = scope == Scope.LOCAL
                    ? bounds.get().local(stage)
                    : bounds.get().endToEnd(stage.output());
        }
        Judgement judgement = new Judgement(
                stage.name(),
                stage.output(),
                scope,
                Comparator.compare(actual, array(stage.output()), policy, bound),
                bound.noticedDrop());
        Bound allowed = bound;
        gallery.offer(
                subject.id(),
                engine,
                judgement,
                () -> Picture.of(
                        actual,
                        array(stage.output()),
                        policy,
                        allowed,
                        problem.axes().getOrDefault(stage.output(), List.of())));
        return judgement;
    }
}
