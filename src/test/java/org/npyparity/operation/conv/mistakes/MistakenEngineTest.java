package org.npyparity.operation.conv.mistakes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.compare.Verdict;
import org.npyparity.conv.ConvEngines;

class MistakenEngineTest {
    private static boolean isAtHand() {
        return ConvEngines.all().stream().anyMatch(e -> e.name().equals(MistakenEngine.NAME));
    }

    @Test
    void theEngineIsAtHandOnlyWhileItsMistakeIsSwitchedOn() {
        assertFalse(isAtHand());
        try (MistakenEngine.Switch on = MistakenEngine.switchOn("flipped kernel")) {
            assertTrue(isAtHand(), () -> "" + on);
        }
        assertFalse(isAtHand());
    }

    @Test
    void nothingIsLeftBehindWhenItIsSwitchedOff() throws IOException {
        Path services;
        try (MistakenEngine.Switch on = MistakenEngine.switchOn("flipped kernel")) {
            services = on.directory();
            assertTrue(Files.isDirectory(services));
        }
        assertFalse(Files.exists(services));
    }

    @Test
    void aWholeAuditFindsTheMistakeInTheEngineAndNamesIt() {
        try (MistakenEngine.Switch on = MistakenEngine.switchOn("col2im overwrites")) {
            List<CaseAudit> audits = new ArrayList<>();
            AuditResult result = Auditor.audit(
                    AuditRequest.of(Mutants.GOLDEN)
                            .withEngine(MistakenEngine.NAME)
                            .withCases("conv2d-exact-float64-b2-h7w9c4*"),
                    Auditor.Progress.NONE,
                    audits::addAll);

            assertEquals(Verdict.MISMATCH, result.verdict(), () -> "" + on);
            assertEquals(
                    List.of("col2im overwrites"),
                    audits.get(0).diagnosis().what().stream()
                            .map(Explanation::mistake)
                            .toList());
        }
    }

    @Test
    void aMistakeThatNobodyKnowsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MistakenEngine.switchOn("crossed fingers"));
    }

    @Test
    void aMistakeThatNoEngineCanMakeIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> MistakenEngine.switchOn("dbias before the mask"));

        assertEquals(
                "mistake dbias before the mask needs dout_data in stage bias-gradient, which an engine is not given",
                e.getMessage());
    }
}
