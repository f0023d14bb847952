package org.npyparity.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DBIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DPADDING_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;

import org.npyparity.array.NdArray;

/**
 * The layer in float64 as if computed in twice its precision, then rounded: the yardstick of a check.
 *
 * <p>Each sum of n products is the algorithm Dot2 of Ogita, Rump and Oishi (<i>Accurate Sum and Dot Product</i>, SIAM J.
 * Sci. Comput. 26, 2005, proposition 5.5, with underflow): |result - exact| &lt;= u |exact| + γ(n)² S + 5 n η, S the sum
 * of the absolute products. The rounding errors of products and sums are themselves computed, by FMA and by Knuth's
 * TwoSum, and added up beside. Where a NaN or an infinity takes part, the result is that of a plain sum.
 *
 * <p>It is no engine that can be chosen: it is about ten times as slow as one, and takes float64 only.
 */
public final class PreciseEngine extends MatrixEngine {

    @Override
    public String name() {
        return "precise";
    }

    @Override
    public String description() {
        return "compensated dot products, as if in twice the precision of float64";
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    /** A matrix of sums in the making: what was added, and what rounding took from it. */
    private static final class Sums {
        final double[] sums;
        final double[] errors;

        Sums(int size) {
            sums = new double[size];
            errors = new double[size];
        }

        /** sums[to + i] += factor · values[from + i]. */
        void addProducts(int to, double factor, double[] values, int from, int length) {
            for (int i = 0; i < length; i++) {
                double product = factor * values[from + i];
                double productError = Math.fma(factor, values[from + i], -product);
                double old = sums[to + i];
                double sum = old + product;
                double kept = sum - old;
                errors[to + i] += (old - (sum - kept)) + (product - kept) + productError;
                sums[to + i] = sum;
            }
        }

        double[] rounded() {
            double[] rounded = new double[sums.length];
            for (int i = 0; i < rounded.length; i++) {
                double sum = sums[i] + errors[i];
                // Past an overflow, or with a NaN or an infinity among the terms, the errors mean nothing.
                rounded[i] = Double.isFinite(sums[i]) && Double.isFinite(sum) ? sum : sums[i];
            }
            return rounded;
        }
    }

    /** The transpose of a matrix with that many columns. */
    private static double[] transposed(double[] matrix, int columns) {
        int rows = matrix.length / columns;
        double[] transposed = new double[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    private static Sums product(NdArray a, boolean transposeA, NdArray b, boolean transposeB, int rows, int columns) {
        double[] left = a.doubles();
        double[] right = transposeB ? transposed(b.doubles(), b.shape()[1]) : b.doubles();
        int depth = columns == 0 ? 0 : right.length / columns;
        Sums sums = new Sums(rows * columns);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < depth; k++) {
                double factor = transposeA ? left[k * rows + row] : left[row * depth + k];
                sums.addProducts(row * columns, factor, right, k * columns, columns);
            }
        }
        return sums;
    }

    @Override
    protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        int[] shape = c.shape();
        double[] product =
                product(a, transposeA, b, transposeB, shape[0], shape[1]).rounded();
        System.arraycopy(product, 0, c.doubles(), 0, product.length);
    }

    @Override
    public NdArray linearRelu(ConvGeometry g, NdArray matricData, NdArray weights, NdArray bias) {
        Sums sums = product(
                MATRIC_DATA.require(g, matricData),
                false,
                WEIGHTS.require(g, weights),
                false,
                g.positions(),
                g.outDepth());
        double[] addends = BIAS.require(g, bias).doubles();
        for (int row = 0; row < g.positions(); row++) {
            sums.addProducts(row * g.outDepth(), 1, addends, 0, g.outDepth());
        }
        double[] filterData = sums.rounded();
        for (int i = 0; i < filterData.length; i++) {
            filterData[i] = Math.max(filterData[i], 0);
        }
        return NdArray.of(filterData, g.positions(), g.outDepth());
    }

    @Override
    public NdArray biasGradient(ConvGeometry g, NdArray dfilterData) {
        double[] values = DFILTER_DATA.require(g, dfilterData).doubles();
        Sums sums = new Sums(g.outDepth());
        for (int row = 0; row < g.positions(); row++) {
            sums.addProducts(0, 1, values, row * g.outDepth(), g.outDepth());
        }
        return NdArray.of(sums.rounded(), DBIAS.shape(g));
    }

    @Override
    public NdArray col2im(ConvGeometry g, NdArray dmatricData) {
        double[] values = DMATRIC_DATA.require(g, dmatricData).doubles();
        Sums sums = new Sums(Math.toIntExact(NdArray.sizeOf(DPADDING_DATA.shape(g))));
        forEachWindowRow(
                g,
                (window, kernelRow, pixel) -> sums.addProducts(
                        pixel * g.inDepth(),
                        1,
                        values,
                        window * g.patchSize() + kernelRow * g.filterSize() * g.inDepth(),
                        g.filterSize() * g.inDepth()));
        return NdArray.of(sums.rounded(), DPADDING_DATA.shape(g));
    }

    /** dpadding_data from dfilter_data (P, D) and weights (Q, D) without dmatric_data: one sum for each element. */
    public NdArray paddedGradient(ConvGeometry g, NdArray dfilterData, NdArray weights) {
        double[] gradients = DFILTER_DATA.require(g, dfilterData).doubles();
        double[] kernels = transposed(WEIGHTS.require(g, weights).doubles(), g.outDepth());
        Sums sums = new Sums(Math.toIntExact(NdArray.sizeOf(DPADDING_DATA.shape(g))));
        int length = g.filterSize() * g.inDepth();
        forEachWindowRow(g, (window, kernelRow, pixel) -> {
            for (int d = 0; d < g.outDepth(); d++) {
                sums.addProducts(
                        pixel * g.inDepth(),
                        gradients[window * g.outDepth() + d],
                        kernels,
                        d * g.patchSize() + kernelRow * length,
                        length);
            }
        });
        return NdArray.of(sums.rounded(), DPADDING_DATA.shape(g));
    }

    @Override
    public NdArray directInputGradient(ConvGeometry g, NdArray dfilterData, NdArray weights) {
        return unpad(g, paddedGradient(g, dfilterData, weights));
    }

    /** Takes one row of one window. */
    @FunctionalInterface
    private interface WindowRow {
        /**
         * @param window its number, below P
         * @param kernelRow the row within the window
         * @param pixel the padded images' pixel under the row's first column
         */
        void accept(int window, int kernelRow, int pixel);
    }

    private static void forEachWindowRow(ConvGeometry g, WindowRow action) {
        for (int window = 0; window < g.positions(); window++) {
            int image = window / (g.outHeight() * g.outWidth());
            int outRow = window / g.outWidth() % g.outHeight();
            int outColumn = window % g.outWidth();
            for (int kernelRow = 0; kernelRow < g.filterSize(); kernelRow++) {
                int paddedRow = image * g.paddedHeight() + outRow * g.stride() + kernelRow;
                action.accept(window, kernelRow, paddedRow * g.paddedWidth() + outColumn * g.stride());
            }
        }
    }
}
