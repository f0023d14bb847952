package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NpyArrayTest {
    /** One array of each dtype with a single element, all bits set where that is no NaN. */
    private static final List<NpyArray> ONE_OF_EACH = List.of(
            NpyArray.of(new boolean[] {true}),
            NpyArray.of(new byte[] {-1}),
            NpyArray.of(new short[] {-1}),
            NpyArray.of(new int[] {-1}),
            NpyArray.of(new long[] {-1}),
            NpyArray.ofUnsigned(new byte[] {-1}, 1),
            NpyArray.ofUnsigned(new short[] {-1}, 1),
            NpyArray.ofUnsigned(new int[] {-1}, 1),
            NpyArray.ofUnsigned(new long[] {-1}, 1),
            NpyArray.ofHalves(new short[] {(short) 0xFBFF}, 1),
            NpyArray.of(new float[] {-Float.MAX_VALUE}),
            NpyArray.of(new double[] {-Double.MAX_VALUE}),
            NpyArray.ofComplex(new float[] {2, -3}, 1),
            NpyArray.ofComplex(new double[] {2, -3}, 1));

    static Stream<NpyArray> oneOfEach() {
        return ONE_OF_EACH.stream();
    }

    /** For each accessor the dtypes that it takes: all others are refused. */
    private static final Map<String, Function<NpyArray, Object>> ACCESSORS = Map.ofEntries(
            Map.entry("bytes: int8", NpyArray::bytes),
            Map.entry("shorts: int16", NpyArray::shorts),
            Map.entry("ints: int32", NpyArray::ints),
            Map.entry("longs: int64", NpyArray::longs),
            Map.entry("unsignedBytes: uint8", NpyArray::unsignedBytes),
            Map.entry("unsignedShorts: uint16", NpyArray::unsignedShorts),
            Map.entry("unsignedInts: uint32", NpyArray::unsignedInts),
            Map.entry("unsignedLongs: uint64", NpyArray::unsignedLongs),
            Map.entry("halves: float16", NpyArray::halves),
            Map.entry("floats: float32", NpyArray::floats),
            Map.entry("doubles: float64", NpyArray::doubles),
            Map.entry("complexFloats: complex64", NpyArray::complexFloats),
            Map.entry("complexDoubles: complex128", NpyArray::complexDoubles),
            Map.entry("toBooleans: bool", NpyArray::toBooleans),
            Map.entry("toInts: bool int8 int16 int32 uint8 uint16", NpyArray::toInts),
            Map.entry("toLongs: bool int8 int16 int32 int64 uint8 uint16 uint32", NpyArray::toLongs),
            Map.entry("toFloats: bool int8 int16 uint8 uint16 float16 float32", NpyArray::toFloats),
            Map.entry(
                    "toDoubles: bool int8 int16 int32 uint8 uint16 uint32 float16 float32 float64",
                    NpyArray::toDoubles),
            Map.entry(
                    "toFloatsRounded: bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64",
                    NpyArray::toFloatsRounded),
            Map.entry(
                    "toDoublesRounded: bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64",
                    NpyArray::toDoublesRounded),
            Map.entry("getLong: bool int8 int16 int32 int64 uint8 uint16 uint32", a -> a.getLong(0)),
            Map.entry(
                    "getDouble: bool int8 int16 int32 uint8 uint16 uint32 float16 float32 float64",
                    a -> a.getDouble(0)),
            Map.entry("getReal: complex64 complex128", a -> a.getReal(0)),
            Map.entry("getImaginary: complex64 complex128", a -> a.getImaginary(0)));

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void everyAccessorTakesItsDtypesAndNoOther(NpyArray array) {
        String name = array.dtype().numpyName();
        ACCESSORS.forEach((accessor, get) -> {
            if (List.of(accessor.split("[: ]+")).contains(name)) {
                assertDoesNotThrow(() -> get.apply(array));
            } else {
                IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> get.apply(array));
                String message = String.valueOf(refusal.getMessage());
                assertTrue(message.contains("the array is " + name + ": use "), message);
            }
        });
    }

    @Test
    void conversionsKeepTheValue() {
        long[] expected = {1, -1, -1, -1, -1, 0xFFL, 0xFFFFL, 0xFFFF_FFFFL};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(
                    expected[i],
                    ONE_OF_EACH.get(i).toLongs()[0],
                    ONE_OF_EACH.get(i).toString());
            assertEquals(
                    expected[i],
                    ONE_OF_EACH.get(i).getLong(0),
                    ONE_OF_EACH.get(i).toString());
        }
        assertEquals(0xFFFF, ONE_OF_EACH.get(6).toInts()[0]);
        assertEquals(0x1p64, ONE_OF_EACH.get(8).toDoublesRounded()[0]);
        assertEquals(-65504, ONE_OF_EACH.get(9).toDoubles()[0]);
        assertEquals(-Float.MAX_VALUE, ONE_OF_EACH.get(10).toDoubles()[0]);
        assertEquals(Float.NEGATIVE_INFINITY, ONE_OF_EACH.get(11).toFloatsRounded()[0]);
        assertEquals(-3, ONE_OF_EACH.get(12).getImaginary(0));
        assertEquals(2, ONE_OF_EACH.get(13).getReal(0));
    }

    @Test
    void unsignedLongsRoundToNearestAsTheExactNumberDoes() {
        SplittableRandom random = new SplittableRandom(7);
        long[] bits = IntStream.range(0, 20_000)
                .mapToLong(i -> {
                    // Around the ties of both formats: a set bit, then few others far below.
                    long top = 1L << 63 | random.nextLong() & -1L << 8 + i % 40;
                    return top + (1L << 7 + i % 40) + random.nextInt(-2, 3);
                })
                .toArray();
        double[] doubles = NpyArray.ofUnsigned(bits, bits.length).toDoublesRounded();
        float[] floats = NpyArray.ofUnsigned(bits, bits.length).toFloatsRounded();
        for (int i = 0; i < bits.length; i++) {
            BigDecimal exact = new BigDecimal(new BigInteger(Long.toUnsignedString(bits[i])));
            assertEquals(exact.doubleValue(), doubles[i]);
            // BigDecimal.floatValue is right since JDK 21 only; through parsing it always was.
            assertEquals(Float.parseFloat(exact.toString()), floats[i]);
        }
    }

    /** The definition, in exact arithmetic: (-1)^s 2^(max(e,1)-25) (f + [e > 0] 1024). */
    @Test
    void everyHalfIsTheFloatOfTheSameValue() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double sign = bits >> 15 == 0 ? 1 : -1;
            float actual = Half.toFloat((short) bits);
            if (exponent == 31 && fraction != 0) {
                assertEquals(
                        bits >> 15 << 31 | 0x7F80_0000 | fraction << 13,
                        Float.floatToRawIntBits(actual),
                        "NaN " + bits);
                continue;
            }
            double magnitude = exponent == 31
                    ? Double.POSITIVE_INFINITY
                    : Math.scalb(fraction + (exponent > 0 ? 1024 : 0), Math.max(exponent, 1) - 25);
            assertEquals((float) (sign * magnitude), actual, "half " + bits);
        }
    }

    @Test
    void flatArraysAreRowMajorWhateverTheOrder() {
        double[] rows = IntStream.range(0, 24).asDoubleStream().toArray();
        NpyArray c = NpyArray.of(rows, 2, 3, 4);
        NpyArray fortran = c.inOrder(Order.FORTRAN);

        assertSame(rows, c.doubles());
        assertSame(c, c.inOrder(Order.C));
        assertEquals(Order.FORTRAN, fortran.order());
        assertArrayEquals(rows, fortran.inOrder(Order.C).doubles());
        assertArrayEquals(rows, fortran.toDoubles());
        assertArrayEquals(new int[] {4, 3, 2}, fortran.transpose().shape());
        assertArrayEquals(new int[] {2, 3, 4}, fortran.shape());
        assertSame(fortran.storage(), fortran.transpose().doubles());
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 4; k++) {
                    double expected = (i * 3 + j) * 4 + k;
                    assertEquals(expected, c.getDouble(i, j, k));
                    assertEquals(expected, fortran.getDouble(i, j, k));
                    assertEquals(expected, fortran.transpose().getDouble(k, j, i));
                    assertEquals(expected, fortran.transpose().doubles()[(k * 3 + j) * 2 + i]);
                }
            }
        }
        IllegalStateException refusal = assertThrows(IllegalStateException.class, fortran::doubles);
        assertEquals(
                "doubles() is row-major, the array is in Fortran order: use inOrder(Order.C).doubles(), which moves the"
                        + " elements, or transpose().doubles(), which reverses the axes",
                refusal.getMessage());
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void reorderingMovesWholeElementsOfEveryDtype(NpyArray one) {
        int lanes = one.dtype().lanes();
        Object storage = one.dtype().carrier().allocate(30 * lanes);
        byte[] bits = new byte[30 * one.dtype().bytes()];
        new SplittableRandom(one.dtype().ordinal()).nextBytes(bits);
        one.dtype().carrier().get(ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN), storage, 0, 30 * lanes);
        int[] shape = {2, 3, 1, 5};
        NpyArray c = new NpyArray(one.dtype(), ByteOrder.LITTLE_ENDIAN, Order.C, shape, storage);
        NpyArray fortran = c.inOrder(Order.FORTRAN);
        NpyArray back = fortran.inOrder(Order.C);

        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 5; k++) {
                    for (int lane = 0; lane < lanes; lane++) {
                        int inC = ((i * 3 + j) * 5 + k) * lanes + lane;
                        int inFortran = ((k * 3 + j) * 2 + i) * lanes + lane;
                        long bitsOf = one.dtype().carrier().bits(storage, inC);
                        assertEquals(bitsOf, one.dtype().carrier().bits(fortran.storage(), inFortran));
                        assertEquals(bitsOf, one.dtype().carrier().bits(back.storage(), inC));
                    }
                }
            }
        }
    }

    @Test
    void whereBothOrdersMeanTheSameTheOrderIsC() {
        assertEquals(Order.C, NpyArray.of(new float[5], 1, 5, 1).transpose().order());
        assertEquals(
                Order.C,
                NpyArray.of(new float[0], 0, 5, 3).inOrder(Order.FORTRAN).order());
        assertEquals(
                Order.FORTRAN, NpyArray.of(new float[6], 1, 3, 2).transpose().order());
    }

    @Test
    void shapesThatDoNotFitAreRefusedWithBothNumbers() {
        assertRefused(
                "float64 of shape (2, 3) needs the product of the shape as its length, but the array has 5",
                () -> NpyArray.of(new double[5], 2, 3));
        assertRefused(
                "complex64 of shape (2,) needs twice the product of the shape as its length, but the array has 2",
                () -> NpyArray.ofComplex(new float[2], 2));
        assertRefused("an extent is negative: (-1, -3)", () -> NpyArray.of(new int[3], -1, -3));
        assertRefused("an extent is negative: (0, -1)", () -> NpyArray.of(new int[0], 0, -1));
        assertRefused(
                "float32 of shape (65536, 65536) needs the product of the shape as its length, but the array has 0",
                () -> NpyArray.of(new float[0], 65536, 65536));
        assertRefused(
                "float32 of shape (65536, 65536, 0, 65536, 65536) needs fewer than 2^63 bytes beside its empty axes",
                () -> NpyArray.of(new float[0], 65536, 65536, 0, 65536, 65536));
        int[] deep = new int[65];
        Arrays.fill(deep, 1);
        assertRefused("NumPy has at most 64 axes, the shape has 65", () -> NpyArray.of(new byte[1], deep));
        assertEquals(1, NpyArray.of(new byte[1], Arrays.copyOf(deep, 64)).size());
        assertEquals(0, NpyArray.of(new double[] {3}, new int[0]).ndim());
        assertEquals(1, NpyArray.of(new double[] {3}).ndim());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void withoutAShapeAnArrayIsOneDimensional() {
        List<NpyArray> arrays = List.of(
                NpyArray.of(new boolean[3]),
                NpyArray.of(new byte[3]),
                NpyArray.of(new short[3]),
                NpyArray.of(new int[3]),
                NpyArray.of(new long[3]),
                NpyArray.ofUnsigned(new byte[3]),
                NpyArray.ofUnsigned(new short[3]),
                NpyArray.ofUnsigned(new int[3]),
                NpyArray.ofUnsigned(new long[3]),
                NpyArray.ofHalves(new short[3]),
                NpyArray.of(new float[3]),
                NpyArray.of(new double[3]),
                NpyArray.ofComplex(new float[6]),
                NpyArray.ofComplex(new double[6]));
        assertEquals(14, arrays.stream().map(NpyArray::dtype).distinct().count());
        for (NpyArray array : arrays) {
            assertArrayEquals(new int[] {3}, array.shape(), array.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> NpyArray.ofComplex(new double[5]));
    }

    @Test
    void anIndexOutsideTheShapeIsRefused() {
        NpyArray array = NpyArray.of(new int[6], 2, 3);
        for (int[] index : new int[][] {{}, {1}, {2, 0}, {0, 3}, {-1, 0}, {0, -1}, {0, 0, 0}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> array.getLong(index));
        }
        IndexOutOfBoundsException refusal = assertThrows(IndexOutOfBoundsException.class, () -> array.getLong(2, 0));
        assertEquals("index (2, 0) is not in the shape (2, 3)", refusal.getMessage());
    }

    @Test
    void forPeopleAnArrayShowsItsHeadAndFirstElementsRowByRow() {
        assertEquals(
                "int16 (2, 4) FORTRAN [0, 1, 2, 3, 4, 5, ...]",
                NpyArray.of(new short[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 4)
                        .inOrder(Order.FORTRAN)
                        .toString());
        assertEquals("uint64 (1,) C [18446744073709551615]", ONE_OF_EACH.get(8).toString());
        assertEquals("complex128 (1,) C [2.0-3.0j]", ONE_OF_EACH.get(13).toString());
        assertEquals(
                "bool () C [true]",
                NpyArray.of(new boolean[] {true}, new int[0]).toString());
        assertEquals("float32 (0,) C []", NpyArray.of(new float[0]).toString());
    }
}
