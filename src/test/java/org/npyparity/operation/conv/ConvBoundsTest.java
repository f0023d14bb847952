package org.npyparity.operation.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.RoundingBound;
import org.npyparity.conv.ConvGeometry;

/** What {@link BoundsBatteryTest} has no layer for: an image of two pixels, one channel in and one out. */
class ConvBoundsTest {
    private static final ConvGeometry TWO_PIXELS = new ConvGeometry(1, 1, 2, 1, 1, 1, 1, 0);

    /** @param kink the gradient of the first pixel, which passes in one implementation and not in another */
    private static GradientBounds bounds(double weight, double kink) {
        AbsoluteLayer layer = new AbsoluteLayer(
                TWO_PIXELS, new RoundingBound(DType.FLOAT64), new WindowCounts(TWO_PIXELS), new PlainEngine());
        return new GradientBounds(layer, column(weight), column(kink, 3), column(kink, 0), Bound.exact());
    }

    private static Operand column(double... values) {
        return new Operand(NdArray.of(values, values.length, 1));
    }

    @Test
    void whatANaNThatPassesOrNotIsAddedToIsUndecidable() {
        GradientBounds bounds = bounds(2, Double.NaN);

        assertEquals(Double.NaN, bounds.dbias().at(0));
        assertEquals(Double.NaN, bounds.dinData().at(0));
        assertTrue(bounds.dinData().at(1) > 0, "the other pixel has a certain gradient");
    }

    @Test
    void whatAGradientThatPassesOrNotMultipliesByInfinityIsUndecidable() {
        GradientBounds bounds = bounds(Double.POSITIVE_INFINITY, 5);

        assertEquals(Double.NaN, bounds.dinData().at(0));
        assertEquals(0, bounds.dinData().at(1), "infinite, whatever is rounded");
        assertTrue(bounds.dbias().at(0) > 5, "the weight has no part in it");
    }

    /** A fixture may be wrong: then it is the expected matric_data that the stage started from. */
    @Test
    void theLocalBoundOfTheForwardPassIsThatOfTheExpectedMatricDataAndNotOfTheInputs() {
        Map<String, NdArray> arrays = Map.of(
                "in_data", NdArray.of(new double[] {1, 2}, 1, 1, 2, 1),
                "matric_data", NdArray.of(new double[] {1, 2000}, 2, 1),
                "weights", NdArray.of(new double[] {1}, 1, 1),
                "bias", NdArray.of(new double[] {0}, 1, 1));
        ConvBounds bounds = new ConvBounds(TWO_PIXELS, DType.FLOAT64, true, arrays, new PlainEngine());

        Bound local = bounds.local(Battery.stage("linear-relu"));
        Bound inputs = bounds.endToEnd("filter_data");
        assertEquals(inputs.at(0), local.at(0));
        assertEquals(1000, local.at(1) / inputs.at(1), 1e-9);
        assertEquals(inputs.at(1), bounds.local(Battery.stage("direct-forward")).at(1));
    }

    @Test
    void theBoundOfTheBackwardPassIsThatOfTheGradientsFromTheInputsAndNotOfTheExpectedOnes() {
        Map<String, NdArray> arrays = Map.of(
                "dout_data", NdArray.of(new double[] {1, 2}, 1, 1, 2, 1),
                "filter_data", NdArray.of(new double[] {1, 1}, 2, 1),
                "dfilter_data", NdArray.of(new double[] {1, 2000}, 2, 1),
                "weights", NdArray.of(new double[] {1}, 1, 1));
        ConvBounds bounds = new ConvBounds(TWO_PIXELS, DType.FLOAT64, false, arrays, new PlainEngine());

        double inputs = bounds.endToEnd("dbias").at(0);
        assertEquals(667, bounds.local(Battery.stage("bias-gradient")).at(0) / inputs, 1e-9);
    }

    /** -∞ is 0 behind the ReLU, but no small number is; a NaN passes it. */
    @Test
    void whereANaNOrAnInfinityReachesTheReluNothingIsRoundedAndItsMaskIsCertain() {
        ConvBounds bounds = layer(NdArray.of(new double[] {Double.NaN, Double.NEGATIVE_INFINITY}, 1, 1, 2, 1), 5, 5);

        assertEquals(0, bounds.endToEnd("filter_data").at(0));
        assertEquals(0, bounds.endToEnd("filter_data").at(1));
        assertEquals(0, bounds.endToEnd("dfilter_data").ambiguous());
    }

    /** There the bias is left, and what the windows hand back to the padding. */
    @Test
    void onlyWhatIsMadeOfTheInputOrReturnedToItIsForcedToZeroWhereNoWindowSeesIt() {
        assertEquals(List.of("matric_data", "dweights", "din_data"), zeros(new ConvGeometry(2, 1, 1, 3, 4, 1, 2, 1)));
        assertEquals(List.of(), zeros(new ConvGeometry(2, 2, 1, 3, 4, 1, 1, 1)));
    }

    private static List<String> zeros(ConvGeometry g) {
        ConvProblem problem = new ConvProblem(g, DType.FLOAT64, List.of(), true, List.of());
        return problem.outputs().keySet().stream().filter(problem::mayBeAllZero).toList();
    }

    /** 1 · 1 - 1 is 0 within its bound, so 0 and the gradient 5 are both legal. */
    @Test
    void anExpectedGradientThatIsNeitherOfTheTwoLegalOnesHasNoOtherBesideIt() {
        assertTrue(dfilterAtTheKink(5, 0).isAlternative(0, 5));
        assertTrue(dfilterAtTheKink(5, 5).isAlternative(0, 0));
        assertFalse(dfilterAtTheKink(5, 7).isAlternative(0, 0));
        assertFalse(dfilterAtTheKink(5, 7).isAlternative(0, 5));
    }

    @Test
    void aGradientOfNaNHasZeroBesideItAndZeroHasNaN() {
        assertTrue(dfilterAtTheKink(Double.NaN, Double.NaN).isAlternative(0, 0));
        assertTrue(dfilterAtTheKink(Double.NaN, 0).isAlternative(0, Double.NaN));
        assertFalse(dfilterAtTheKink(5, Double.NaN).isAlternative(0, 0));
        assertFalse(dfilterAtTheKink(Double.NaN, 5).isAlternative(0, 0));
    }

    private static Bound dfilterAtTheKink(double gradient, double expected) {
        return layer(NdArray.of(new double[] {1, 1}, 1, 1, 2, 1), gradient, expected)
                .endToEnd("dfilter_data");
    }

    private static ConvBounds layer(NdArray inData, double gradient, double expected) {
        Map<String, NdArray> arrays = Map.of(
                "in_data", inData,
                "weights", NdArray.of(new double[] {1}, 1, 1),
                "bias", NdArray.of(new double[] {-1}, 1, 1),
                "dout_data", NdArray.of(new double[] {gradient, 5}, 1, 1, 2, 1),
                "dfilter_data", NdArray.of(new double[] {expected, 0}, 2, 1));
        return new ConvBounds(TWO_PIXELS, DType.FLOAT64, true, arrays, new PlainEngine());
    }
}
