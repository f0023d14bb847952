package org.npyparity.conv.openblas;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.MatrixEngine;

/**
 * The reference document's algorithm with the matrix multiplication of OpenBLAS, the library that NumPy's wheels carry.
 *
 * <p>Needs Bytedeco's {@code org.bytedeco:openblas} for the platform on the class path; without it the engine says so.
 * OpenBLAS takes the number of its threads from the variable {@code OPENBLAS_NUM_THREADS}, or as many as there are cores.
 */
public final class OpenBlasEngine extends MatrixEngine {

    @Override
    public String name() {
        return "openblas";
    }

    @Override
    public String description() {
        return "im2col, OpenBLAS matrix products, col2im; all cores";
    }

    @Override
    public Optional<String> unavailable() {
        return Library.FAULT;
    }

    @Override
    protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        int columnsOfA = a.shape()[1];
        int columnsOfB = b.shape()[1];
        int m = c.shape()[0];
        int n = c.shape()[1];
        int k = transposeA ? a.shape()[0] : columnsOfA;
        int opA = transposeA ? CblasTrans : CblasNoTrans;
        int opB = transposeB ? CblasTrans : CblasNoTrans;
        if (a.dtype() == DType.FLOAT64) {
            cblas_dgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    m,
                    n,
                    k,
                    1,
                    a.doubles(),
                    columnsOfA,
                    b.doubles(),
                    columnsOfB,
                    0,
                    c.doubles(),
                    n);
        } else {
            cblas_sgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    m,
                    n,
                    k,
                    1,
                    a.floats(),
                    columnsOfA,
                    b.floats(),
                    columnsOfB,
                    0,
                    c.floats(),
                    n);
        }
    }

    /** Bytedeco's binding and the native library behind it, loaded once and only when asked for. */
    private static final class Library {
        static final Optional<String> FAULT = load();

        private static Optional<String> load() {
            try {
                Loader.load(openblas_nolapack.class);
                return Optional.empty();
            } catch (NoClassDefFoundError e) {
                return Optional.of("put Bytedeco's OpenBLAS, org.bytedeco:openblas-platform, on the class path");
            } catch (LinkageError e) {
                return Optional.of("OpenBLAS does not load on this platform: " + e.getMessage());
            }
        }
    }
}
