package org.npyparity.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.npyparity.fixture.GoldenCopy;
import org.opentest4j.AssertionFailedError;

/** The door is tried from outside, by JUnit's own test kit. */
class ParityTestsTest {
    private static ParityTests parity = new ParityTests(Path.of("nowhere"));

    static class Subject {
        @TestFactory
        Stream<DynamicNode> cases() {
            return parity.tests();
        }
    }

    @TempDir
    private Path parent;

    private EngineExecutionResults run() {
        parity = new ParityTests(parent);
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Subject.class))
                .execute();
    }

    @Test
    void everyArrayOfACaseIsATestAndIsCounted() {
        GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4", parent);
        EngineExecutionResults results = run();
        results.testEvents().assertStatistics(s -> s.failed(0));
        assertTrue(results.testEvents().succeeded().count() >= 18, "9 stages, locally and end to end");
        assertEquals(1, parity.cases());
        assertTrue(parity.elements() > 1000);
        parity.requireCompared();
    }

    @Test
    void aDamagedFixtureFailsWithItsSentence() {
        Path directory = GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4", parent);
        GoldenCopy.edit(directory, "\"stride\": 1", "\"stride\": 2");
        EngineExecutionResults results = run();
        assertEquals(1, results.allEvents().failed().count());
        String message = results.allEvents().failed().stream()
                .map(e -> e.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow()
                        .getMessage())
                .findFirst()
                .orElseThrow();
        assertTrue(message.contains("id is") && message.contains("edited by hand"), message);
    }

    @Test
    void nothingComparedIsAFailure() {
        ParityTests none = new ParityTests(parent);
        assertThrows(AssertionFailedError.class, none::requireCompared);
    }
}
