package org.npyparity;

import org.npyparity.array.NdArray;
import org.npyparity.conv.MatrixEngine;

/** The engine of docs/porting.md. */
public class ThreeLoops extends MatrixEngine {
    @Override
    public String name() {
        return "loops";
    }

    @Override
    public String description() {
        return "three loops";
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
