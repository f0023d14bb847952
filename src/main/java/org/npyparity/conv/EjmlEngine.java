package org.npyparity.conv;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;

/** The reference document's algorithm with EJML's matrix multiplication: the engine to read, and the default. */
public final class EjmlEngine extends MatrixEngine {

    @Override
    public String name() {
        return "ejml";
    }

    @Override
    public String description() {
        return "im2col, EJML matrix products, col2im; one thread";
    }

    @Override
    protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        if (a.dtype() == DType.FLOAT64) {
            multiply(asDouble(a), transposeA, asDouble(b), transposeB, asDouble(c));
        } else {
            multiply(asFloat(a), transposeA, asFloat(b), transposeB, asFloat(c));
        }
    }

    /** bᵀ, the weights, is made: EJML's multTransB sums each element alone, which the JIT must not turn into SIMD. */
    private static void multiply(DMatrixRMaj a, boolean transposeA, DMatrixRMaj b, boolean transposeB, DMatrixRMaj c) {
        if (transposeA) {
            CommonOps_DDRM.multTransA(a, b, c);
        } else if (transposeB) {
            CommonOps_DDRM.mult(a, CommonOps_DDRM.transpose(b, null), c);
        } else {
            CommonOps_DDRM.mult(a, b, c);
        }
    }

    private static void multiply(FMatrixRMaj a, boolean transposeA, FMatrixRMaj b, boolean transposeB, FMatrixRMaj c) {
        if (transposeA) {
            CommonOps_FDRM.multTransA(a, b, c);
        } else if (transposeB) {
            CommonOps_FDRM.mult(a, CommonOps_FDRM.transpose(b, null), c);
        } else {
            CommonOps_FDRM.mult(a, b, c);
        }
    }

    /** A view of a matrix (rows, columns), not a copy. */
    private static DMatrixRMaj asDouble(NdArray matrix) {
        int[] shape = matrix.shape();
        return DMatrixRMaj.wrap(shape[0], shape[1], matrix.doubles());
    }

    private static FMatrixRMaj asFloat(NdArray matrix) {
        int[] shape = matrix.shape();
        return FMatrixRMaj.wrap(shape[0], shape[1], matrix.floats());
    }
}
