package org.npyparity.bench;

import ai.djl.ndarray.NDList;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jetbrains.bio.npy.NpyFile;
import org.npyparity.jnpy.MappedNpy;
import org.npyparity.jnpy.Npy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reads 50 million elements, 400 MB of float64, from the page cache to a {@code double[]}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-Xms3g"})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class NpyLoadBenchmark {
    private static final int ELEMENTS = 50_000_000;
    /** Where np.save puts the data of such an array. */
    private static final int DATA_OFFSET = 128;

    private Path directory = Path.of("");
    private Path float64 = Path.of("");
    private Path bigEndian = Path.of("");
    private Path float16 = Path.of("");
    private NumpyPeer numpy;

    /** Makes the files, by NumPy. */
    public NpyLoadBenchmark() {
        try {
            numpy = new NumpyPeer();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void makeFiles() throws IOException {
        directory = Files.createTempDirectory("npy-bench");
        float64 = directory.resolve("float64.npy");
        bigEndian = directory.resolve("big-endian.npy");
        float16 = directory.resolve("float16.npy");
        numpy.call("make " + float64 + " " + ELEMENTS + " <f8");
        numpy.call("make " + bigEndian + " " + ELEMENTS + " >f8");
        numpy.call("make " + float16 + " " + ELEMENTS + " <f2");
        numpy.call("make " + directory.resolve("small.npy") + " 1 <f8");
    }

    @TearDown
    public void deleteFiles() throws IOException {
        numpy.close();
        for (String file : new String[] {"float64.npy", "big-endian.npy", "float16.npy", "small.npy"}) {
            Files.delete(directory.resolve(file));
        }
        Files.delete(directory);
    }

    @Benchmark
    public double[] jnpy() throws IOException {
        return Npy.read(float64).doubles();
    }

    @Benchmark
    public double[] jnpyBigEndian() throws IOException {
        return Npy.read(bigEndian).doubles();
    }

    @Benchmark
    public double[] jnpyFloat16() throws IOException {
        return Npy.read(float16).toDoubles();
    }

    @Benchmark
    public double[] jnpyMappedSequential() throws IOException {
        try (MappedNpy mapped = Npy.open(float64)) {
            double[] values = new double[ELEMENTS];
            mapped.read(0, values);
            return values;
        }
    }

    /** The shortest correct Java: map the file, copy the buffer. */
    @Benchmark
    public double[] plainMappedBuffer() throws IOException {
        try (FileChannel channel = FileChannel.open(float64, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(MapMode.READ_ONLY, DATA_OFFSET, channel.size() - DATA_OFFSET);
            DoubleBuffer buffer = bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
            double[] values = new double[buffer.remaining()];
            buffer.get(values);
            return values;
        }
    }

    @Benchmark
    public String npLoad() throws IOException {
        return numpy.call("load " + float64);
    }

    @Benchmark
    public double[] jetBrains() {
        return NpyFile.read(float64, 1 << 18).asDoubleArray();
    }

    @Benchmark
    public Object openlca() {
        return org.openlca.npy.Npy.read(float64.toFile());
    }

    @Benchmark
    public double[] djl() throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(float64), 1 << 18)) {
            return NDList.decode(PassthroughNDManager.INSTANCE, stream).get(0).toDoubleArray();
        }
    }
}
