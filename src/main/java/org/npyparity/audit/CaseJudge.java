package org.npyparity.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.npyparity.array.NdArray;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.ExpectedArrays.Yardstick;
import org.npyparity.audit.Explainer.Observation;
import org.npyparity.compare.Comparison;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Stage;

/** Takes the comparisons of one case and one engine, and diagnoses those that fail. */
final class CaseJudge {
    private final ExpectedArrays expected;
    private final String engine;
    private final Gallery gallery;
    private final List<Judgement> judgements = new ArrayList<>();
    private final List<Arbitration> who = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();

    /**
     * @param engine the name of whatever computed the arrays
     * @param gallery receives pictures of the worst judgements
     */
    CaseJudge(ExpectedArrays expected, String engine, Gallery gallery) {
        this.expected = expected;
        this.engine = engine;
        this.gallery = gallery;
    }

    /**
     * Takes a comparison.
     *
     * @param stage that made the array
     * @param actual the array
     * @param comparison of it with {@code yardstick}
     * @param bounds of what the stage started from; none says which side is wrong
     */
    void add(
            Stage stage,
            Scope scope,
            NdArray actual,
            Yardstick yardstick,
            Comparison comparison,
            Optional<Bounds> bounds) {
        Judgement judgement = add(stage, scope, comparison, yardstick.bound().noticedDrop());
        gallery.offer(
                expected.subject().id(),
                engine,
                judgement,
                () -> Picture.of(
                        actual,
                        yardstick.reference(),
                        yardstick.policy(),
                        yardstick.bound(),
                        expected.problem().axes().getOrDefault(stage.output(), List.of())));
        if (!judgement.passes()) {
            bounds.ifPresent(b -> who.addAll(arbiter(b, stage, scope).arbitrate(judgement)));
        }
    }

    /** Takes a comparison of which there is no more to say. */
    Judgement add(Stage stage, Scope scope, Comparison comparison, double noticedDrop) {
        Judgement judgement = new Judgement(stage.name(), stage.output(), scope, comparison, noticedDrop);
        judgements.add(judgement);
        return judgement;
    }

    private static Arbiter arbiter(Bounds bounds, Stage stage, Scope scope) {
        String output = stage.output();
        return scope == Scope.LOCAL
                ? new Arbiter(bounds.local(stage), position -> bounds.exactLocal(stage, position))
                : new Arbiter(bounds.endToEnd(output), position -> bounds.exactEndToEnd(output, position));
    }

    /** Takes what a stage made of its own arguments: by that a mistake is recognised. */
    void observe(Observation observation) {
        observations.add(observation);
    }

    /** All judgements, and what stands behind those that fail. */
    CaseAudit audit() {
        return new CaseAudit(expected.subject(), engine, judgements, new Diagnosis(who, mistakes()));
    }

    /** The known mistakes that explain what failed locally. */
    private List<Explanation> mistakes() {
        if (observations.stream().allMatch(Observation::passes)) {
            return List.of();
        }
        return new Explainer(
                        expected.problem().mistakes(),
                        expected.problem().stages(expected.posed().firstEngine()))
                .explain(observations);
    }
}
