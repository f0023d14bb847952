package org.npyparity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;
import org.npyparity.junit.ParityTests;

/** The engine and the test of docs/porting.md, compiled and run. */
class PortingGuideTest {
    private static final ParityTests PARITY = new ParityTests(Path.of("fixtures/golden"));

    @TestFactory
    Stream<DynamicNode> everyArrayEqualsNumPy() {
        return PARITY.tests();
    }

    @AfterAll
    static void somethingWasCompared() {
        PARITY.requireCompared();
    }

    @Test
    void theEngineOfTheGuideAgreesWithTheProjectsOwnOnWholeNumbers() {
        ConvGeometry geometry = new ConvGeometry(1, 2, 3, 2, 5, 1, 1, 0); // P = 6, Q = 2, D = 5
        NdArray windows = NdArray.of(new double[] {1, -2, 3, 4, -5, 6, 7, 8, 9, -1, 2, 3}, 6, 2);
        NdArray weights = NdArray.of(new double[] {1, 2, 3, 4, 5, 6, -7, 8, -9, 10}, 2, 5);
        NdArray plain = new ThreeLoops().linear(geometry, windows, weights);
        assertArrayEquals(new EjmlEngine().linear(geometry, windows, weights).doubles(), plain.doubles());
        assertArrayEquals(
                new EjmlEngine().windowGradient(geometry, plain, weights).doubles(),
                new ThreeLoops().windowGradient(geometry, plain, weights).doubles());
        assertArrayEquals(
                new EjmlEngine().weightGradient(geometry, windows, plain).doubles(),
                new ThreeLoops().weightGradient(geometry, windows, plain).doubles());
    }

    @Test
    void everyExampleOfTheGuideIsRunHere() throws IOException {
        Guide.assertEveryExampleStandsIn(Path.of("docs/porting.md"), 2, PortingGuideTest.class, ThreeLoops.class);
    }
}
