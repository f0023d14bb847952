package org.npyparity.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.npyparity.array.NdArray;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArray;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.operation.Operations;
import org.npyparity.operation.Problem;

/**
 * A case held against its operation; none of its arrays is opened.
 *
 * @param subject the case
 * @param operation that it names
 * @param problem what is to be computed
 */
public record CaseProblem(Case subject, Operation operation, Problem problem) {

    /**
     * Finds the operation, and fixes its sizes.
     *
     * @throws FixtureException if the operation is unknown or a parameter is refused
     */
    public static CaseProblem of(Case subject) {
        return of(subject, Operations.all());
    }

    /** {@link #of(Case)} among these operations: to look for them takes longer than to judge a small case. */
    static CaseProblem of(Case subject, List<Operation> operations) {
        Operation operation = operations.stream()
                .filter(o -> o.name().equals(subject.operation()))
                .findFirst()
                .orElseThrow(() -> refusal(
                        subject,
                        "operation is " + subject.operation() + ": expected one of "
                                + operations.stream().map(Operation::name).collect(Collectors.joining(", "))));
        try {
            return new CaseProblem(
                    subject, operation, operation.problem(subject.parameters(), subject.family(), subject.dtype()));
        } catch (IllegalArgumentException e) {
            throw new FixtureException(subject.directory().resolve(CaseReader.CASE_FILE), e.getMessage(), e);
        }
    }

    /** The engines that can compute it here. */
    public List<Engine> engines() {
        return engines(name -> true);
    }

    /** Those of them whose names are asked for; no other is asked whether it can. */
    public List<Engine> engines(Predicate<String> asked) {
        return able(asked).toList();
    }

    /** The name of the first engine that can compute it here; those behind it are not asked. */
    String firstEngine() {
        return able(name -> true).findFirst().orElseThrow().name();
    }

    private Stream<Engine> able(Predicate<String> asked) {
        return operation.engines().stream()
                .filter(e -> asked.test(e.name()) && e.unavailable().isEmpty());
    }

    /**
     * Holds the inputs' names, shapes and dtypes against the problem.
     *
     * @throws FixtureException if there are others
     */
    void requireInputs() {
        requireArrays("inputs", subject.inputs(), problem.inputs());
    }

    /** {@link #requireInputs} of the expected arrays. */
    void requireExpected() {
        requireArrays("expected", subject.expected(), problem.outputs());
    }

    private void requireArrays(String field, Map<String, CaseArray> found, Map<String, int[]> required) {
        if (!found.keySet().equals(required.keySet())) {
            throw refusal(field + " has the arrays " + new TreeSet<>(found.keySet()) + ": expected "
                    + new TreeSet<>(required.keySet()));
        }
        required.forEach((name, shape) -> {
            CaseArray array = Objects.requireNonNull(found.get(name));
            if (!Arrays.equals(array.extents(), shape)) {
                throw refusal(field + "." + name + ".shape is " + NdArray.shapeText(array.extents())
                        + ": the parameters make it " + NdArray.shapeText(shape));
            }
            if (array.dtype() != subject.dtype()) {
                throw refusal(field + "." + name + ".dtype is " + array.dtype() + ": the case computes in "
                        + subject.dtype());
            }
        });
    }

    /** That case.json is at fault, and for what. */
    FixtureException refusal(String fault) {
        return refusal(subject, fault);
    }

    private static FixtureException refusal(Case subject, String fault) {
        return new FixtureException(subject.directory().resolve(CaseReader.CASE_FILE), fault);
    }
}
