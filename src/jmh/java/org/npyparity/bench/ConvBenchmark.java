package org.npyparity.bench;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvEngines;
import org.npyparity.conv.ConvGeometry;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The convolution layer by an engine, on all processors that the JVM sees: pin it to one for the figures of one core.
 * The heap's pages are touched first: until the first garbage collection each result would lie in new ones, and the
 * kernel's clearing of them took up to 44 % of a short run. Garbage is collected by ParallelGC: G1 lays results of this
 * size apart, in regions of their own, and marks them beside the threads that are measured.
 *
 * <p>{@link #main} runs every layer of conv-shapes.json and takes JMH's options, such as {@code -p layer=document-b8}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "-Xms3g",
            "-Xmx3g",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseParallelGC"
        })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvBenchmark {
    @Param("document-b8")
    String layer = "";

    @Param({"float64", "float32"})
    String dtype = "";

    @Param("vector")
    String engine = "";

    private ConvEngine implementation;
    private ConvGeometry g;
    private NdArray inData;
    private NdArray weights;
    private NdArray bias;
    private NdArray dfilterData;

    @Setup
    public void draw() throws IOException {
        implementation = ConvEngines.named(engine);
        g = ConvShapes.geometry(layer);
        Random random = new Random(1);
        inData = normal(random, ConvArray.IN_DATA);
        weights = normal(random, ConvArray.WEIGHTS);
        bias = normal(random, ConvArray.BIAS);
        dfilterData = normal(random, ConvArray.DFILTER_DATA);
    }

    private NdArray normal(Random random, ConvArray which) {
        NdArray array = NdArray.zeros(DType.named(dtype).orElseThrow(), which.shape(g));
        for (int i = 0; i < array.size(); i++) {
            array.set(i, random.nextGaussian());
        }
        return array;
    }

    /** relu(in_data * weights + bias). */
    @Benchmark
    public NdArray forward() {
        return implementation.directForward(g, inData, weights, bias);
    }

    /** The three gradients, as PyTorch's {@code aten::convolution_backward} gives them. */
    @Benchmark
    public List<NdArray> backward() {
        return List.of(inputGradient(), weightGradient(), biasGradient());
    }

    @Benchmark
    public NdArray inputGradient() {
        return implementation.directInputGradient(g, dfilterData, weights);
    }

    @Benchmark
    public NdArray weightGradient() {
        return implementation.directWeightGradient(g, inData, dfilterData);
    }

    @Benchmark
    public NdArray biasGradient() {
        return implementation.biasGradient(g, dfilterData);
    }

    public static void main(String[] args) throws CommandLineOptionException, IOException, RunnerException {
        CommandLineOptions given = new CommandLineOptions(args);
        ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
        if (given.getIncludes().isEmpty()) {
            options.include("ConvBenchmark.(forward|backward)").include("FmaPeakBenchmark");
        }
        if (!given.getParameter("layer").hasValue()) {
            options.param("layer", ConvShapes.layers().toArray(String[]::new));
        }
        new Runner(options.build()).run();
    }
}
