package org.npyparity.jnpy;

/**
 * Elements as another Java type. Whether the caller may ask for it is decided before, by {@link DType}; where no value
 * of the type equals an element, it is rounded once, to nearest, ties to even.
 */
final class Conversion {
    private Conversion() {}

    static boolean[] toBooleans(byte[] elements) {
        boolean[] values = new boolean[elements.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements[i] != 0;
        }
        return values;
    }

    static int[] toInts(DType dtype, Object elements, int size) {
        int[] values = new int[size];
        for (int i = 0; i < size; i++) {
            values[i] = (int) dtype.longValue(dtype.carrier().bits(elements, i));
        }
        return values;
    }

    static long[] toLongs(DType dtype, Object elements, int size) {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = dtype.longValue(dtype.carrier().bits(elements, i));
        }
        return values;
    }

    // Below, a loop of its own for the types that files are large in: ten times as fast as the general one.

    static float[] toFloats(DType dtype, Object elements, int size) {
        if (elements instanceof float[] floats) {
            return floats.clone();
        }
        float[] values = new float[size];
        if (dtype == DType.FLOAT16) {
            short[] halves = (short[]) elements;
            for (int i = 0; i < size; i++) {
                values[i] = Half.toFloat(halves[i]);
            }
        } else {
            for (int i = 0; i < size; i++) {
                values[i] = dtype.floatValue(dtype.carrier().bits(elements, i));
            }
        }
        return values;
    }

    static double[] toDoubles(DType dtype, Object elements, int size) {
        if (elements instanceof double[] doubles) {
            return doubles.clone();
        }
        double[] values = new double[size];
        if (elements instanceof float[] floats) {
            for (int i = 0; i < size; i++) {
                values[i] = floats[i];
            }
        } else if (dtype == DType.FLOAT16) {
            short[] halves = (short[]) elements;
            for (int i = 0; i < size; i++) {
                values[i] = Half.toFloat(halves[i]);
            }
        } else {
            for (int i = 0; i < size; i++) {
                values[i] = dtype.doubleValue(dtype.carrier().bits(elements, i));
            }
        }
        return values;
    }
}
