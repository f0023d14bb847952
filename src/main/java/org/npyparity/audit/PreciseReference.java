package org.npyparity.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Stage;

/**
 * An array computed again from its actual predecessors, and how far one correct computation can be from it.
 *
 * <p>One side rounds here, not two: the bound is γ(n) S + n η of the case's dtype, and what the yardstick itself may be
 * off, u64 |r| + γ64(n)² S + 5 n η64 before it is rounded to the dtype, and u |r| by that. Where a NaN or an infinity
 * among the predecessors reaches a sum the value is decided by the document's semantics: tolerance 0.
 *
 * @param value of the dtype
 * @param bound over it
 */
record PreciseReference(NdArray value, Bound bound) {
    private static final double OUTWARD = 1 + 0x1p-50;

    /**
     * Computes.
     *
     * @param actual the predecessors, by name; they may be of different types
     * @param dtype of the sums, and of the result
     */
    static PreciseReference of(PreciseStage precise, Map<String, NdArray> actual, DType dtype) {
        Stage stage = precise.stage();
        if (precise.copies()) {
            boolean alike = stage.inputs().stream()
                            .map(name -> input(actual, name).dtype())
                            .distinct()
                            .count()
                    == 1;
            return new PreciseReference(
                    stage.compute(alike ? actual : mapped(stage, actual, v -> v))
                            .as(dtype),
                    Bound.exact());
        }
        NdArray value = stage.compute(mapped(stage, actual, v -> v));
        double[] sums = stage.compute(mapped(stage, actual, v -> Double.isFinite(v) ? Math.abs(v) : 0))
                .doubles();
        double[] counts =
                stage.compute(mapped(stage, actual, v -> v == 0 ? 0 : 1)).doubles();
        boolean finite =
                stage.inputs().stream().allMatch(name -> input(actual, name).isFinite());
        double[] reached =
                finite ? sums : stage.compute(mapped(stage, actual, Math::abs)).doubles();

        RoundingBound rounding = new RoundingBound(dtype);
        RoundingBound yardstick = new RoundingBound(DType.FLOAT64);
        double[] tolerances = new double[sums.length];
        double noticed = 0;
        for (int i = 0; i < sums.length; i++) {
            int n = (int) counts[i];
            double r = value.get(i);
            double most = RoundingBound.outward(sums[i], n);
            double gamma = rounding.gamma(n);
            double gamma64 = yardstick.gamma(n);
            double tolerance = gamma * most
                    + n * dtype.smallestSubnormal()
                    + gamma64 * gamma64 * most
                    + 5 * n * DType.FLOAT64.smallestSubnormal()
                    + (dtype.unitRoundoff() + (dtype == DType.FLOAT64 ? 0 : DType.FLOAT64.unitRoundoff())) * Math.abs(r)
                    + (n == 0 ? 0 : dtype.smallestSubnormal());
            // Written so that a NaN anywhere ends here too.
            if (!(most * (1 + gamma) < dtype.largest())) {
                tolerances[i] = Double.NaN;
            } else {
                tolerances[i] = Double.isFinite(reached[i]) ? tolerance * OUTWARD : 0;
            }
            if (sums[i] > 0 && tolerances[i] * n > noticed * sums[i]) {
                noticed = tolerances[i] / sums[i] * n;
            }
        }
        return new PreciseReference(value.as(dtype), Bound.of(tolerances, noticed));
    }

    private static NdArray input(Map<String, NdArray> arrays, String name) {
        NdArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("array " + name + " is missing");
        }
        return array;
    }

    /** The stage's inputs in float64, changed element by element. */
    private static Map<String, NdArray> mapped(Stage stage, Map<String, NdArray> actual, DoubleUnaryOperator change) {
        Map<String, NdArray> mapped = new HashMap<>();
        for (String name : stage.inputs()) {
            NdArray array = input(actual, name);
            double[] values = new double[array.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = change.applyAsDouble(array.get(i));
            }
            mapped.put(name, NdArray.of(values, array.shape()));
        }
        return mapped;
    }
}
