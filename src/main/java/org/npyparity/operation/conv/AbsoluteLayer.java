package org.npyparity.operation.conv;

import org.npyparity.compare.RoundingBound;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.conv.Operand.Form;

/**
 * What the layer is run on absolute values with.
 *
 * @param g its geometry
 * @param rounding of the case's dtype
 * @param counts how many real terms its sums have
 * @param fast computes sums of finite values
 */
record AbsoluteLayer(ConvGeometry g, RoundingBound rounding, WindowCounts counts, ConvEngine fast) {
    /** Multiplies padding and masked zeros as the document does, so that it shows what a NaN or an infinity reaches. */
    static final ConvEngine MATRIX_FORM = new PlainEngine();

    ConvEngine engine(Form form) {
        return form == Form.ALL ? MATRIX_FORM : fast;
    }
}
