package org.npyparity.audit;

import org.npyparity.compare.Comparison;

/**
 * The verdict on one array.
 *
 * @param stage the stage that computed it
 * @param array its name
 * @param scope from where it was computed
 * @param comparison with the expected array
 * @param noticedDrop the power of the bound, see {@link org.npyparity.compare.Bound#noticedDrop}
 */
public record Judgement(String stage, String array, Scope scope, Comparison comparison, double noticedDrop) {
    public boolean passes() {
        return comparison.passes();
    }

    @Override
    public String toString() {
        return array + " (" + stage + ", " + scope + ")";
    }
}
