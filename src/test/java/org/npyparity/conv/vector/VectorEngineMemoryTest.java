package org.npyparity.conv.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/** In a virtual machine of its own, whose heap holds the feature maps but no (P, Q) matrix. */
@Tag("vector")
class VectorEngineMemoryTest {
    /** Feature maps of 16 MiB each, four at most alive at once; matric_data has 784 MiB. */
    private static final ConvGeometry GEOMETRY = new ConvGeometry(1, 512, 512, 8, 8, 7, 1, 3);

    @ParameterizedTest
    @ValueSource(strings = {"forward", "weightGradient", "inputGradient"})
    void noPassMakesAMatrixOfWindows(String pass) throws IOException, InterruptedException {
        assertEquals("done\n", run(pass));
    }

    private static String run(String pass) throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(List.of(
                        java,
                        "--add-modules=jdk.incubator.vector",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classes,
                        Pass.class.getName(),
                        pass))
                .redirectError(ProcessBuilder.Redirect.DISCARD) // the JVM warns of the incubator module
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }

    /** One pass by two threads. */
    static final class Pass {
        private Pass() {}

        public static void main(String[] arguments) {
            VectorEngine engine = new VectorEngine(2);
            NdArray weights = zeros(ConvArray.WEIGHTS);
            switch (arguments[0]) {
                case "forward" ->
                    engine.directForward(GEOMETRY, zeros(ConvArray.IN_DATA), weights, zeros(ConvArray.BIAS));
                case "weightGradient" ->
                    engine.directWeightGradient(GEOMETRY, zeros(ConvArray.IN_DATA), zeros(ConvArray.DFILTER_DATA));
                default -> engine.directInputGradient(GEOMETRY, zeros(ConvArray.DFILTER_DATA), weights);
            }
            System.out.println("done");
        }

        private static NdArray zeros(ConvArray array) {
            return NdArray.zeros(DType.FLOAT64, array.shape(GEOMETRY));
        }
    }
}
