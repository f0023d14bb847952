package org.npyparity.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
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
 * Judges two arrays on the heap by allclose, beside {@code np.testing.assert_allclose} on the same arrays in NumPy's
 * memory. One element in two differs by a rounding, as after another order of summation; all are inside.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-Xms3g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompareBenchmark {
    @Param({"1000", "1000000", "20000000"})
    private int elements;

    private Path directory = Path.of("");
    private NdArray actual = NdArray.of(new double[0], 0);
    private NdArray expected = actual;
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
        directory = Files.createTempDirectory("compare-bench");
        double[] e = new SplittableRandom(1).doubles(elements, -1, 1).toArray();
        double[] a = e.clone();
        for (int i = 0; i < elements; i += 2) {
            a[i] = Math.nextUp(a[i]);
        }
        actual = NdArray.of(a, elements);
        expected = NdArray.of(e, elements);
        Npy.write(directory.resolve("a.npy"), NpyArray.of(a));
        Npy.write(directory.resolve("e.npy"), NpyArray.of(e));
        numpy.call("pair " + directory.resolve("a.npy") + " " + directory.resolve("e.npy"));
    }

    @TearDown
    public void deleteFiles() throws IOException {
        numpy.close();
        Files.delete(directory.resolve("a.npy"));
        Files.delete(directory.resolve("e.npy"));
        Files.delete(directory);
    }

    @Benchmark
    public Comparison comparator() {
        return Comparator.compare(actual, expected, Policy.AllClose.DEFAULT, Bound.exact());
    }

    @Benchmark
    public String assertAllclose() throws IOException {
        return numpy.call("allclose -");
    }
}
