package org.npyparity.report;

import org.npyparity.ThreeLoops;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry;

/** Forgets the last column of windows when it accumulates the input gradient, as a loop that ends one too early does. */
public final class BrokenEngine extends ThreeLoops {
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
}
