package org.npyparity.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jetbrains.bio.npy.NpyFile;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writes 400 MB of float64 to a new file. np.save does not force its file to disk and {@code Npy.write(Path, ...)}
 * does, so there are two pairs: neither forced, in memory (/dev/shm), where no disk is measured; and both forced.
 * The forced peer is np.save to the same file system, then os.fsync, in place: no file beside, no move.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-Xms3g"})
@Warmup(iterations = 3)
@Measurement(iterations = 16)
public class NpyWriteBenchmark {
    private static final int ELEMENTS = 50_000_000;

    private final double[] values = new SplittableRandom(1).doubles(ELEMENTS).toArray();
    private final NpyArray array = NpyArray.of(values);
    private final NumpyPeer numpy;
    private Path directory = Path.of("");
    private Path memoryDirectory = Path.of("");
    private Path file = Path.of("");
    private Path inMemory = Path.of("");

    /** Starts NumPy. */
    public NpyWriteBenchmark() {
        try {
            numpy = new NumpyPeer();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void makeArrays() throws IOException {
        directory = Files.createTempDirectory("npy-bench");
        Path memory = Path.of("/dev/shm");
        memoryDirectory = Files.createTempDirectory(Files.isDirectory(memory) ? memory : directory, "npy-bench");
        file = directory.resolve("a.npy");
        inMemory = memoryDirectory.resolve("a.npy");
        numpy.call("make " + file + " " + ELEMENTS + " <f8");
    }

    /** Every write is to a new file, and none while the disk still writes what was before. */
    @Setup(Level.Iteration)
    public void settle() throws IOException {
        deleteLast();
        numpy.call("sync -");
    }

    private void deleteLast() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(inMemory);
    }

    @TearDown
    public void deleteFiles() throws IOException {
        numpy.close();
        deleteLast();
        Files.delete(memoryDirectory);
        Files.delete(directory);
    }

    @Benchmark
    public void memoryJnpy() throws IOException {
        try (FileChannel channel =
                FileChannel.open(inMemory, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            Npy.write(channel, array);
        }
    }

    @Benchmark
    public String memoryNpSave() throws IOException {
        return numpy.call("save " + inMemory);
    }

    @Benchmark
    public void memoryJetBrains() {
        NpyFile.write(inMemory, values, new int[] {ELEMENTS});
    }

    @Benchmark
    public void memoryOpenlca() {
        org.openlca.npy.Npy.write(
                inMemory.toFile(), new org.openlca.npy.NpyDoubleArray(new int[] {ELEMENTS}, values, false));
    }

    @Benchmark
    public void forcedJnpy() throws IOException {
        Npy.write(file, array);
    }

    @Benchmark
    public String forcedNpSave() throws IOException {
        return numpy.call("fsync " + file);
    }
}
