package org.npyparity.operation.conv;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound;
import org.npyparity.compare.RoundingBound.Terms;
import org.npyparity.operation.conv.Operand.Form;

/**
 * A step of the layer that is linear in one operand d, to be run on absolute values.
 *
 * @param others the operands beside d; at most one of them multiplies it
 * @param linear the step
 */
record LinearStep(List<Operand> others, Linear linear) {
    /** Takes d as it is, and the other operands in a form. */
    interface Linear {
        NdArray run(NdArray d, Form others);
    }

    private double[] run(Operand d, Form form, Form others) {
        return linear.run(d.in(form), others).doubles();
    }

    /** S: the sums of absolute values, in float64. */
    double[] sums(Operand d) {
        return run(d, Form.FINITE, Form.FINITE);
    }

    /**
     * 2 γ(n) S + 2 n η. Where a NaN or an infinity among the operands reaches a sum, the value is decided by the document's
     * semantics alone and must be the same: tolerance 0.
     *
     * @param sums {@link #sums} of {@code d}; not to be changed any more
     * @param n how many terms they have
     */
    Bound bound(RoundingBound rounding, Operand d, double[] sums, Terms n) {
        boolean[] decided = null;
        if (!allFinite(d)) {
            double[] reached = run(d, Form.ALL, Form.ALL);
            decided = new boolean[sums.length];
            for (int i = 0; i < sums.length; i++) {
                decided[i] = !Double.isFinite(reached[i]);
            }
        }
        return rounding.bound(sums, n, hasNoTerm(d), decided);
    }

    /**
     * S_A: how far apart two sums can be whose terms with an element of {@code uncertain} stand in one of them, and perhaps
     * not in the other. NaN where such a term may be a NaN or an infinity.
     *
     * @param n how many terms the sums have
     */
    double[] choice(Operand uncertain, Terms n) {
        double[] sums = sums(uncertain);
        IntPredicate hasNoTerm = hasNoTerm(uncertain);
        double[] apart = new double[sums.length];
        for (int i = 0; i < apart.length; i++) {
            apart[i] = sums[i] == 0 && hasNoTerm.test(i) ? 0 : RoundingBound.outward(sums[i], n.at(i));
        }
        if (!allFinite(uncertain)) {
            double[] reached = run(uncertain, Form.NONZERO, Form.NONFINITE);
            double[] passing = run(uncertain, Form.NONFINITE, Form.ONES);
            for (int i = 0; i < apart.length; i++) {
                if (reached[i] > 0 || passing[i] > 0) {
                    apart[i] = Double.NaN;
                }
            }
        }
        return apart;
    }

    private boolean allFinite(Operand d) {
        return d.isFinite() && others.stream().allMatch(Operand::isFinite);
    }

    /** Whether a sum that came out as 0 has no term but zeros: if products may underflow, its terms are counted. */
    private IntPredicate hasNoTerm(Operand d) {
        Supplier<double[]> terms = new Once<>(() -> run(d, Form.NONZERO, Form.NONZERO));
        return position -> keepsProducts(d) || terms.get()[position] == 0;
    }

    /** Whether no product of two nonzero magnitudes is 0 in float64. */
    private boolean keepsProducts(Operand d) {
        return others.isEmpty() || d.least() * others.get(0).least() > 0;
    }
}
