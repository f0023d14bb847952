package org.npyparity.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can do at most: fused multiply-adds in registers, 12 chains side by side, more than latency times
 * throughput on any processor. An operation is a floating-point operation, an FMA two of them: the score is GFLOP/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FmaPeakBenchmark {
    private static final int CHAINS = 12;
    /** A multiple of 2 · CHAINS · lanes for every width up to 2048 bits. */
    private static final int FLOPS = 2 * CHAINS << 20;

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    /** Chains tend to 2 under x = x / 2 + 1; not constants, which the JIT would fold. */
    double start = 3;

    double factor = 0.5;

    @Benchmark
    @OperationsPerInvocation(FLOPS)
    public DoubleVector float64() {
        DoubleVector half = DoubleVector.broadcast(DOUBLES, factor);
        DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector c0 = DoubleVector.broadcast(DOUBLES, start);
        DoubleVector c1 = c0,
                c2 = c0,
                c3 = c0,
                c4 = c0,
                c5 = c0,
                c6 = c0,
                c7 = c0,
                c8 = c0,
                c9 = c0,
                c10 = c0,
                c11 = c0;
        int steps = FLOPS / (2 * CHAINS * DOUBLES.length());
        for (int i = 0; i < steps; i++) {
            c0 = c0.fma(half, one);
            c1 = c1.fma(half, one);
            c2 = c2.fma(half, one);
            c3 = c3.fma(half, one);
            c4 = c4.fma(half, one);
            c5 = c5.fma(half, one);
            c6 = c6.fma(half, one);
            c7 = c7.fma(half, one);
            c8 = c8.fma(half, one);
            c9 = c9.fma(half, one);
            c10 = c10.fma(half, one);
            c11 = c11.fma(half, one);
        }
        return c0.add(c1)
                .add(c2)
                .add(c3)
                .add(c4)
                .add(c5)
                .add(c6)
                .add(c7)
                .add(c8)
                .add(c9)
                .add(c10)
                .add(c11);
    }

    @Benchmark
    @OperationsPerInvocation(FLOPS)
    public FloatVector float32() {
        FloatVector half = FloatVector.broadcast(FLOATS, (float) factor);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector c0 = FloatVector.broadcast(FLOATS, (float) start);
        FloatVector c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 = c0;
        int steps = FLOPS / (2 * CHAINS * FLOATS.length());
        for (int i = 0; i < steps; i++) {
            c0 = c0.fma(half, one);
            c1 = c1.fma(half, one);
            c2 = c2.fma(half, one);
            c3 = c3.fma(half, one);
            c4 = c4.fma(half, one);
            c5 = c5.fma(half, one);
            c6 = c6.fma(half, one);
            c7 = c7.fma(half, one);
            c8 = c8.fma(half, one);
            c9 = c9.fma(half, one);
            c10 = c10.fma(half, one);
            c11 = c11.fma(half, one);
        }
        return c0.add(c1)
                .add(c2)
                .add(c3)
                .add(c4)
                .add(c5)
                .add(c6)
                .add(c7)
                .add(c8)
                .add(c9)
                .add(c10)
                .add(c11);
    }
}
