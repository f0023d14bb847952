package org.npyparity.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.npyparity.audit.Shard;
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

/** Opens index.html in Chromium, up to its load event. It stands where the browser's driver is, which tests need too. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReportBenchmark {
    /** Of them part fails, and has pictures. */
    @Param({"200", "2000"})
    private int cases;

    private Path page = Path.of("");
    private Chromium chromium;

    @Setup
    public void writeThePage() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of("target"), "report-bench");
        Reports.write(Audits.enlarged(Audits.failing(Shard.WHOLE), cases), directory);
        page = directory.resolve(Reports.HTML);
        Path binary = Chromium.binary()
                .orElseThrow(() -> new IllegalStateException("no Chromium is installed: expected one"));
        chromium = Chromium.start(binary, Files.createDirectory(directory.resolve("chromium")));
    }

    @TearDown
    public void closeTheBrowser() {
        chromium.close();
    }

    @Benchmark
    public void open() {
        chromium.open(page, 1200, 900, false);
    }
}
