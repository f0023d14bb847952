package org.npyparity.conv;

import java.math.BigInteger;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The sizes of one convolution layer, NHWC, with square filters.
 *
 * <p>Written as the paper and the reference write them: {@code K} = filterSize, {@code C} = inDepth, {@code D} =
 * outDepth, {@link #positions() P} = batch · outHeight · outWidth, {@link #patchSize() Q} = K · K · C, whose entries are
 * ordered (kh, kw, c).
 *
 * @param batch images, at least 1
 * @param inHeight rows of the input feature map, at least 1
 * @param inWidth columns of the input feature map, at least 1
 * @param inDepth channels of the input feature map, at least 1
 * @param outDepth channels of the output feature map, at least 1
 * @param filterSize rows and columns of each kernel, at least 1 and at most those of the padded input
 * @param stride steps between windows along both axes, at least 1
 * @param padding zeros around each image on all four sides, at least 0
 */
public record ConvGeometry(
        int batch, int inHeight, int inWidth, int inDepth, int outDepth, int filterSize, int stride, int padding) {

    /** The fields in order, under the names that case.json gives them. */
    public enum Field {
        BATCH("batch", 1, ConvGeometry::batch),
        IN_HEIGHT("in_height", 1, ConvGeometry::inHeight),
        IN_WIDTH("in_width", 1, ConvGeometry::inWidth),
        IN_DEPTH("in_depth", 1, ConvGeometry::inDepth),
        OUT_DEPTH("out_depth", 1, ConvGeometry::outDepth),
        FILTER_SIZE("filter_size", 1, ConvGeometry::filterSize),
        STRIDE("stride", 1, ConvGeometry::stride),
        PADDING("padding", 0, ConvGeometry::padding);

        private final String key;
        private final int minimum;
        private final ToIntFunction<ConvGeometry> getter;

        Field(String key, int minimum, ToIntFunction<ConvGeometry> getter) {
            this.key = key;
            this.minimum = minimum;
            this.getter = getter;
        }

        /** The name in case.json. */
        public String key() {
            return key;
        }

        public int of(ConvGeometry geometry) {
            return getter.applyAsInt(geometry);
        }

        /** Whether {@code value} is in this field's range. */
        public boolean allows(int value) {
            return value >= minimum;
        }

        /** The sentence that refuses {@code value}, given as JSON text, for this field; Python says the same. */
        public String refusal(String value) {
            return key + " is " + value + ": expected an integer from " + minimum + " to " + Integer.MAX_VALUE;
        }
    }

    /**
     * Checks the geometry.
     *
     * @throws IllegalArgumentException with the sentence that the Python reference says too, if a field is out of range,
     *     the filter is larger than the padded input, or an array would pass 2^31 - 1 elements
     */
    public ConvGeometry {
        int[] values = {batch, inHeight, inWidth, inDepth, outDepth, filterSize, stride, padding};
        for (Field field : Field.values()) {
            int value = values[field.ordinal()];
            if (!field.allows(value)) {
                throw new IllegalArgumentException(field.refusal(Integer.toString(value)));
            }
        }
        long paddedHeight = inHeight + 2L * padding;
        long paddedWidth = inWidth + 2L * padding;
        if (filterSize > Math.min(paddedHeight, paddedWidth)) {
            throw new IllegalArgumentException("filter_size is " + filterSize + ": larger than the padded input of "
                    + paddedHeight + " x " + paddedWidth + ", expected at most " + Math.min(paddedHeight, paddedWidth));
        }
        Sizes sizes = new Sizes(
                batch,
                inHeight,
                inWidth,
                inDepth,
                outDepth,
                filterSize,
                padding,
                outSize(inHeight, filterSize, stride, padding),
                outSize(inWidth, filterSize, stride, padding));
        for (ConvArray array : ConvArray.values()) {
            BigInteger size = array.size(sizes);
            if (size.bitLength() > 31) {
                throw new IllegalArgumentException(
                        array + " would have " + size + " elements: expected at most " + Integer.MAX_VALUE);
            }
        }
    }

    /** The extents that shapes are made of; long, because a refused geometry may pass 2^31. */
    record Sizes(
            long batch,
            long inHeight,
            long inWidth,
            long inDepth,
            long outDepth,
            long filterSize,
            long padding,
            long outHeight,
            long outWidth) {}

    private static int outSize(int in, int filterSize, int stride, int padding) {
        return (int) ((in + 2L * padding - filterSize) / stride + 1);
    }

    Sizes sizes() {
        return new Sizes(batch, inHeight, inWidth, inDepth, outDepth, filterSize, padding, outHeight(), outWidth());
    }

    /** Rows of the output feature map: floor((inHeight + 2 · padding - filterSize) / stride) + 1. */
    public int outHeight() {
        return outSize(inHeight, filterSize, stride, padding);
    }

    /** Columns of the output feature map: floor((inWidth + 2 · padding - filterSize) / stride) + 1. */
    public int outWidth() {
        return outSize(inWidth, filterSize, stride, padding);
    }

    /** Rows of the padded input. */
    public int paddedHeight() {
        return inHeight + 2 * padding;
    }

    /** Columns of the padded input. */
    public int paddedWidth() {
        return inWidth + 2 * padding;
    }

    /** Whether any window covers an input pixel: with padding and a stride beyond the filter, none may. */
    public boolean seesInput() {
        return seesAlong(inHeight, outHeight()) && seesAlong(inWidth, outWidth());
    }

    private boolean seesAlong(int pixels, int windows) {
        return IntStream.range(0, windows)
                .map(window -> window * stride)
                .anyMatch(first -> first < padding + pixels && first + filterSize > padding);
    }

    /** P, the number of windows: batch · outHeight · outWidth. */
    public int positions() {
        return batch * outHeight() * outWidth();
    }

    /** Q, the elements of one window: filterSize · filterSize · inDepth. */
    public int patchSize() {
        return filterSize * filterSize * inDepth;
    }
}
