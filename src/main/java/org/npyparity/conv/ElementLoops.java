package org.npyparity.conv;

import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/** The loops over elements that Java needs once per dtype; plain, so that the JIT turns them into SIMD. */
final class ElementLoops {
    private ElementLoops() {}

    /** to[toStart + i] += from[fromStart + i] for i &lt; length. */
    static void add(NdArray from, int fromStart, NdArray to, int toStart, int length) {
        if (from.dtype() == DType.FLOAT64) {
            add(from.doubles(), fromStart, to.doubles(), toStart, length);
        } else {
            add(from.floats(), fromStart, to.floats(), toStart, length);
        }
    }

    private static void add(double[] from, int fromStart, double[] to, int toStart, int length) {
        for (int i = 0; i < length; i++) {
            to[toStart + i] += from[fromStart + i];
        }
    }

    private static void add(float[] from, int fromStart, float[] to, int toStart, int length) {
        for (int i = 0; i < length; i++) {
            to[toStart + i] += from[fromStart + i];
        }
    }

    /** rows = max(rows + bias, 0), bias (1, D) added to each row of (P, D); as np.maximum, NaN stays NaN. */
    static void addBiasAndRelu(NdArray rows, NdArray bias) {
        if (rows.dtype() == DType.FLOAT64) {
            addBiasAndRelu(rows.doubles(), bias.doubles());
        } else {
            addBiasAndRelu(rows.floats(), bias.floats());
        }
    }

    private static void addBiasAndRelu(double[] rows, double[] bias) {
        for (int start = 0; start < rows.length; start += bias.length) {
            for (int i = 0; i < bias.length; i++) {
                rows[start + i] = Math.max(rows[start + i] + bias[i], 0);
            }
        }
    }

    private static void addBiasAndRelu(float[] rows, float[] bias) {
        for (int start = 0; start < rows.length; start += bias.length) {
            for (int i = 0; i < bias.length; i++) {
                rows[start + i] = Math.max(rows[start + i] + bias[i], 0);
            }
        }
    }

    /** to[i] = activation[i] &lt;= 0 ? 0 : from[i]; a NaN activation is not &lt;= 0 and lets the gradient pass. */
    static void copyWhereActive(NdArray from, NdArray activation, NdArray to) {
        if (from.dtype() == DType.FLOAT64) {
            copyWhereActive(from.doubles(), activation.doubles(), to.doubles());
        } else {
            copyWhereActive(from.floats(), activation.floats(), to.floats());
        }
    }

    private static void copyWhereActive(double[] from, double[] activation, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = activation[i] <= 0 ? 0 : from[i];
        }
    }

    private static void copyWhereActive(float[] from, float[] activation, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = activation[i] <= 0 ? 0 : from[i];
        }
    }
}
