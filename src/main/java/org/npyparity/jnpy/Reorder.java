package org.npyparity.jnpy;

/** Moves elements between C and Fortran order. */
final class Reorder {
    private Reorder() {}

    /**
     * Writes the transpose (axes reversed) of a C-ordered array, C-ordered.
     *
     * @param from the elements of an array of {@code shape}
     * @param shape at least two axes, no extent 0
     * @param to receives the elements of the array of reversed shape; as long as {@code from}
     */
    static void reverseAxes(DType dtype, Object from, int[] shape, Object to) {
        Carrier carrier = dtype.carrier();
        int lanes = dtype.lanes();
        int axes = shape.length;
        int[] stride = new int[axes];
        stride[axes - 1] = lanes;
        for (int i = axes - 1; i > 0; i--) {
            stride[i - 1] = stride[i] * shape[i];
        }
        int run = shape[0];
        int[] index = new int[axes];
        int total = stride[0] / lanes;
        int start = 0;
        for (int row = 0; row < total; row++) {
            for (int lane = 0; lane < lanes; lane++) {
                carrier.gather(from, start + lane, stride[0], to, row * run * lanes + lane, lanes, run);
            }
            for (int axis = 1; axis < axes; axis++) {
                start += stride[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                start -= stride[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }
}
