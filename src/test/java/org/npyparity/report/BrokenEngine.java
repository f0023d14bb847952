package org.npyparity.report;

import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.MatrixEngine;

/** Forgets the last column of windows when it accumulates the input gradient, as a loop that ends one too early does. */
public final class BrokenEngine extends MatrixEngine {
    static final String NAME = "broken";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "plain loops, <one> \"column\" & a bit short";
    }

    @Override
    public NdArray col2im(ConvGeometry g, NdArray dmatricData) {
        NdArray shortened = dmatricData.copy();
        for (int row = g.outWidth() - 1; row < g.positions(); row += g.outWidth()) {
            for (int i = 0; i < g.patchSize(); i++) {
                shortened.set(row * g.patchSize() + i, 0);
            }
        }
        return super.col2im(g, shortened);
    }

    @Override
    protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
        int m = c.shape()[0];
        int n = c.shape()[1];
        int k = a.size() / m;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a.get(transposeA ? l * m + i : i * k + l) * b.get(transposeB ? j * k + l : l * n + j);
                }
                c.set(i * n + j, sum);
            }
        }
    }
}
