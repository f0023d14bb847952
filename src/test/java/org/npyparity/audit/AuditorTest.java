package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Verdict;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.MatrixEngine;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import org.npyparity.fixture.GoldenCopy;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Problem;
import org.npyparity.operation.conv.Conv2d;
import org.npyparity.report.Reports;

/** What is handed on, asked and counted, whatever the verdicts are. */
class AuditorTest {
    private static final Path GOLDEN = Path.of("fixtures/golden");

    @Test
    void casesAreHandedOnInTheOrderOfTheDirectoryByTheCaller() {
        List<Path> directories = new ArrayList<>();
        Set<Thread> threads = new HashSet<>();
        AuditResult result = Auditor.audit(AuditRequest.of(GOLDEN), Auditor.Progress.NONE, audits -> {
            directories.add(audits.get(0).subject().directory());
            threads.add(Thread.currentThread());
        });
        assertEquals(FixtureDirectory.caseDirectories(GOLDEN), directories);
        assertEquals(Set.of(Thread.currentThread()), threads);
        assertEquals(directories.size(), result.ledger().judged());
    }

    @Test
    void whoeverTakesTheCasesMayEndTheAudit() {
        List<CaseAudit> taken = new ArrayList<>();
        assertThrows(
                IllegalStateException.class,
                () -> Auditor.audit(AuditRequest.of(GOLDEN).withEngine("ejml"), Auditor.Progress.NONE, audits -> {
                    taken.addAll(audits);
                    throw new IllegalStateException("the disk is full");
                }));
        assertEquals(1, taken.size());
    }

    @Test
    void anEngineThatNobodyAskedForIsNotAskedWhetherItCanRun(@TempDir Path services) throws IOException {
        AuditRequest all = AuditRequest.of(GOLDEN).withCases("conv2d-chained-*");
        withService(ConvEngine.class, Unasked.class, services, () -> {
            Verdict verdict =
                    Auditor.audit(all.withEngine("ejml"), Auditor.Progress.NONE).verdict();

            assertEquals(Verdict.PARITY, verdict);
            assertEquals(
                    1,
                    Reports.audit(all.withEngine("ejml"), Auditor.Progress.NONE, services)
                            .engines()
                            .size());
            return assertThrows(IllegalStateException.class, () -> Auditor.audit(all, Auditor.Progress.NONE));
        });
    }

    @Test
    void aCaseThatNoEngineWasAskedForIsAGap() {
        AuditResult result = Auditor.audit(
                AuditRequest.of(GOLDEN)
                        .withCases("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1-*")
                        .withEngine("nobody"),
                Auditor.Progress.NONE);

        assertEquals(
                List.of("case conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1-a236c7fc: no engine was judged"),
                result.ledger().gaps());
        assertEquals(1, result.exitCode());
    }

    /** The built-in operations make every array, a user's may not. */
    @Test
    void anArrayThatNoStageMakesIsAGapThoughNothingElseFails(@TempDir Path fixtures, @TempDir Path services)
            throws IOException {
        Path copy = GoldenCopy.of("conv2d-chained-float64", fixtures);
        GoldenCopy.edit(copy, "\"operation\": \"conv2d\"", "\"operation\": \"" + WithoutDbias.NAME + "\"");
        String id = copy.getFileName() + "";
        String fault = assertThrows(FixtureException.class, () -> CaseReader.read(copy))
                        .getMessage() + "";
        String hash = fault.replaceFirst("(?s).*to end with -([0-9a-f]+).*", "$1");
        String fitting = id.substring(0, id.length() - hash.length()) + hash;
        GoldenCopy.edit(copy, id, fitting);
        Files.move(copy, fixtures.resolve(fitting));

        AuditResult result = withService(
                Operation.class,
                WithoutDbias.class,
                services,
                () -> Auditor.audit(AuditRequest.of(fixtures).withEngine("ejml"), Auditor.Progress.NONE));

        assertEquals(Verdict.PARITY, result.verdict());
        assertEquals(
                List.of("case " + fitting + ": 8 arrays judged, expected 9"),
                result.ledger().gaps());
        assertEquals(1, result.exitCode());
    }

    /** The layer, but no stage makes dbias. */
    public static final class WithoutDbias implements Operation {
        static final String NAME = "conv2d_without_dbias";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<Engine> engines() {
            return Conv2d.layer().engines();
        }

        @Override
        public Problem problem(Map<String, Object> parameters, String family, DType dtype) {
            Problem layer = Conv2d.layer().problem(parameters, family, dtype);
            return new UsersProblem(layer, "dbias", layer::bounds);
        }
    }

    /** Runs something while a service has one implementation more. */
    private static <T> T withService(Class<?> service, Class<?> implementation, Path directory, Supplier<T> run)
            throws IOException {
        Path file = directory.resolve("META-INF/services/" + service.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, implementation.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            return run.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void anEngineThatEndsInAnErrorIsAGapAndNoReasonToStopJudging(@TempDir Path fixtures, @TempDir Path services)
            throws IOException {
        String id = GoldenCopy.of("conv2d-chained-float64", fixtures).getFileName() + "";

        AuditResult result = withService(
                ConvEngine.class,
                Unlinked.class,
                services,
                () -> Auditor.audit(AuditRequest.of(fixtures).withEngine("unlinked"), Auditor.Progress.NONE));

        assertEquals(
                List.of("case " + id + ": engine unlinked threw java.lang.UnsatisfiedLinkError: gpu"),
                result.ledger().gaps());
        assertEquals(1, result.exitCode());
    }

    /** Whose library is missing. */
    public static final class Unlinked extends MatrixEngine {
        @Override
        public String name() {
            return "unlinked";
        }

        @Override
        public String description() {
            return "a library that is missing";
        }

        @Override
        protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
            throw new UnsatisfiedLinkError("gpu");
        }
    }

    /** Like one that loads a library to say whether it can run. */
    public static final class Unasked extends MatrixEngine {
        @Override
        public String name() {
            return "unasked";
        }

        @Override
        public String description() {
            return "may not be asked whether it can run";
        }

        @Override
        public Optional<String> unavailable() {
            throw new IllegalStateException("asked");
        }

        @Override
        protected void multiply(NdArray a, boolean transposeA, NdArray b, boolean transposeB, NdArray c) {
            throw new IllegalStateException("asked");
        }
    }
}
