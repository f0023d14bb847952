package org.npyparity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.npyparity.junit.ParityTests;
import org.npyparity.report.Numbers;

/** The proof: every array of every fixture, by every engine. */
class ParityTest {
    private static final Path GENERATED = Path.of("fixtures/generated");
    private static final ParityTests PARITY = Files.isDirectory(GENERATED)
            ? new ParityTests(Path.of("fixtures/golden"), GENERATED)
            : new ParityTests(Path.of("fixtures/golden"));

    @TestFactory
    Stream<DynamicNode> everyArrayOfEveryCaseEqualsNumPy() {
        return PARITY.tests();
    }

    @AfterAll
    static void somethingWasCompared() {
        PARITY.requireCompared();
        assertTrue(PARITY.cases() >= 30, () -> PARITY.cases() + " cases were judged: the golden set alone has 30");
        System.out.println("npyparity: " + Numbers.count(PARITY.cases()) + " cases, " + Numbers.count(PARITY.elements())
                + " elements compared");
    }
}
