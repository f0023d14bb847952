package org.npyparity.operation.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;

class PlainEngineTest {
    private static final ConvEngine PLAIN = new PlainEngine();

    /** Whole numbers, so that every order of summation gives the same. */
    private static NdArray integers(ConvArray name, ConvGeometry g, Random random) {
        NdArray array = NdArray.zeros(DType.FLOAT64, name.shape(g));
        for (int i = 0; i < array.size(); i++) {
            array.set(i, random.nextInt(2001) - 1000);
        }
        return array;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void itsProductsAreThoseOfEjmlHoweverManyTermsAreLeftOver(int depth) {
        ConvGeometry g = new ConvGeometry(2, 5, 8, depth, 10 - depth, 3, 2, 1);
        Random random = new Random(depth);
        NdArray matricData = integers(ConvArray.MATRIC_DATA, g, random);
        NdArray weights = integers(ConvArray.WEIGHTS, g, random);
        NdArray dfilterData = integers(ConvArray.DFILTER_DATA, g, random);

        ConvEngine ejml = new EjmlEngine();
        assertArrayEquals(
                ejml.linear(g, matricData, weights).doubles(),
                PLAIN.linear(g, matricData, weights).doubles());
        assertArrayEquals(
                ejml.weightGradient(g, matricData, dfilterData).doubles(),
                PLAIN.weightGradient(g, matricData, dfilterData).doubles());
        assertArrayEquals(
                ejml.windowGradient(g, dfilterData, weights).doubles(),
                PLAIN.windowGradient(g, dfilterData, weights).doubles());
    }

    @Test
    void zeroTimesInfinityIsNotPassedOver() {
        ConvGeometry g = new ConvGeometry(1, 1, 2, 3, 4, 1, 1, 0);
        NdArray weights = NdArray.zeros(DType.FLOAT64, ConvArray.WEIGHTS.shape(g));
        weights.set(5, Double.POSITIVE_INFINITY);

        NdArray z = PLAIN.linear(g, NdArray.zeros(DType.FLOAT64, ConvArray.MATRIC_DATA.shape(g)), weights);

        assertArrayEquals(new double[] {0, Double.NaN, 0, 0, 0, Double.NaN, 0, 0}, z.doubles());
    }
}
