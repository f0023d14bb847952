package org.npyparity.operation.conv.mistakes;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.npyparity.array.NdArray;

/** What a mistake does to an array: each element changed, or each element in another's place. */
final class Elements {
    private Elements() {}

    /** Each element changed. */
    static NdArray map(NdArray array, DoubleUnaryOperator change) {
        NdArray changed = NdArray.zeros(array.dtype(), array.shape());
        for (int i = 0; i < array.size(); i++) {
            changed.set(i, change.applyAsDouble(array.get(i)));
        }
        return changed;
    }

    /** Two arrays of one size, element by element; of the type and shape of {@code a}. */
    static NdArray combine(NdArray a, NdArray b, DoubleBinaryOperator operator) {
        NdArray combined = NdArray.zeros(a.dtype(), a.shape());
        for (int i = 0; i < a.size(); i++) {
            combined.set(i, operator.applyAsDouble(a.get(i), b.get(i)));
        }
        return combined;
    }

    /** An array of that type and shape whose element i is {@code from}'s element {@code source(i)}. */
    static NdArray gather(NdArray from, IntUnaryOperator source, int... shape) {
        NdArray gathered = NdArray.zeros(from.dtype(), shape);
        for (int i = 0; i < gathered.size(); i++) {
            gathered.set(i, from.get(source.applyAsInt(i)));
        }
        return gathered;
    }

    /**
     * An array as somebody reads it who takes its memory for ordered otherwise.
     *
     * @param memoryOrder the axes in the order in which that reader believes them stored, outermost first: NCHW is
     *     (0, 3, 1, 2) of an NHWC array
     */
    static NdArray read(NdArray array, int... memoryOrder) {
        return gather(array, positions(array.shape(), memoryOrder), array.shape());
    }

    /** An array as somebody stores it who orders memory otherwise: the inverse of {@link #read}. */
    static NdArray written(NdArray array, int... memoryOrder) {
        IntUnaryOperator position = positions(array.shape(), memoryOrder);
        NdArray written = NdArray.zeros(array.dtype(), array.shape());
        for (int i = 0; i < array.size(); i++) {
            written.set(position.applyAsInt(i), array.get(i));
        }
        return written;
    }

    /** From a position in C order to the one where the axes are stored in another order. */
    private static IntUnaryOperator positions(int[] shape, int... memoryOrder) {
        int[] pitch = new int[shape.length];
        int size = 1;
        for (int k = memoryOrder.length - 1; k >= 0; k--) {
            pitch[memoryOrder[k]] = size;
            size *= shape[memoryOrder[k]];
        }
        return i -> {
            int rest = i;
            int position = 0;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                position += rest % shape[axis] * pitch[axis];
                rest /= shape[axis];
            }
            return position;
        };
    }
}
