package org.npyparity.operation.conv;

import static org.npyparity.operation.conv.AbsoluteLayer.MATRIX_FORM;

import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound.Terms;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.conv.Operand.Form;

/**
 * The bounds of the backward pass from one dfilter_data: what each array sums, and how many terms. They are kept, so this
 * is not safe for use by several threads.
 */
final class GradientBounds {
    private final AbsoluteLayer layer;
    private final ConvGeometry g;
    private final Operand weights;
    private final Operand dfilter;
    private final @Nullable Operand uncertain;
    private final Bound dfilterBound;
    private final int[] nonzeroInRow;
    private final int[] nonzeroInColumn;

    private final Map<ConvArray, Bound> bounds = new EnumMap<>(ConvArray.class);
    private final Map<MatricData, Bound> dweights = new IdentityHashMap<>();
    /** S of dmatric_data and of dpadding_data, from which those of later steps are made. */
    private final Supplier<NdArray> dmatricSums = new Once<>(this::dmatricSums);

    private final Supplier<NdArray> dpaddingSums = new Once<>(this::dpaddingSums);

    /**
     * @param dfilter (P, D), with the gradient at every element that may have one
     * @param uncertain (P, D): that gradient where it is not certain, else 0; null if it is everywhere
     * @param dfilterBound of dfilter_data itself
     */
    GradientBounds(
            AbsoluteLayer layer, Operand weights, Operand dfilter, @Nullable Operand uncertain, Bound dfilterBound) {
        this.layer = layer;
        this.g = layer.g();
        this.weights = weights;
        this.dfilter = dfilter;
        this.uncertain = uncertain;
        this.dfilterBound = dfilterBound;
        this.nonzeroInRow = new int[g.positions()];
        this.nonzeroInColumn = new int[g.outDepth()];
        double[] magnitudes = dfilter.in(Form.ALL).doubles();
        for (int row = 0; row < nonzeroInRow.length; row++) {
            int start = row * nonzeroInColumn.length;
            for (int column = 0; column < nonzeroInColumn.length; column++) {
                int one = magnitudes[start + column] == 0 ? 0 : 1;
                nonzeroInRow[row] += one;
                nonzeroInColumn[column] += one;
            }
        }
    }

    Bound dfilterData() {
        return dfilterBound;
    }

    Bound dweights(MatricData matricData) {
        return dweights.computeIfAbsent(matricData, m -> {
            Operand values = m.values();
            LinearStep step = new LinearStep(
                    List.of(values), (d, form) -> layer.engine(form).weightGradient(g, values.in(form), d));
            return bound(step, step.sums(dfilter), new Terms(m.realInColumn(), nonzeroInColumn));
        });
    }

    Bound dbias() {
        return bounds.computeIfAbsent(ConvArray.DBIAS, array -> {
            LinearStep step = new LinearStep(List.of(), (d, form) -> MATRIX_FORM.biasGradient(g, d));
            return bound(step, step.sums(dfilter), Terms.byColumn(nonzeroInColumn));
        });
    }

    Bound dmatricData() {
        return bounds.computeIfAbsent(
                ConvArray.DMATRIC_DATA,
                array -> bound(
                        new LinearStep(List.of(weights), this::dmatricData),
                        dmatricSums.get().doubles(),
                        Terms.byRow(nonzeroInRow, g.patchSize())));
    }

    Bound dpaddingData() {
        return bounds.computeIfAbsent(
                ConvArray.DPADDING_DATA,
                array -> bound(
                        new LinearStep(List.of(weights), this::dpaddingData),
                        dpaddingSums.get().doubles(),
                        Terms.byRow(layer.counts().overPaddedPixels(nonzeroInRow), g.inDepth())));
    }

    Bound dinData() {
        return bounds.computeIfAbsent(ConvArray.DIN_DATA, array -> {
            int[] overPixels = layer.counts().inside(layer.counts().overPaddedPixels(nonzeroInRow));
            return bound(
                    new LinearStep(List.of(weights), (d, form) -> MATRIX_FORM.unpad(g, dpaddingData(d, form))),
                    MATRIX_FORM.unpad(g, dpaddingSums.get()).doubles(),
                    Terms.byRow(overPixels, g.inDepth()));
        });
    }

    private NdArray dmatricSums() {
        return dmatricData(dfilter.in(Form.FINITE), Form.FINITE);
    }

    private NdArray dpaddingSums() {
        return MATRIX_FORM.col2im(g, dmatricSums.get());
    }

    private NdArray dmatricData(NdArray d, Form form) {
        return layer.engine(form).windowGradient(g, d, weights.in(form));
    }

    private NdArray dpaddingData(NdArray d, Form form) {
        return MATRIX_FORM.col2im(g, dmatricData(d, form));
    }

    /** 2 γ(n) S + 2 n η and, where the mask is not certain, S_A on top. */
    private Bound bound(LinearStep step, double[] sums, Terms n) {
        Bound bound = step.bound(layer.rounding(), dfilter, sums, n);
        if (uncertain == null) {
            return bound;
        }
        double[] apart = step.choice(uncertain, n);
        double power = bound.noticedDrop();
        for (int i = 0; i < sums.length; i++) {
            double tolerance = bound.at(i) + apart[i];
            if (apart[i] > 0 && sums[i] > 0 && tolerance > 0) {
                power = Math.max(power, tolerance / sums[i] * n.at(i));
            }
        }
        return bound.plusChoice(apart, power);
    }
}
