package org.npyparity.conv.vector;

import java.util.Optional;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.MatrixEngine;

/**
 * The fast engine: direct kernels on the Vector API, on all cores.
 *
 * <p>Its bits depend on the operands and on the width and the number of the processor's vector registers, not on the
 * number of threads, and do not change from run to run. Needs the module {@code jdk.incubator.vector}.
 */
public final class VectorEngine extends MatrixEngine {
    private static final String MODULE = "jdk.incubator.vector";

    private final Workers workers;

    /** An engine on all cores. */
    public VectorEngine() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * An engine on some threads, the caller's included.
     *
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public VectorEngine(int threads) {
        workers = new Workers(threads);
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String description() {
        return "direct kernels on the JDK's Vector API; all cores";
    }

    @Override
    public Optional<String> unavailable() {
        // Asked before the first of the classes that the module's are linked to is loaded.
        return ModuleLayer.boot().findModule(MODULE).isPresent()
                ? Optional.empty()
                : Optional.of("run Java with --add-modules " + MODULE + " for several times the speed");
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public NdArray directForward(ConvGeometry g, NdArray inData, NdArray weights, NdArray bias) {
        ConvArray.IN_DATA.require(g, inData);
        requireSameType(inData, ConvArray.WEIGHTS.require(g, weights));
        requireSameType(inData, ConvArray.BIAS.require(g, bias));
        return convolution(g, inData).forward(inData, weights, bias);
    }

    @Override
    public NdArray directWeightGradient(ConvGeometry g, NdArray inData, NdArray dfilterData) {
        ConvArray.IN_DATA.require(g, inData);
        requireSameType(inData, ConvArray.DFILTER_DATA.require(g, dfilterData));
        return convolution(g, inData).weightGradient(inData, dfilterData);
    }

    @Override
    public NdArray directInputGradient(ConvGeometry g, NdArray dfilterData, NdArray weights) {
        ConvArray.DFILTER_DATA.require(g, dfilterData);
        requireSameType(dfilterData, ConvArray.WEIGHTS.require(g, weights));
        return convolution(g, dfilterData).inputGradient(dfilterData, weights);
    }

    @Override
    public NdArray reluGradient(ConvGeometry g, NdArray doutData, NdArray filterData) {
        requireSameType(ConvArray.DOUT_DATA.require(g, doutData), ConvArray.FILTER_DATA.require(g, filterData));
        NdArray dfilterData = ConvArray.DFILTER_DATA.zeros(g, doutData);
        ElementPasses passes = new ElementPasses(TileKernels.of(doutData.dtype()), workers);
        passes.copyWhereActive(doutData, filterData, dfilterData);
        return dfilterData;
    }

    @Override
    public NdArray biasGradient(ConvGeometry g, NdArray dfilterData) {
        ConvArray.DFILTER_DATA.require(g, dfilterData);
        NdArray dbias = ConvArray.DBIAS.zeros(g, dfilterData);
        new ElementPasses(TileKernels.of(dfilterData.dtype()), workers).sumRows(dfilterData, dbias);
        return dbias;
    }

    private DirectConvolution convolution(ConvGeometry g, NdArray like) {
        return new DirectConvolution(g, TileKernels.of(like.dtype()), workers);
    }

    @Override
    protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        new MatrixProduct(TileKernels.of(a.dtype()), workers).multiply(a, transposeA, b, transposeB, c);
    }
}
