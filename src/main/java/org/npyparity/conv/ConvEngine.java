package org.npyparity.conv;

import java.util.Optional;
import org.npyparity.array.NdArray;

/**
 * One implementation of the convolution layer, for float64 and float32.
 *
 * <p>Each method is one stage. All arguments have the shapes of {@link ConvArray} and one dtype, which is the result's;
 * no argument is changed, and a result may share an argument's elements only where the method says so. Engines are
 * stateless and safe for use by several threads. A user's engine is a class that implements the stages and is named in
 * {@code META-INF/services/org.npyparity.conv.ConvEngine}.
 *
 * <p>All methods throw {@link IllegalArgumentException} if a shape does not fit the geometry or dtypes are mixed.
 */
public interface ConvEngine {

    /** A short lower-case name, unique among the engines, for {@code --engine}. */
    String name();

    /** One line on how this engine computes, for the report. */
    String description();

    /** Why this engine cannot run in this JVM, with what to do about it; empty when it can. */
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /** Forward step 1: in_data (batch, inHeight, inWidth, C) to matric_data (P, Q). */
    NdArray im2col(ConvGeometry geometry, NdArray inData);

    /** matric_data (P, Q) · weights (Q, D), before bias and ReLU, (P, D): what a bound over magnitudes is made of. */
    NdArray linear(ConvGeometry geometry, NdArray matricData, NdArray weights);

    /** Forward step 2: matric_data (P, Q), weights (Q, D), bias (1, D) to filter_data (P, D). */
    NdArray linearRelu(ConvGeometry geometry, NdArray matricData, NdArray weights, NdArray bias);

    /** Forward step 3: filter_data (P, D) to out_data (batch, outHeight, outWidth, D); shares the elements. */
    default NdArray toFeatureMap(ConvGeometry geometry, NdArray filterData) {
        return ConvArray.FILTER_DATA.require(geometry, filterData).reshape(ConvArray.OUT_DATA.shape(geometry));
    }

    /** Backward steps 1 and 2a: dout_data as a matrix, 0 wherever filter_data (P, D) is &lt;= 0; NaN is not. */
    NdArray reluGradient(ConvGeometry geometry, NdArray doutData, NdArray filterData);

    /** Backward step 2b: matric_dataᵀ · dfilter_data, (Q, D). */
    NdArray weightGradient(ConvGeometry geometry, NdArray matricData, NdArray dfilterData);

    /** Backward step 2c: the column sums of dfilter_data, (1, D). */
    NdArray biasGradient(ConvGeometry geometry, NdArray dfilterData);

    /** Backward step 2d: dfilter_data · weightsᵀ, (P, Q). */
    NdArray windowGradient(ConvGeometry geometry, NdArray dfilterData, NdArray weights);

    /** Backward step 3a: dmatric_data (P, Q) accumulated to dpadding_data. */
    NdArray col2im(ConvGeometry geometry, NdArray dmatricData);

    /** Backward step 3b: dpadding_data without its padding, din_data; with padding 0 it shares the elements. */
    NdArray unpad(ConvGeometry geometry, NdArray dpaddingData);

    /** Whether the direct methods below are computed without the (P, Q) matrices, and so deserve a judgement. */
    default boolean isDirect() {
        return false;
    }

    /** Forward steps 1 and 2 in one: in_data to filter_data (P, D). */
    default NdArray directForward(ConvGeometry geometry, NdArray inData, NdArray weights, NdArray bias) {
        return linearRelu(geometry, im2col(geometry, inData), weights, bias);
    }

    /** The weight gradient (Q, D) from in_data. */
    default NdArray directWeightGradient(ConvGeometry geometry, NdArray inData, NdArray dfilterData) {
        return weightGradient(geometry, im2col(geometry, inData), dfilterData);
    }

    /** Backward steps 2d to 3b in one: dfilter_data to din_data. */
    default NdArray directInputGradient(ConvGeometry geometry, NdArray dfilterData, NdArray weights) {
        return unpad(geometry, col2im(geometry, windowGradient(geometry, dfilterData, weights)));
    }
}
