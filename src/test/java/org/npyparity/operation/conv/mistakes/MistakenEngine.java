package org.npyparity.operation.conv.mistakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.EjmlEngine;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.Conv2d;

/**
 * An engine that makes one of the catalogue's mistakes, for tests of whatever is to find it.
 *
 * <p>In this JVM, for all threads that are started meanwhile:
 *
 * <pre>{@code
 * try (MistakenEngine.Switch on = MistakenEngine.switchOn("flipped kernel")) {
 *     // an engine called "mistaken" is now among ConvEngines.all()
 * }
 * }</pre>
 *
 * <p>In another JVM: {@code -Dnpyparity.mistake="flipped kernel"}, with this class and {@link #serviceDirectory} in the
 * class path. Mistakes that need an array which an engine is not given (those "before the mask") are refused.
 */
public final class MistakenEngine implements ConvEngine {
    /** For {@code --engine}. */
    public static final String NAME = "mistaken";

    private static volatile @Nullable String mistake = System.getProperty("npyparity.mistake");

    private final ConvEngine correct = new EjmlEngine();

    /** Until it is closed, the engine is at hand. */
    public static final class Switch implements AutoCloseable {
        private final @Nullable ClassLoader before = Thread.currentThread().getContextClassLoader();
        private final Path directory;
        private final URLClassLoader services;

        private Switch(Path directory) throws IOException {
            this.directory = directory;
            services = new URLClassLoader(new URL[] {directory.toUri().toURL()}, MistakenEngine.class.getClassLoader());
            Thread.currentThread().setContextClassLoader(services);
        }

        /** Where the service is named. */
        Path directory() {
            return directory;
        }

        @Override
        public void close() {
            mistake = null;
            Thread.currentThread().setContextClassLoader(before);
            try (Stream<Path> files = Files.walk(directory)) {
                services.close();
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Makes the mistake from now on.
     *
     * @throws IllegalArgumentException if no mistake has that name, or no engine can make it
     */
    public static Switch switchOn(String name) {
        stages(new ConvGeometry(1, 2, 3, 1, 1, 1, 1, 0), name);
        try {
            Switch on = new Switch(serviceDirectory(Files.createTempDirectory("npyparity-mistaken")));
            mistake = name;
            return on;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Registers this engine in a directory for the class path.
     *
     * @return {@code directory}
     */
    public static Path serviceDirectory(Path directory) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(ConvEngine.class.getName()), MistakenEngine.class.getName() + "\n");
        return directory;
    }

    private static Map<String, Stage> stages(ConvGeometry g, String name) {
        Map<String, Object> parameters = Arrays.stream(ConvGeometry.Field.values())
                .collect(Collectors.toMap(ConvGeometry.Field::key, field -> field.of(g)));
        Map<String, Stage> stages = new HashMap<>();
        Mistake made = Conv2d.layer().problem(parameters, "exact", DType.FLOAT64).mistakes().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mistake is called " + name));
        for (Stage stage : made.stages()) {
            stages.put(stage.name(), stage);
            if (stage.inputs().contains("dout_data") && !stage.output().equals("dfilter_data")) {
                throw new IllegalArgumentException("mistake " + name + " needs dout_data in stage " + stage.name()
                        + ", which an engine is not given");
            }
        }
        return stages;
    }

    private static NdArray run(ConvGeometry g, String stage, Map<ConvArray, NdArray> arguments) {
        String name = mistake;
        if (name == null) {
            throw new IllegalStateException("no mistake is switched on");
        }
        Map<String, NdArray> arrays = new HashMap<>();
        arguments.forEach((key, array) -> arrays.put(key.toString(), array));
        return Optional.ofNullable(stages(g, name).get(stage)).orElseThrow().compute(arrays);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "engine ejml with the mistake " + mistake;
    }

    @Override
    public Optional<String> unavailable() {
        return mistake == null ? Optional.of("no mistake is switched on") : Optional.empty();
    }

    @Override
    public NdArray im2col(ConvGeometry g, NdArray inData) {
        return run(g, "im2col", Map.of(ConvArray.IN_DATA, inData));
    }

    @Override
    public NdArray linear(ConvGeometry g, NdArray matricData, NdArray weights) {
        return correct.linear(g, matricData, weights);
    }

    @Override
    public NdArray linearRelu(ConvGeometry g, NdArray matricData, NdArray weights, NdArray bias) {
        return run(
                g,
                "linear-relu",
                Map.of(ConvArray.MATRIC_DATA, matricData, ConvArray.WEIGHTS, weights, ConvArray.BIAS, bias));
    }

    @Override
    public NdArray toFeatureMap(ConvGeometry g, NdArray filterData) {
        return run(g, "to-feature-map", Map.of(ConvArray.FILTER_DATA, filterData));
    }

    @Override
    public NdArray reluGradient(ConvGeometry g, NdArray doutData, NdArray filterData) {
        return run(g, "relu-gradient", Map.of(ConvArray.DOUT_DATA, doutData, ConvArray.FILTER_DATA, filterData));
    }

    @Override
    public NdArray weightGradient(ConvGeometry g, NdArray matricData, NdArray dfilterData) {
        return run(
                g, "weight-gradient", Map.of(ConvArray.MATRIC_DATA, matricData, ConvArray.DFILTER_DATA, dfilterData));
    }

    @Override
    public NdArray biasGradient(ConvGeometry g, NdArray dfilterData) {
        return run(g, "bias-gradient", Map.of(ConvArray.DFILTER_DATA, dfilterData));
    }

    @Override
    public NdArray windowGradient(ConvGeometry g, NdArray dfilterData, NdArray weights) {
        return run(g, "window-gradient", Map.of(ConvArray.DFILTER_DATA, dfilterData, ConvArray.WEIGHTS, weights));
    }

    @Override
    public NdArray col2im(ConvGeometry g, NdArray dmatricData) {
        return run(g, "col2im", Map.of(ConvArray.DMATRIC_DATA, dmatricData));
    }

    @Override
    public NdArray unpad(ConvGeometry g, NdArray dpaddingData) {
        return run(g, "unpad", Map.of(ConvArray.DPADDING_DATA, dpaddingData));
    }
}
