package org.npyparity.operation.conv.mistakes;

import static org.npyparity.conv.ConvArray.DBIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DPADDING_DATA;
import static org.npyparity.conv.ConvArray.DWEIGHTS;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.operation.conv.mistakes.Change.argument;
import static org.npyparity.operation.conv.mistakes.Change.result;
import static org.npyparity.operation.conv.mistakes.Entry.BIAS_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.COL2IM;
import static org.npyparity.operation.conv.mistakes.Entry.LINEAR_RELU;
import static org.npyparity.operation.conv.mistakes.Entry.RELU_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WEIGHT_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.WINDOW_GRADIENT;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.operation.conv.mistakes.Change.Alteration;

/** Where the loops of a stage end: what is left over of a vector or a block is forgotten, or all of it. */
final class LoopMistakes {
    private LoopMistakes() {}

    static List<Entry> all() {
        return List.of(
                mistake("last window's gradient dropped", "dweights and dbias are summed by a loop that ends at P - 1.")
                        .in(argument(DFILTER_DATA, rows(p -> p - 1)), WEIGHT_GRADIENT, BIAS_GRADIENT),
                columns(4),
                columns(8),
                terms(4),
                terms(8),
                unwritten(FILTER_DATA, LINEAR_RELU),
                unwritten(DFILTER_DATA, RELU_GRADIENT),
                unwritten(DWEIGHTS, WEIGHT_GRADIENT),
                unwritten(DBIAS, BIAS_GRADIENT),
                unwritten(DMATRIC_DATA, WINDOW_GRADIENT),
                unwritten(DPADDING_DATA, COL2IM));
    }

    private static Entry unwritten(ConvArray array, String stage) {
        return mistake(
                        array + " left at 0",
                        "The array is made and never written: a kernel that is not called, or writes elsewhere.")
                .in(result((g, written) -> array.zeros(g, written)), stage);
    }

    private static Entry columns(int lanes) {
        return mistake(
                        "columns past a multiple of " + lanes + " dropped",
                        "A product's last columns stay 0: a loop over vectors of " + lanes + " without its remainder.")
                .in(result(columns(wholeVectors(lanes))), LINEAR_RELU, WEIGHT_GRADIENT, BIAS_GRADIENT, WINDOW_GRADIENT);
    }

    private static Entry terms(int lanes) {
        IntUnaryOperator whole = wholeVectors(lanes);
        return mistake(
                        "terms past a multiple of " + lanes + " dropped",
                        "Sums end before their last terms: a loop in steps of " + lanes + " without its remainder.")
                .in(argument(MATRIC_DATA, columns(whole)), LINEAR_RELU)
                .in(argument(DFILTER_DATA, rows(whole)), WEIGHT_GRADIENT, BIAS_GRADIENT)
                .in(argument(DFILTER_DATA, columns(whole)), WINDOW_GRADIENT);
    }

    private static IntUnaryOperator wholeVectors(int lanes) {
        return length -> length - length % lanes;
    }

    /** A matrix with zeros in the rows from {@code end} on, which is taken of their number. */
    private static Alteration rows(IntUnaryOperator end) {
        return (g, matrix) -> {
            int columns = matrix.shape()[1];
            int kept = end.applyAsInt(matrix.shape()[0]);
            return where(matrix, i -> i / columns < kept);
        };
    }

    /** {@link #rows} by columns. */
    private static Alteration columns(IntUnaryOperator end) {
        return (g, matrix) -> {
            int columns = matrix.shape()[1];
            int kept = end.applyAsInt(columns);
            return where(matrix, i -> i % columns < kept);
        };
    }

    /** Zeros elsewhere. */
    private static NdArray where(NdArray array, IntPredicate isKept) {
        NdArray kept = NdArray.zeros(array.dtype(), array.shape());
        for (int i = 0; i < array.size(); i++) {
            if (isKept.test(i)) {
                kept.set(i, array.get(i));
            }
        }
        return kept;
    }
}
