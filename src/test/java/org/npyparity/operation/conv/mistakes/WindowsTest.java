package org.npyparity.operation.conv.mistakes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;

/** The vocabulary of the catalogue: without a mistake it computes what the engine computes. */
class WindowsTest {
    private static final List<ConvGeometry> GEOMETRIES = List.of(
            new ConvGeometry(2, 5, 7, 4, 6, 3, 1, 1),
            new ConvGeometry(3, 6, 9, 2, 4, 3, 2, 1),
            new ConvGeometry(2, 7, 11, 3, 5, 2, 3, 0),
            new ConvGeometry(2, 3, 5, 4, 6, 2, 1, 3));

    @ParameterizedTest
    @FieldSource("GEOMETRIES")
    void correctWindowsAreTheEnginesToTheBit(ConvGeometry g) {
        EjmlEngine engine = new EjmlEngine();
        NdArray inData = random(ConvArray.IN_DATA.shape(g));
        NdArray dmatricData = random(ConvArray.DMATRIC_DATA.shape(g));

        assertTrue(Windows.CORRECT.im2col(g, inData).hasSameBits(engine.im2col(g, inData)));
        assertTrue(Windows.CORRECT.col2im(g, dmatricData, Double::sum).hasSameBits(engine.col2im(g, dmatricData)));
    }

    @Test
    void readingIsTheInverseOfWriting() {
        NdArray array = random(2, 3, 4, 5);

        assertTrue(
                Elements.read(Elements.written(array, 2, 3, 1, 0), 2, 3, 1, 0).hasSameBits(array));
    }

    @Test
    void aTransposedMatrixIsWrittenColumnByColumn() {
        NdArray matrix = NdArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);

        assertArrayEquals(
                new double[] {1, 4, 2, 5, 3, 6}, Elements.written(matrix, 1, 0).doubles());
    }

    @Test
    void nhwcReadAsNchwTakesChannelsFromPlanes() {
        // Two pixels (height 1, width 2) of three channels; a reader who expects planes takes every second element.
        NdArray pixels = NdArray.of(new double[] {0, 1, 2, 3, 4, 5}, 1, 1, 2, 3);

        assertArrayEquals(
                new double[] {0, 2, 4, 1, 3, 5},
                Elements.read(pixels, 0, 3, 1, 2).doubles());
    }

    private static NdArray random(int... shape) {
        return NdArray.of(new Random(7).doubles(NdArray.sizeOf(shape), -1, 1).toArray(), shape);
    }
}
