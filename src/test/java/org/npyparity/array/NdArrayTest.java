package org.npyparity.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NdArrayTest {
    private static NdArray counting(DType dtype, int... shape) {
        NdArray array = NdArray.zeros(dtype, shape);
        for (int i = 0; i < array.size(); i++) {
            array.set(i, i + 1);
        }
        return array;
    }

    @ParameterizedTest
    @EnumSource
    void aNanOrAnInfinityIsSeenWhereverItStands(DType dtype) {
        for (int size = 0; size <= 9; size++) {
            NdArray array = counting(dtype, size);
            assertTrue(array.isFinite());
            for (int i = 0; i < size; i++) {
                for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    array.set(i, special);
                    assertFalse(array.isFinite(), special + " at " + i + " of " + size);
                }
                array.set(i, dtype.largest());
            }
            assertTrue(array.isFinite(), "the largest numbers are finite, their sum is not");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameBitsAreThoseOfEachElementInOneTypeAndShape(DType dtype) {
        NdArray array = counting(dtype, 2, 3);
        assertTrue(array.hasSameBits(array.copy()));
        for (int i = 0; i < array.size(); i++) {
            NdArray other = array.copy();
            other.set(i, 0);
            assertFalse(array.hasSameBits(other));
        }
        assertFalse(array.hasSameBits(array.reshape(3, 2)));
        assertFalse(array.hasSameBits(array.as(dtype == DType.FLOAT64 ? DType.FLOAT32 : DType.FLOAT64)));
        array.set(4, 0.0);
        NdArray negative = array.copy();
        negative.set(4, -0.0);
        assertFalse(array.hasSameBits(negative), "zeros of two signs");
    }

    @Test
    void anotherTypeHoldsTheSameNumbersRounded() {
        NdArray array = NdArray.of(new double[] {1 + 0x1p-24, -1e300, 0.1}, 3);

        assertArrayEquals(
                new float[] {1, Float.NEGATIVE_INFINITY, 0.1f},
                array.as(DType.FLOAT32).floats());
        assertArrayEquals(
                new double[] {1, Double.NEGATIVE_INFINITY, 0.1f},
                array.as(DType.FLOAT32).toFloat64().doubles());
        assertArrayEquals(
                new double[] {1 + 0x1p-24, 1e300, 0.1}, array.magnitudes().doubles());
        assertArrayEquals(
                new double[] {3, 0.1f},
                NdArray.of(new float[] {-3, 0.1f}, 2).magnitudes().doubles());
    }

    @Test
    void anIndexAndAPositionAreEachOthersInverse() {
        NdArray array = counting(DType.FLOAT64, 2, 3, 5);
        int position = 0;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 5; k++) {
                    assertArrayEquals(new int[] {i, j, k}, array.indexOf(position));
                    assertEquals(position++, array.positionOf(i, j, k));
                }
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> array.positionOf(0, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> array.positionOf(0, 0));
    }

    @Test
    void aShapeHasAsManyElementsAsItsProductSaysOrIsRefused() {
        assertEquals(1, NdArray.sizeOf());
        assertEquals(0, NdArray.sizeOf(3, 0, 5));
        assertEquals(0, NdArray.sizeOf(0, 0));
        assertEquals(Long.MAX_VALUE, NdArray.sizeOf(7, 7, 73, 127, 337, 92737, 649657));
        assertThrows(IllegalArgumentException.class, () -> NdArray.sizeOf(1 << 30, 1 << 30, 8));
        assertThrows(IllegalArgumentException.class, () -> NdArray.sizeOf(0, 1 << 30, 1 << 30, 8), "so does NumPy");
        assertThrows(IllegalArgumentException.class, () -> NdArray.sizeOf(2, -1));
        assertThrows(IllegalArgumentException.class, () -> NdArray.of(new double[5], 2, 3));
    }
}
