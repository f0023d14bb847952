package org.npyparity.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.compare.RoundingBound;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Judges two arrays on the heap, beside {@code np.testing.assert_allclose} on the same arrays in NumPy's memory, and
 * beside a loop that only reads both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx3g", "-Xms3g"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class CompareBenchmark {
    /** The columns of the matrix whose bound is taken: those of dmatric_data in the document's layer. */
    private static final int COLUMNS = 125;

    private static final int PIECES = 16;

    @Param({"100000", "1000000", "10000000"})
    private int elements;

    @Param({"FLOAT64", "FLOAT32"})
    private DType dtype;

    /** How many ULP apart the two are everywhere, at most. */
    @Param({"0", "3"})
    private int ulps;

    private Path directory = Path.of("");
    private NdArray actual = NdArray.of(new double[0], 0);
    private NdArray expected = actual;
    private NdArray copy = actual;
    private Bound bound = Bound.exact();
    private Policy.AllClose close = Policy.AllClose.DEFAULT;
    private NumpyPeer numpy;

    /** Starts NumPy. */
    public CompareBenchmark() {
        try {
            numpy = new NumpyPeer();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void makeArrays() throws IOException {
        for (DType each : DType.values()) {
            judge(each);
        }
        SplittableRandom random = new SplittableRandom(1);
        expected = NdArray.zeros(dtype, elements / COLUMNS, COLUMNS);
        actual = NdArray.zeros(dtype, elements / COLUMNS, COLUMNS);
        double[] sums = new double[elements];
        for (int i = 0; i < elements; i++) {
            double e = dtype.round(random.nextDouble(-1, 1));
            expected.set(i, e);
            actual.set(i, dtype.round(e * (1 + random.nextInt(-ulps, ulps + 1) * dtype.unitRoundoff())));
            sums[i] = Math.abs(e) + random.nextDouble();
        }
        copy = expected.copy();
        bound = new RoundingBound(dtype)
                .bound(sums, RoundingBound.Terms.byRow(new int[] {32}, COLUMNS), i -> true, null);
        close = new Policy.AllClose(dtype == DType.FLOAT64 ? 1e-7 : 1e-5, 0, true);
        directory = Files.createTempDirectory("compare-bench");
        write(actual, "a.npy");
        write(expected, "e.npy");
        numpy.call("pair " + directory.resolve("a.npy") + " " + directory.resolve("e.npy") + " " + close.rtol());
    }

    /** Arrays of either type, for a second: a JVM that has met one alone may compile its loops better than a real one. */
    private static void judge(DType type) {
        NdArray ones = NdArray.zeros(type, 1 << 20);
        NdArray next = ones.copy();
        for (int i = 0; i < ones.size(); i++) {
            ones.set(i, 1);
            next.set(i, type.round(1 + 2 * type.unitRoundoff()));
        }
        Policy.AllClose close = new Policy.AllClose(1e-5, 0, true);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (System.nanoTime() < end) {
            Comparator.compare(next, ones, close, Bound.exact());
        }
    }

    private void write(NdArray array, String name) throws IOException {
        Npy.write(
                directory.resolve(name),
                dtype == DType.FLOAT64 ? NpyArray.of(array.doubles()) : NpyArray.of(array.floats()));
    }

    @TearDown
    public void deleteFiles() throws IOException {
        numpy.close();
        Files.delete(directory.resolve("a.npy"));
        Files.delete(directory.resolve("e.npy"));
        Files.delete(directory);
    }

    @Benchmark
    public Comparison exact() {
        return Comparator.compare(copy, expected, new Policy.Exact(false), Bound.exact());
    }

    @Benchmark
    public Comparison certified() {
        return Comparator.compare(actual, expected, new Policy.Certified(), bound);
    }

    @Benchmark
    public Comparison allclose() {
        return Comparator.compare(actual, expected, close, Bound.exact());
    }

    @Benchmark
    public String assertAllclose() throws IOException {
        return numpy.call("allclose -");
    }

    /** Reads two equal arrays on all cores as fast as they can be read. */
    @Benchmark
    public int sweep() {
        return IntStream.range(0, PIECES).parallel().map(this::mismatch).max().orElseThrow();
    }

    private int mismatch(int piece) {
        int from = (int) ((long) piece * elements / PIECES);
        int to = (int) ((piece + 1L) * elements / PIECES);
        return dtype == DType.FLOAT64
                ? Arrays.mismatch(copy.doubles(), from, to, expected.doubles(), from, to)
                : Arrays.mismatch(copy.floats(), from, to, expected.floats(), from, to);
    }
}
