package org.npyparity.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.npyparity.jnpy.MappedNpy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
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

/** Opens a float64 file of 4 GiB (a hole: no disk is read), and reads its first 512 MiB in order. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx512m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NpyOpenBenchmark {
    private static final long ELEMENTS = 1L << 29;
    private static final int READ = 1 << 26;
    private static final int DATA_OFFSET = 128;

    private final double[] run = new double[1 << 15];
    private final NumpyPeer numpy;
    private Path file = Path.of("");

    /** Starts NumPy. */
    public NpyOpenBenchmark() {
        try {
            numpy = new NumpyPeer();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The head of an array of no elements, its extent put in by hand, and then a hole. */
    @Setup
    public void makeFile() throws IOException {
        file = Files.createTempFile("npy-bench", ".npy");
        Npy.write(file, NpyArray.of(new double[0]));
        String head = Files.readString(file, StandardCharsets.ISO_8859_1)
                .replace("(0,), }        ", "(" + ELEMENTS + ",), }");
        Files.writeString(file, head, StandardCharsets.ISO_8859_1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), DATA_OFFSET + ELEMENTS * Double.BYTES - 1);
        }
        jnpySequential(); // the holes' pages come to the cache
    }

    @TearDown
    public void deleteFile() throws IOException {
        numpy.close();
        Files.delete(file);
    }

    @Benchmark
    public double jnpyOpen() throws IOException {
        try (MappedNpy mapped = Npy.open(file)) {
            return mapped.getDouble(ELEMENTS - 1);
        }
    }

    @Benchmark
    public String npLoadMapped() throws IOException {
        return numpy.call("open " + file);
    }

    @Benchmark
    public double jnpySequential() throws IOException {
        double sum = 0;
        try (MappedNpy mapped = Npy.open(file)) {
            for (long at = 0; at < READ; at += run.length) {
                mapped.read(at, run);
                sum += run[0];
            }
        }
        return sum;
    }

    @Benchmark
    public double jnpyElementByElement() throws IOException {
        double sum = 0;
        try (MappedNpy mapped = Npy.open(file)) {
            for (long at = 0; at < READ; at++) {
                sum += mapped.getDouble(at);
            }
        }
        return sum;
    }

    @Benchmark
    public double plainSequential() throws IOException {
        double sum = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(MapMode.READ_ONLY, DATA_OFFSET, (long) READ * Double.BYTES);
            DoubleBuffer buffer = bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
            while (buffer.hasRemaining()) {
                buffer.get(run);
                sum += run[0];
            }
        }
        return sum;
    }

    @Benchmark
    public double plainElementByElement() throws IOException {
        double sum = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(MapMode.READ_ONLY, DATA_OFFSET, (long) READ * Double.BYTES);
            DoubleBuffer buffer = bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
            for (int at = 0; at < READ; at++) {
                sum += buffer.get(at);
            }
        }
        return sum;
    }
}
