package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.jnpy.Npz;
import org.npyparity.jnpy.Order;

/** Two files, and one. */
class DiffAndInspectTest {
    @TempDir
    private Path scratch;

    private int files;

    private Path file(NpyArray array) throws IOException {
        Path file = scratch.resolve("array" + files++ + ".npy");
        Npy.write(file, array);
        return file;
    }

    private Path doubles(double... values) throws IOException {
        return file(NpyArray.of(values));
    }

    @Test
    void equalFilesExitWith0AndSayWhatWasCompared() throws IOException {
        Shell.run("diff", doubles(1, 2, 3), doubles(1, 2, 3))
                .exits(Main.PARITY)
                .prints("float64 (3,)", "PARITY", "3 compared, 0 differ");
    }

    @Test
    void aDifferenceExitsWith1AndCarriesNumPysFacts() throws IOException {
        // np.testing.assert_allclose(a, b, rtol=1e-7): Mismatched elements: 1 / 4 (25%); max absolute 0.5, relative
        // 0.25
        Path a = file(NpyArray.of(new double[] {1, 2.5, 3, 4 + 1e-8}, 2, 2));
        Path b = file(NpyArray.of(new double[] {1, 2, 3, 4}, 2, 2));
        Shell.run("diff", a, b, "--rtol", "1e-7")
                .exits(Main.MISMATCH)
                .prints(
                        "allclose:rtol=1.0E-7",
                        "4 compared, 2 differ, 1 outside the policy",
                        "1 of 4 (25.0%), among them max absolute difference 0.5, max relative 0.25",
                        "at [0, 1]",
                        "actual 2.5, expected 2.0");
        Shell.run("diff", a, b).exits(Main.MISMATCH).prints("2 of 4 (50.0%)", "policy          exact");
        Shell.run("diff", a, b, "--atol", "0.5").exits(Main.PARITY);
    }

    @Test
    void ulpCountsRepresentableNumbers() throws IOException {
        Path a = doubles(1, Math.nextUp(Math.nextUp(2.0)));
        Path b = doubles(1, 2);
        Shell.run("diff", a, b, "--ulp", "2").exits(Main.PARITY).prints("ulp:2");
        Shell.run("diff", a, b, "--ulp", "1").exits(Main.MISMATCH).prints("at [1]", "2 ULP apart");
        Shell.run("diff", file(NpyArray.of(new int[] {1})), file(NpyArray.of(new int[] {1})), "--ulp", "1")
                .refuses("dtype is int32, --ulp expects float64 or float32");
    }

    @Test
    void nanAndSignedZerosFollowTheirOptions() throws IOException {
        Path a = doubles(Double.NaN, 0.0);
        Path b = doubles(Double.NaN, -0.0);
        Shell.run("diff", a, b).exits(Main.PARITY);
        Shell.run("diff", a, b, "--signed-zeros").exits(Main.MISMATCH).prints("at [1]");
        Shell.run("diff", a, b, "--rtol", "1").exits(Main.PARITY);
        Shell.run("diff", a, b, "--rtol", "1", "--nan-differs")
                .exits(Main.MISMATCH)
                .prints("at [0]", "actual NaN, expected NaN, NaN has no distance");
        Shell.run("diff", a, doubles(1, 0), "--rtol", "1")
                .exits(Main.MISMATCH)
                .prints("nan locations  1 NaN on one side only");
    }

    @Test
    void anotherShapeOrDtypeIsAMismatchThatComparesNothing() throws IOException {
        Shell.run("diff", doubles(1, 2), doubles(1, 2, 3)).exits(Main.MISMATCH).prints("shape is (2,): expected (3,)");
        Shell.run("diff", file(NpyArray.of(new float[] {1})), doubles(1))
                .exits(Main.MISMATCH)
                .prints("dtype is float32: expected float64");
        Path pairs = file(NpyArray.ofComplex(new double[] {1, 2, 3, 4}, 2));
        Shell.run("diff", file(NpyArray.ofComplex(new double[] {1, 2}, 1)), pairs)
                .exits(Main.MISMATCH)
                .prints("shape is (1,): expected (2,)");
        Shell.run("diff", doubles(), doubles()).exits(Main.MISMATCH).prints("empty: nothing was compared");
    }

    @Test
    void orderAndByteOrderMakeNoDifference() throws IOException {
        NpyArray c = NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Path plain = file(c);
        Path fortran = file(c.inOrder(Order.FORTRAN));
        Path big = file(c.withByteOrder(ByteOrder.BIG_ENDIAN));
        Shell.run("diff", plain, fortran).exits(Main.PARITY);
        Shell.run("diff", big, fortran).exits(Main.PARITY);
        Shell.run("diff", fortran, fortran).exits(Main.PARITY);
        Path other = file(NpyArray.of(new double[] {1, 2, 3, 4, 5, 7}, 2, 3).inOrder(Order.FORTRAN));
        Shell.run("diff", other, fortran).exits(Main.MISMATCH).prints("at [1, 2]");
        Shell.run("diff", other, plain).exits(Main.MISMATCH).prints("at [1, 2]");
    }

    /** Arrays (30, 50) of whole numbers, or pairs of them, of each type that is read by a way of its own. */
    private static List<NpyArray> large(IntUnaryOperator value) {
        double[] doubles =
                IntStream.range(0, 1500).mapToDouble(value::applyAsInt).toArray();
        double[] pairs = IntStream.range(0, 3000).mapToDouble(value::applyAsInt).toArray();
        int[] shape = {30, 50};
        return List.of(
                NpyArray.of(doubles, shape),
                NpyArray.of(floats(doubles), shape),
                NpyArray.of(DoubleStream.of(doubles).mapToLong(x -> (long) x).toArray(), shape),
                NpyArray.ofComplex(pairs, shape),
                NpyArray.ofComplex(floats(pairs), shape));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void moreElementsThanAreReadAtATimeAreComparedInAnyTypeAndOrder() throws IOException {
        List<NpyArray> right = large(i -> i);
        List<NpyArray> wrong = large(i -> i == 3 ? -1 : i == 1499 ? -9999 : i);
        for (int i = 0; i < right.size(); i++) {
            boolean pairs = i >= 3;
            Path plain = file(right.get(i));
            Path fortran = file(right.get(i).inOrder(Order.FORTRAN));
            Path other = file(wrong.get(i).inOrder(Order.FORTRAN));
            Shell.run("diff", plain, fortran).exits(Main.PARITY);
            for (Path path : List.of(plain, fortran)) {
                Shell.run("diff", other, path)
                        .exits(Main.MISMATCH)
                        .prints(
                                "2 differ",
                                (pairs ? "at [0, 1, 1]    " : "at [0, 3]       ") + "actual -1",
                                "worst absolute  1.15e+04 at " + (pairs ? "[14, 49, 1]" : "[29, 49]"));
            }
        }
    }

    @Test
    void integersThatRoundToOneDoubleAreToldApart() throws IOException {
        long large = (1L << 53) + 1;
        Shell.run("diff", file(NpyArray.of(new long[] {3, large})), file(NpyArray.of(new long[] {3, large - 1})))
                .exits(Main.MISMATCH)
                .prints("at [1]", "2 compared, 1 differ");
        NpyArray fortran = NpyArray.of(new long[] {3, 4, 5, large}, 2, 2).inOrder(Order.FORTRAN);
        Shell.run("diff", file(fortran), file(NpyArray.of(new long[] {3, 4, 5, large - 1}, 2, 2)))
                .exits(Main.MISMATCH)
                .prints("at [1, 1]");
        Shell.run("diff", file(NpyArray.ofUnsigned(new long[] {-1}, 1)), file(NpyArray.ofUnsigned(new long[] {-2}, 1)))
                .exits(Main.MISMATCH);
        Shell.run("diff", file(NpyArray.ofUnsigned(new long[] {-2}, 1)), file(NpyArray.ofUnsigned(new long[] {-2}, 1)))
                .exits(Main.PARITY);
    }

    /** Rounded, 2^53 + 1 and 2^53 are 0 apart, and 2^64 - 1 and 2^64 - 3 too: NumPy judges that. */
    @Test
    void aToleranceOfIntegersThatDifferAndAreNoDoublesIsRefused() throws IOException {
        long large = 1L << 53;
        Path a = file(NpyArray.of(new long[] {3, large + 1, large + 1}));
        Path b = file(NpyArray.of(new long[] {3, large + 1, large}));
        String refusal =
                "a tolerance would judge what 9007199254740993 and 9007199254740992 round to: --rtol and --atol"
                        + " expect integers that are doubles";
        Shell.run("diff", a, b, "--rtol", "0", "--atol", "0.5").refuses(refusal);
        Shell.run("diff", a, b, "--rtol", "1e-7").refuses(refusal);
        Shell.run("diff", a, b).exits(Main.MISMATCH);
        Shell.run("diff", a, a, "--rtol", "0", "--atol", "0.5").exits(Main.PARITY);
        Path most = file(NpyArray.ofUnsigned(new long[] {-1, 1}, 2));
        Path less = file(NpyArray.ofUnsigned(new long[] {-3, 1}, 2));
        Shell.run("diff", most, less, "--rtol", "0", "--atol", "1")
                .refuses("18446744073709551615 and 18446744073709551613");
        Path greatest = file(NpyArray.of(new long[] {Long.MAX_VALUE}));
        Path least = file(NpyArray.of(new long[] {Long.MIN_VALUE}));
        Shell.run("diff", greatest, least, "--rtol", "0", "--atol", "1").refuses("9223372036854775807 and");
        Path even = file(NpyArray.of(new long[] {3, large + 4, -large * 4}));
        Path near = file(NpyArray.of(new long[] {3, large + 2, -large * 4 - 8}));
        Shell.run("diff", even, near, "--rtol", "0", "--atol", "8").exits(Main.PARITY);
        Shell.run("diff", even, near, "--rtol", "0", "--atol", "7")
                .exits(Main.MISMATCH)
                .prints("1 outside the policy");
    }

    @Test
    void integersOfAnySizeAreShownAsTheyAre() throws IOException {
        long large = (1L << 53) + 1;
        Path a = file(NpyArray.of(new long[] {3, 4, large, -large, 5, 6}, 2, 3));
        Path b = file(NpyArray.of(new long[] {3, 4, large - 1, -large, 5, 6}, 2, 3));
        String values = "actual 9007199254740993, expected 9007199254740992";
        Shell.run("diff", a, b)
                .exits(Main.MISMATCH)
                .prints(
                        "worst absolute  1.00 at [0, 2]: " + values,
                        "worst relative  1.11e-16 at [0, 2]: " + values,
                        "max absolute difference 1.0, max relative 1.1102230246251565E-16",
                        "at [0, 2]       " + values);
        Path fortran = file(NpyArray.of(new long[] {3, 4, large, -large, 5, 6}, 2, 3)
                .inOrder(Order.FORTRAN)
                .withByteOrder(ByteOrder.BIG_ENDIAN));
        Shell.run("diff", fortran, b).exits(Main.MISMATCH).prints("at [0, 2]       " + values);
        Path other = file(
                NpyArray.of(new long[] {3, 4, large - 1, -large, 5, 6}, 2, 3).inOrder(Order.FORTRAN));
        Shell.run("diff", fortran, other).exits(Main.MISMATCH).prints("at [0, 2]       " + values);
        Shell.run("inspect", a).prints("min        -9007199254740993", "max        9007199254740993");

        Path most = file(NpyArray.ofUnsigned(new long[] {-1, 1, Long.MIN_VALUE}, 3));
        Path less = file(NpyArray.ofUnsigned(new long[] {-4, 1, Long.MIN_VALUE}, 3));
        Shell.run("diff", most, less)
                .exits(Main.MISMATCH)
                .prints("worst absolute  3.00 at [0]: actual 18446744073709551615, expected 18446744073709551612");
        Path high = file(NpyArray.ofUnsigned(new long[] {-1, Long.MAX_VALUE}, 2));
        Shell.run("diff", high, file(NpyArray.ofUnsigned(new long[] {1L << 62, 0}, 2)))
                .exits(Main.MISMATCH)
                .prints("worst absolute  1.38e+19 at [0]");
        Shell.run("inspect", most).prints("min        1\n", "max        18446744073709551615");
        Shell.run("diff", file(NpyArray.of(new int[] {-7})), file(NpyArray.of(new int[] {9})))
                .prints("actual -7, expected 9");
    }

    @Test
    void complexNumbersAreComparedByTheirParts() throws IOException {
        Path a = file(NpyArray.ofComplex(new double[] {1, 2, 3, 4}, 2));
        Path b = file(NpyArray.ofComplex(new double[] {1, 2, 3, 5}, 2));
        Shell.run("diff", a, b).exits(Main.MISMATCH).prints("4 compared, 1 differ", "at [1, 1]");
        Shell.run("diff", a, b, "--rtol", "1").refuses("dtype is complex128");
    }

    @Test
    void otherDtypesAreComparedByValue() throws IOException {
        Shell.run("diff", file(NpyArray.of(new boolean[] {true})), file(NpyArray.of(new boolean[] {false})))
                .exits(Main.MISMATCH);
        Shell.run(
                        "diff",
                        file(NpyArray.ofHalves(new short[] {0x3c00}, 1)),
                        file(NpyArray.ofHalves(new short[] {0x3c01}, 1)))
                .exits(Main.MISMATCH)
                .prints("actual 1.0, expected 1.0009765625");
    }

    @Test
    void aTruncatedFileIsBadInputAndNoMismatch() throws IOException {
        Path whole = doubles(1, 2, 3);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(scratch.resolve("cut.npy"), Arrays.copyOf(bytes, bytes.length - 1));
        Shell.run("diff", cut, whole).refuses("cut.npy");
        Shell.run("diff", whole, cut).refuses("cut.npy");
        Shell.run("inspect", cut).refuses("cut.npy");
    }

    @Test
    void inspectSaysHeaderAndStatistics() throws IOException {
        Path file = file(NpyArray.of(new double[] {1, -0.0, Double.NaN, Double.POSITIVE_INFINITY, 5e-324, -3}, 2, 3));
        Shell.run("inspect", file)
                .exits(Main.PARITY)
                .prints(
                        "dtype      float64 (<f8)",
                        "shape      (2, 3)",
                        "order      C",
                        "6, 48 bytes from byte 128",
                        "min        -3.0",
                        "max        Infinity",
                        "zeros      1, 1 of them -0",
                        "NaN        1",
                        "infinite   1",
                        "subnormal  1");
    }

    @Test
    void inspectListsEveryArrayOfAnArchive() throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("weights", NpyArray.of(new float[] {1, 2}));
        arrays.put("steps", NpyArray.of(new long[] {7}));
        Path archive = scratch.resolve("layer.npz");
        Npz.write(archive, arrays);
        Shell shell = Shell.run("inspect", archive)
                .exits(Main.PARITY)
                .prints("2 arrays", "weights", "float32", "steps", "int64");
        assertEquals(2, shell.out().split("\narray", -1).length - 1, shell::toString);
    }
}
