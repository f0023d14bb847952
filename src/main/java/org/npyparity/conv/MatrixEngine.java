package org.npyparity.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.DPADDING_DATA;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;

import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/**
 * The reference document's algorithm: windows become rows (im2col), the layer becomes three matrix products, and rows
 * become windows again (col2im). A subclass supplies the products.
 */
public abstract class MatrixEngine implements ConvEngine {

    /**
     * c = a · b for matrices given as dense arrays, each operand transposed on request.
     *
     * @param a (m, k), or (k, m) if transposed
     * @param b (k, n), or (n, k) if transposed
     * @param c (m, n), overwritten
     */
    protected abstract void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c);

    @Override
    public NdArray im2col(ConvGeometry g, NdArray inData) {
        IN_DATA.require(g, inData);
        NdArray matricData = MATRIC_DATA.zeros(g, inData);
        Object from = inData.elements();
        Object to = matricData.elements();
        int depth = g.inDepth();
        int filterSize = g.filterSize();
        int row = 0;
        for (int image = 0; image < g.batch(); image++) {
            for (int outRow = 0; outRow < g.outHeight(); outRow++) {
                int top = outRow * g.stride() - g.padding();
                for (int outColumn = 0; outColumn < g.outWidth(); outColumn++) {
                    int left = outColumn * g.stride() - g.padding();
                    // The window's columns that lie inside the image; those of one row are contiguous in NHWC.
                    int first = Math.max(0, -left);
                    int inside = Math.min(filterSize, g.inWidth() - left) - first;
                    if (inside > 0) {
                        int firstRow = Math.max(0, -top);
                        int endRow = Math.min(filterSize, g.inHeight() - top);
                        for (int kernelRow = firstRow; kernelRow < endRow; kernelRow++) {
                            int pixel = (image * g.inHeight() + top + kernelRow) * g.inWidth() + left + first;
                            int entry = row * g.patchSize() + (kernelRow * filterSize + first) * depth;
                            System.arraycopy(from, pixel * depth, to, entry, inside * depth);
                        }
                    }
                    row++;
                }
            }
        }
        return matricData;
    }

    @Override
    public NdArray linear(ConvGeometry g, NdArray matricData, NdArray weights) {
        requireSameType(MATRIC_DATA.require(g, matricData), WEIGHTS.require(g, weights));
        NdArray z = FILTER_DATA.zeros(g, matricData);
        multiply(matricData, false, weights, false, z);
        return z;
    }

    @Override
    public NdArray linearRelu(ConvGeometry g, NdArray matricData, NdArray weights, NdArray bias) {
        requireSameType(matricData, BIAS.require(g, bias));
        NdArray filterData = linear(g, matricData, weights);
        ElementLoops.addBiasAndRelu(filterData, bias);
        return filterData;
    }

    @Override
    public NdArray reluGradient(ConvGeometry g, NdArray doutData, NdArray filterData) {
        requireSameType(DOUT_DATA.require(g, doutData), FILTER_DATA.require(g, filterData));
        NdArray dfilterData = DFILTER_DATA.zeros(g, doutData);
        ElementLoops.copyWhereActive(doutData, filterData, dfilterData);
        return dfilterData;
    }

    @Override
    public NdArray weightGradient(ConvGeometry g, NdArray matricData, NdArray dfilterData) {
        requireSameType(MATRIC_DATA.require(g, matricData), DFILTER_DATA.require(g, dfilterData));
        NdArray dweights = ConvArray.DWEIGHTS.zeros(g, matricData);
        multiply(matricData, true, dfilterData, false, dweights);
        return dweights;
    }

    @Override
    public NdArray biasGradient(ConvGeometry g, NdArray dfilterData) {
        DFILTER_DATA.require(g, dfilterData);
        NdArray dbias = ConvArray.DBIAS.zeros(g, dfilterData);
        for (int row = 0; row < g.positions(); row++) {
            ElementLoops.add(dfilterData, row * g.outDepth(), dbias, 0, g.outDepth());
        }
        return dbias;
    }

    @Override
    public NdArray windowGradient(ConvGeometry g, NdArray dfilterData, NdArray weights) {
        requireSameType(DFILTER_DATA.require(g, dfilterData), WEIGHTS.require(g, weights));
        NdArray dmatricData = DMATRIC_DATA.zeros(g, dfilterData);
        multiply(dfilterData, false, weights, true, dmatricData);
        return dmatricData;
    }

    @Override
    public NdArray col2im(ConvGeometry g, NdArray dmatricData) {
        DMATRIC_DATA.require(g, dmatricData);
        NdArray dpaddingData = DPADDING_DATA.zeros(g, dmatricData);
        int windowRow = g.filterSize() * g.inDepth();
        int entry = 0;
        for (int image = 0; image < g.batch(); image++) {
            for (int outRow = 0; outRow < g.outHeight(); outRow++) {
                for (int outColumn = 0; outColumn < g.outWidth(); outColumn++) {
                    for (int kernelRow = 0; kernelRow < g.filterSize(); kernelRow++) {
                        int paddedRow = image * g.paddedHeight() + outRow * g.stride() + kernelRow;
                        int pixel = paddedRow * g.paddedWidth() + outColumn * g.stride();
                        // Windows overlap, so they accumulate.
                        ElementLoops.add(dmatricData, entry, dpaddingData, pixel * g.inDepth(), windowRow);
                        entry += windowRow;
                    }
                }
            }
        }
        return dpaddingData;
    }

    @Override
    public NdArray unpad(ConvGeometry g, NdArray dpaddingData) {
        DPADDING_DATA.require(g, dpaddingData);
        if (g.padding() == 0) {
            return dpaddingData;
        }
        NdArray dinData = ConvArray.DIN_DATA.zeros(g, dpaddingData);
        int rowLength = g.inWidth() * g.inDepth();
        for (int image = 0; image < g.batch(); image++) {
            for (int row = 0; row < g.inHeight(); row++) {
                int paddedRow = image * g.paddedHeight() + g.padding() + row;
                int from = (paddedRow * g.paddedWidth() + g.padding()) * g.inDepth();
                int to = (image * g.inHeight() + row) * rowLength;
                System.arraycopy(dpaddingData.elements(), from, dinData.elements(), to, rowLength);
            }
        }
        return dinData;
    }

    /** @throws IllegalArgumentException if the two have different dtypes */
    protected static void requireSameType(NdArray one, NdArray other) {
        DType expected = one.dtype();
        if (other.dtype() != expected) {
            throw new IllegalArgumentException(
                    "arrays are " + expected + " and " + other.dtype() + ": expected one dtype");
        }
    }
}
