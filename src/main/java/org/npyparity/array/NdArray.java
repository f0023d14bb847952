package org.npyparity.array;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A dense array in C order (row-major) with a checked shape.
 *
 * <p>The elements are one {@code double[]} or {@code float[]}, shared with whoever made the array: that is what lets a
 * stage work on a 14 MB matrix without a copy. Whoever publishes an array to another thread stops writing to it.
 */
public final class NdArray {
    private final DType dtype;
    private final int[] shape;
    private final Object elements;

    private NdArray(DType dtype, Object elements, int length, int[] shape) {
        long size = sizeOf(shape);
        if (size != length) {
            throw new IllegalArgumentException(
                    "shape " + shapeText(shape) + " has " + size + " elements: the data has " + length);
        }
        this.dtype = dtype;
        this.elements = elements;
        this.shape = shape;
    }

    /** A float64 array over {@code elements}, not copied. */
    public static NdArray of(double[] elements, int... shape) {
        return new NdArray(DType.FLOAT64, elements, elements.length, shape.clone());
    }

    /** A float32 array over {@code elements}, not copied. */
    public static NdArray of(float[] elements, int... shape) {
        return new NdArray(DType.FLOAT32, elements, elements.length, shape.clone());
    }

    /** Zeros. */
    public static NdArray zeros(DType dtype, int... shape) {
        int size = Math.toIntExact(sizeOf(shape));
        return dtype == DType.FLOAT64 ? of(new double[size], shape) : of(new float[size], shape);
    }

    /**
     * The number of elements of {@code shape}.
     *
     * @throws IllegalArgumentException if an extent is negative or the product passes 2^63 - 1
     */
    public static long sizeOf(int... shape) {
        long size = 1;
        boolean empty = false;
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("shape " + shapeText(shape) + " has a negative extent");
            }
            empty |= extent == 0;
            if (extent != 0 && size > Long.MAX_VALUE / extent) {
                throw new IllegalArgumentException("shape " + shapeText(shape) + " has more than 2^63 - 1 elements");
            }
            size *= Math.max(extent, 1);
        }
        return empty ? 0 : size;
    }

    /** A shape as Python writes it: {@code (2, 3)}, {@code (2,)}, {@code ()}. */
    public static String shapeText(int... shape) {
        String inner = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return shape.length == 1 ? "(" + inner + ",)" : "(" + inner + ")";
    }

    public DType dtype() {
        return dtype;
    }

    /** The extents, outermost first; a copy. */
    public int[] shape() {
        return shape.clone();
    }

    public boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
    }

    /** The number of elements. */
    public int size() {
        return dtype == DType.FLOAT64 ? doubles().length : floats().length;
    }

    /**
     * The elements themselves, not a copy.
     *
     * @throws IllegalStateException if the array is not float64
     */
    public double[] doubles() {
        if (elements instanceof double[] doubles) {
            return doubles;
        }
        throw new IllegalStateException("the array is " + dtype + ", not float64");
    }

    /**
     * The elements themselves, not a copy.
     *
     * @throws IllegalStateException if the array is not float32
     */
    public float[] floats() {
        if (elements instanceof float[] floats) {
            return floats;
        }
        throw new IllegalStateException("the array is " + dtype + ", not float32");
    }

    /** The {@code double[]} or {@code float[]} itself, for code that only moves elements. */
    public Object elements() {
        return elements;
    }

    /** The element at a position in C order, widened without loss. */
    public double get(int position) {
        return elements instanceof double[] doubles ? doubles[position] : floats()[position];
    }

    /** Stores {@code value} at a position in C order, rounded to the array's type. */
    public void set(int position, double value) {
        if (elements instanceof double[] doubles) {
            doubles[position] = value;
        } else {
            floats()[position] = (float) value;
        }
    }

    /** The same elements under another shape of the same size. */
    public NdArray reshape(int... newShape) {
        return new NdArray(dtype, elements, size(), newShape.clone());
    }

    public NdArray copy() {
        return elements instanceof double[] doubles ? of(doubles.clone(), shape) : of(floats().clone(), shape);
    }

    /** The elements as float64: widened without loss, or the array itself. */
    public NdArray toFloat64() {
        return as(DType.FLOAT64);
    }

    /** The elements as that type, each rounded to it; the array itself if it is of that type. */
    public NdArray as(DType type) {
        if (type == dtype) {
            return this;
        }
        NdArray converted = zeros(type, shape);
        for (int i = 0; i < size(); i++) {
            converted.set(i, get(i));
        }
        return converted;
    }

    /** The absolute values as float64. */
    public NdArray magnitudes() {
        double[] to = new double[size()];
        if (elements instanceof double[] doubles) {
            for (int i = 0; i < to.length; i++) {
                to[i] = Math.abs(doubles[i]);
            }
        } else {
            float[] floats = floats();
            for (int i = 0; i < to.length; i++) {
                to[i] = Math.abs(floats[i]);
            }
        }
        return of(to, shape);
    }

    /** The n-dimensional index of a position in C order. */
    public int[] indexOf(int position) {
        int[] index = new int[shape.length];
        int rest = position;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }

    /** The position in C order of an n-dimensional index. */
    public int positionOf(int... index) {
        if (index.length != shape.length) {
            throw new IllegalArgumentException(
                    "index " + shapeText(index) + " has " + index.length + " axes, the array " + shape.length);
        }
        int position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            position = position * shape[axis] + Objects.checkIndex(index[axis], shape[axis]);
        }
        return position;
    }

    /** Whether no element is NaN or infinite. */
    public boolean isFinite() {
        return elements instanceof double[] doubles ? isFinite(doubles) : isFinite(floats());
    }

    /** x · 0 is 0 or NaN; four sums, because one would wait for each of its additions. */
    private static boolean isFinite(double[] x) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < x.length; i += 4) {
            a += x[i] * 0;
            b += x[i + 1] * 0;
            c += x[i + 2] * 0;
            d += x[i + 3] * 0;
        }
        for (; i < x.length; i++) {
            a += x[i] * 0;
        }
        return a + b + c + d == 0;
    }

    private static boolean isFinite(float[] x) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < x.length; i += 4) {
            a += x[i] * 0;
            b += x[i + 1] * 0;
            c += x[i + 2] * 0;
            d += x[i + 3] * 0;
        }
        for (; i < x.length; i++) {
            a += x[i] * 0;
        }
        return a + b + c + d == 0;
    }

    /** Whether every element has the same bits as in {@code other}, and both the same type and shape; any NaN is NaN. */
    public boolean hasSameBits(NdArray other) {
        if (dtype != other.dtype || !hasShape(other.shape)) {
            return false;
        }
        return elements instanceof double[] doubles
                ? Arrays.equals(doubles, other.doubles())
                : Arrays.equals(floats(), other.floats());
    }

    @Override
    public String toString() {
        return dtype + shapeText(shape);
    }
}
