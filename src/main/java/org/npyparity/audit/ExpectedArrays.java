package org.npyparity.audit;

import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.FixtureException;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;

/**
 * The arrays of a case, found fit to judge by.
 *
 * @param posed what is to be computed
 * @param policy that judges
 * @param arrays the inputs and the expected arrays, by name
 * @param bounds of the expected arrays, if the operation has any; always, if the policy is certified
 */
record ExpectedArrays(CaseProblem posed, Policy policy, Map<String, NdArray> arrays, Optional<Bounds> bounds) {
    /** A sum of absolute values of 0 leaves nothing of its bound but the underflow term, which is below this. */
    private static final double NO_MORE_THAN_UNDERFLOW = 0x1p32;

    /** What an array is held against. */
    record Yardstick(NdArray reference, Policy policy, Bound bound) {
        Comparison compare(NdArray actual) {
            return Comparator.compare(actual, reference, policy, bound);
        }
    }

    /**
     * Loads.
     *
     * @param override a policy in place of the case's own
     * @throws FixtureException if arrays are missing, unknown or of a wrong shape, a file is corrupt, or nothing but zeros
     *     would be compared
     */
    static ExpectedArrays load(CaseProblem posed, Optional<Policy> override) {
        posed.requireInputs();
        posed.requireExpected();
        Case subject = posed.subject();
        Policy policy = override.orElse(subject.policy());
        Map<String, NdArray> arrays = CaseArrays.loadAll(subject);
        Optional<Bounds> bounds = posed.problem().bounds(arrays);
        if (policy instanceof Policy.Certified && bounds.isEmpty()) {
            throw posed.refusal("policy is certified: operation " + subject.operation()
                    + " derives no bounds, expected exact or allclose");
        }
        ExpectedArrays expected = new ExpectedArrays(posed, policy, arrays, bounds);
        subject.expected().forEach((name, array) -> expected.requireSubstance(name, array.allZero()));
        return expected;
    }

    Case subject() {
        return posed.subject();
    }

    Problem problem() {
        return posed.problem();
    }

    NdArray array(String name) {
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("case " + subject() + " has no array " + name);
        }
        return array;
    }

    /** What the array of a stage is held against, if the stage starts from there. */
    Yardstick yardstick(Stage stage, Scope scope) {
        Bound bound = Bound.exact();
        if (policy instanceof Policy.Certified) {
            Bounds all = bounds.orElseThrow();
            bound = scope == Scope.LOCAL ? all.local(stage) : all.endToEnd(stage.output());
        }
        return new Yardstick(array(stage.output()), policy, bound);
    }

    /** Nothing passes by comparing NaN with NaN or, unless the sizes leave nothing else, zeros with zeros. */
    private void requireSubstance(String name, boolean declaredAllZero) {
        NdArray values = array(name);
        if (positions(values).allMatch(i -> Double.isNaN(values.get(i)))) {
            throw posed.refusal("expected." + name
                    + " is NaN everywhere: a case that compares only NaN proves nothing, expected some element that is a"
                    + " number");
        }
        boolean allZero = positions(values).allMatch(i -> values.get(i) == 0);
        if (allZero && !declaredAllZero) {
            throw posed.refusal("expected." + name
                    + " is all zeros: a case that compares only zeros proves nothing, expected all_zero to be declared"
                    + " where the geometry forces it");
        }
        if (allZero) {
            requireForced(name, values);
        }
    }

    private void requireForced(String name, NdArray values) {
        if (!problem().mayBeAllZero(name)) {
            throw posed.refusal("expected." + name
                    + " is declared all_zero, but the geometry does not force it: everything is masked out, expected data"
                    + " that let some of it pass");
        }
        if (bounds.isPresent()) {
            Bound bound = bounds.get().endToEnd(name);
            double nothing = NO_MORE_THAN_UNDERFLOW * subject().dtype().smallestSubnormal();
            // Written so that a NaN is found too.
            positions(values).filter(i -> !(bound.at(i) <= nothing)).findFirst().ifPresent(i -> {
                throw posed.refusal("expected." + name
                        + " is declared all_zero, but the geometry does not force it: the inputs make the sum of absolute"
                        + " values positive at " + NdArray.shapeText(values.indexOf(i)));
            });
        }
    }

    private static IntStream positions(NdArray values) {
        return IntStream.range(0, values.size());
    }
}
