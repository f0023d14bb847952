package org.npyparity.conv;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry.Sizes;

/** The arrays of the layer, under the names that their files have. */
public enum ConvArray {
    /** The input feature map, (batch, inHeight, inWidth, C). */
    IN_DATA("in_data", s -> axes(s.batch(), s.inHeight(), s.inWidth(), s.inDepth())),
    /** The kernels as one matrix, (Q, D), rows ordered (kh, kw, c). */
    WEIGHTS("weights", s -> new long[][] {patch(s), {s.outDepth()}}),
    /** One bias for each output channel, (1, D). */
    BIAS("bias", s -> axes(1, s.outDepth())),
    /** The windows of the padded input as rows, (P, Q). */
    MATRIC_DATA("matric_data", s -> new long[][] {positions(s), patch(s)}),
    /** relu(matric_data · weights + bias), (P, D). */
    FILTER_DATA("filter_data", s -> new long[][] {positions(s), {s.outDepth()}}),
    /** filter_data as a feature map, (batch, outHeight, outWidth, D). */
    OUT_DATA("out_data", s -> axes(s.batch(), s.outHeight(), s.outWidth(), s.outDepth())),
    /** The incoming gradient, shaped as out_data. */
    DOUT_DATA("dout_data", s -> axes(s.batch(), s.outHeight(), s.outWidth(), s.outDepth())),
    /** dout_data as a matrix, 0 wherever filter_data &lt;= 0, (P, D). */
    DFILTER_DATA("dfilter_data", s -> new long[][] {positions(s), {s.outDepth()}}),
    /** The weight gradient matric_dataᵀ · dfilter_data, (Q, D). */
    DWEIGHTS("dweights", s -> new long[][] {patch(s), {s.outDepth()}}),
    /** The bias gradient, the column sums of dfilter_data, (1, D). */
    DBIAS("dbias", s -> axes(1, s.outDepth())),
    /** The gradient of every window, dfilter_data · weightsᵀ, (P, Q). */
    DMATRIC_DATA("dmatric_data", s -> new long[][] {positions(s), patch(s)}),
    /** The windows' gradients accumulated, (batch, paddedHeight, paddedWidth, C). */
    DPADDING_DATA("dpadding_data", s -> axes(s.batch(), padded(s.inHeight(), s), padded(s.inWidth(), s), s.inDepth())),
    /** The input gradient, dpadding_data without its padding, shaped as in_data. */
    DIN_DATA("din_data", s -> axes(s.batch(), s.inHeight(), s.inWidth(), s.inDepth()));

    private final String key;
    /** For each axis the factors of its extent, apart: their product may pass 2^63 while a geometry is checked. */
    private final Function<Sizes, long[][]> axes;

    ConvArray(String key, Function<Sizes, long[][]> axes) {
        this.key = key;
        this.axes = axes;
    }

    private static long[][] axes(long... extents) {
        long[][] axes = new long[extents.length][];
        Arrays.setAll(axes, axis -> new long[] {extents[axis]});
        return axes;
    }

    private static long[] positions(Sizes s) {
        return new long[] {s.batch(), s.outHeight(), s.outWidth()};
    }

    private static long[] patch(Sizes s) {
        return new long[] {s.filterSize(), s.filterSize(), s.inDepth()};
    }

    private static long padded(long extent, Sizes s) {
        return extent + 2 * s.padding();
    }

    BigInteger size(Sizes sizes) {
        BigInteger size = BigInteger.ONE;
        for (long[] factors : axes.apply(sizes)) {
            for (long factor : factors) {
                size = size.multiply(BigInteger.valueOf(factor));
            }
        }
        return size;
    }

    /** The array's shape in a layer of that geometry. */
    public int[] shape(ConvGeometry geometry) {
        long[][] factors = axes.apply(geometry.sizes());
        int[] shape = new int[factors.length];
        Arrays.fill(shape, 1);
        for (int axis = 0; axis < shape.length; axis++) {
            for (long factor : factors[axis]) {
                shape[axis] = (int) (shape[axis] * factor);
            }
        }
        return shape;
    }

    /** The axes in the document's words, outermost first; P counts windows, Q the elements of one, ordered (kh, kw, c). */
    public List<String> axisNames() {
        return switch (this) {
            case IN_DATA, DIN_DATA -> List.of("batch", "in_height", "in_width", "in_depth");
            case DPADDING_DATA -> List.of("batch", "padded_height", "padded_width", "in_depth");
            case OUT_DATA, DOUT_DATA -> List.of("batch", "out_height", "out_width", "out_depth");
            case MATRIC_DATA, DMATRIC_DATA -> List.of("P", "Q");
            case FILTER_DATA, DFILTER_DATA -> List.of("P", "out_depth");
            case WEIGHTS, DWEIGHTS -> List.of("Q", "out_depth");
            case BIAS, DBIAS -> List.of("", "out_depth");
        };
    }

    /**
     * Checks an argument of a stage.
     *
     * @return {@code array} itself
     * @throws IllegalArgumentException if its shape is not this one's
     */
    public NdArray require(ConvGeometry geometry, NdArray array) {
        int[] expected = shape(geometry);
        if (!array.hasShape(expected)) {
            throw new IllegalArgumentException(key + " has shape " + NdArray.shapeText(array.shape()) + ": expected "
                    + NdArray.shapeText(expected));
        }
        return array;
    }

    /** Zeros of this shape, of the type of {@code like}. */
    public NdArray zeros(ConvGeometry geometry, NdArray like) {
        return NdArray.zeros(like.dtype(), shape(geometry));
    }

    /** The name, which is also the file's. */
    @Override
    public String toString() {
        return key;
    }
}
