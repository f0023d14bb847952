package org.npyparity.compare;

import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/**
 * An array that is read block by block, in C order: on the heap, or a file too large for it.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Elements {

    /**
     * The type that the elements are compared in. Elements of another type that are all exact in it (whole numbers in
     * float64, say) may stand under it.
     */
    DType dtype();

    /** The extents, outermost first. */
    int[] shape();

    /**
     * Copies the elements [start, start + length) into {@code to}, from its index 0, widened without loss.
     *
     * @throws IllegalArgumentException if an element is not exact in {@link #dtype}
     */
    void read(long start, double[] to, int length);

    /** An array on the heap; not copied. */
    static Elements of(NdArray array) {
        return new OnHeap(array);
    }

    /** An array on the heap. */
    record OnHeap(NdArray array) implements Elements {
        @Override
        public DType dtype() {
            return array.dtype();
        }

        @Override
        public int[] shape() {
            return array.shape();
        }

        @Override
        public void read(long start, double[] to, int length) {
            int from = Math.toIntExact(start);
            if (array.dtype() == DType.FLOAT64) {
                System.arraycopy(array.doubles(), from, to, 0, length);
            } else {
                float[] floats = array.floats();
                for (int i = 0; i < length; i++) {
                    to[i] = floats[from + i];
                }
            }
        }
    }
}
