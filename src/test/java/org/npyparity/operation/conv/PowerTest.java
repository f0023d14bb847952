package org.npyparity.operation.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.conv.ConvArray;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.conv.BoundsBatteryTest.Numbers;
import org.npyparity.operation.conv.DesignBounds.Element;

/** The power of a bound: which dropped term it still notices. */
class PowerTest {
    static Stream<Arguments> layers() {
        return Stream.of(Numbers.UNIFORM, Numbers.WIDE_RANGE, Numbers.CANCELLING, Numbers.ONES_AND_ROUNDOFFS)
                .flatMap(n -> Arrays.stream(DType.values()).map(dtype -> Arguments.of(n, dtype)));
    }

    /** By definition: the tolerance as a multiple of the mean absolute term, where that is largest. */
    @ParameterizedTest
    @MethodSource("layers")
    void thePowerIsTheLargestToleranceInMeanTerms(Numbers numbers, DType dtype) {
        for (int seed = 0; seed < 5; seed++) {
            Battery battery = BoundsBatteryTest.random(numbers, dtype, seed);
            battery.design.endToEnd.forEach((array, elements) -> {
                if (array == ConvArray.DFILTER_DATA) {
                    return;
                }
                Bound bound = battery.bounds.endToEnd(array.toString());
                double least = 0;
                double most = 0;
                for (int i = 0; i < elements.length; i++) {
                    Element e = elements[i];
                    if (e.magnitude().signum() > 0 && !Double.isNaN(bound.at(i))) {
                        double tolerance = bound.at(i) / e.magnitude().doubleValue();
                        least = Math.max(least, tolerance * e.n());
                        most = Math.max(most, tolerance * e.nominal());
                    }
                }
                double power = bound.noticedDrop();
                assertTrue(power >= least * (1 - 1e-9), array + ": " + power + " is less than " + least);
                assertTrue(power <= most * (1 + 1e-9), array + ": " + power + " is more than " + most);
            });
        }
    }

    /**
     * dbias in float32 over n windows, each with gradient 1 but the first. With n = 12,288 a typical row that is dropped
     * may pass; one of twice the power never does.
     */
    @Test
    void aDroppedTermOfTwiceThePowerIsNoticedAndOneBelowItMayPass() {
        int n = 12_288;
        for (double multiple : new double[] {2.01, 0.49}) {
            float[] dout = new float[n];
            Arrays.fill(dout, 1);
            double power = bounds(dout).local(Battery.stage("bias-gradient")).noticedDrop();
            assertEquals(2 * n * n * 0x1p-24, power, 0.01 * power, "2 γ(n) n: about 18 rows");

            dout[0] = (float) (multiple * power);
            Bound bound = bounds(dout).local(Battery.stage("bias-gradient"));
            double sum = n - 1 + (double) dout[0];
            NdArray expected = NdArray.of(new float[] {(float) sum}, 1, 1);
            NdArray dropped = NdArray.of(new float[] {n - 1}, 1, 1);
            Comparison comparison = Comparator.compare(dropped, expected, new Policy.Certified(), bound);

            assertEquals(multiple < 1, comparison.passes(), () -> "a dropped term of " + dout[0]);
        }
    }

    /** That is why float32 has twins of family exact: there one row of the smallest gradient is noticed. */
    @Test
    void policyExactNoticesAnyDroppedTerm() {
        Comparison comparison = Comparator.compare(
                NdArray.of(new float[] {12_287}, 1, 1),
                NdArray.of(new float[] {12_288}, 1, 1),
                new Policy.Exact(false),
                Bound.exact());

        assertFalse(comparison.passes());
    }

    private static Bounds bounds(float[] dout) {
        int n = dout.length;
        float[] ones = new float[n];
        Arrays.fill(ones, 1);
        Map<String, NdArray> arrays = new HashMap<>();
        arrays.put("dout_data", NdArray.of(dout, n, 1, 1, 1));
        arrays.put("matric_data", NdArray.of(ones, n, 1));
        arrays.put("filter_data", NdArray.of(ones, n, 1));
        arrays.put("dfilter_data", NdArray.of(dout, n, 1));
        arrays.put("weights", NdArray.of(new float[] {1}, 1, 1));
        Map<String, Object> parameters = new HashMap<>();
        for (String axis : new String[] {"in_height", "in_width", "in_depth", "out_depth", "filter_size", "stride"}) {
            parameters.put(axis, 1);
        }
        parameters.put("batch", n);
        parameters.put("padding", 0);
        return Conv2d.backward()
                .problem(parameters, "document", DType.FLOAT32)
                .bounds(arrays)
                .orElseThrow();
    }
}
