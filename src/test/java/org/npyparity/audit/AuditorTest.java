package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.npyparity.fixture.FixtureDirectory;

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
}
