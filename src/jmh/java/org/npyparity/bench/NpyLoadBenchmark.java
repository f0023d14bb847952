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
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-Xms3g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class NpyLoadBenchmark {
    private static final int ELEMENTS = 50_000_000;
    /** Where np.save puts the data of such an array. */
    private static final int DATA_OFFSET = 128;

    /** A file by NumPy, and the process that made it; each benchmark makes the one that it reads. */
    @State(Scope.Benchmark)
    public abstract static class Made {
        private final String dtype;
        final NumpyPeer numpy;
        Path file = Path.of("");

        Made(String dtype) {
            this.dtype = dtype;
            try {
                numpy = new NumpyPeer();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Setup
        public void make() throws IOException {
            file = Files.createTempFile("npy-bench", ".npy");
            numpy.call("make " + file + " " + ELEMENTS + " " + dtype);
        }

        @TearDown
        public void delete() throws IOException {
            numpy.close();
            Files.delete(file);
        }
    }

    /** Of float64. */
    public static class Float64 extends Made {
        public Float64() {
            super("<f8");
        }
    }

    /** Of float64, big-endian. */
    public static class BigEndian extends Made {
        public BigEndian() {
            super(">f8");
        }
    }

    /** Of float16. */
    public static class Float16 extends Made {
        public Float16() {
            super("<f2");
        }
    }

    @Benchmark
    public double[] jnpy(Float64 made) throws IOException {
        return Npy.read(made.file).doubles();
    }

    @Benchmark
    public double[] jnpyBigEndian(BigEndian made) throws IOException {
        return Npy.read(made.file).doubles();
    }

    @Benchmark
    public double[] jnpyFloat16(Float16 made) throws IOException {
        return Npy.read(made.file).toDoubles();
    }

    @Benchmark
    public double[] jnpyMappedSequential(Float64 made) throws IOException {
        try (MappedNpy mapped = Npy.open(made.file)) {
            double[] values = new double[ELEMENTS];
            mapped.read(0, values);
            return values;
        }
    }

    /** The shortest correct Java: map the file, copy the buffer. */
    @Benchmark
    public double[] plainMappedBuffer(Float64 made) throws IOException {
        try (FileChannel channel = FileChannel.open(made.file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(MapMode.READ_ONLY, DATA_OFFSET, channel.size() - DATA_OFFSET);
            DoubleBuffer buffer = bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
            double[] values = new double[buffer.remaining()];
            buffer.get(values);
            return values;
        }
    }

    @Benchmark
    public String npLoad(Float64 made) throws IOException {
        return made.numpy.call("load " + made.file);
    }

    @Benchmark
    public double[] jetBrains(Float64 made) {
        return NpyFile.read(made.file, 1 << 18).asDoubleArray();
    }

    @Benchmark
    public Object openlca(Float64 made) {
        return org.openlca.npy.Npy.read(made.file.toFile());
    }

    @Benchmark
    public double[] djl(Float64 made) throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(made.file), 1 << 18)) {
            return NDList.decode(PassthroughNDManager.INSTANCE, stream).get(0).toDoubleArray();
        }
    }
}
