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
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Verdict;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.MatrixEngine;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.report.Reports;

/** Cases are handed on one by one. */
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
        Path file = services.resolve("META-INF/services/" + ConvEngine.class.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, Unasked.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {services.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            AuditRequest all = AuditRequest.of(GOLDEN).withCases("conv2d-chained-*");

            Verdict verdict =
                    Auditor.audit(all.withEngine("ejml"), Auditor.Progress.NONE).verdict();

            assertEquals(Verdict.PARITY, verdict);
            assertEquals(
                    1,
                    Reports.audit(all.withEngine("ejml"), Auditor.Progress.NONE, services)
                            .engines()
                            .size());
            assertThrows(IllegalStateException.class, () -> Auditor.audit(all, Auditor.Progress.NONE));
        } finally {
            thread.setContextClassLoader(before);
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
