package org.npyparity.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.npyparity.conv.vector.VectorEngine;

/** The engines at hand: the built-in ones, then those that {@link ServiceLoader} finds. */
public final class ConvEngines {
    /** Made once: engines keep threads. */
    private static final List<ConvEngine> BUILT_IN = List.of(new EjmlEngine(), new VectorEngine());

    private ConvEngines() {}

    /** Every engine, whether or not it can run in this JVM; the default one first. */
    public static List<ConvEngine> all() {
        List<ConvEngine> engines = new ArrayList<>(BUILT_IN);
        ServiceLoader.load(ConvEngine.class).forEach(engines::add);
        return List.copyOf(engines);
    }

    /** The engines that can run in this JVM. */
    public static List<ConvEngine> available() {
        return all().stream().filter(e -> e.unavailable().isEmpty()).toList();
    }

    /**
     * The engine of that name.
     *
     * @throws IllegalArgumentException if there is none, or it cannot run here
     */
    public static ConvEngine named(String name) {
        return named(name, all());
    }

    /**
     * The engine of that name among some.
     *
     * @throws IllegalArgumentException if there is none, or it cannot run here
     */
    public static ConvEngine named(String name, List<ConvEngine> engines) {
        ConvEngine engine = engines.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no engine is called " + name + ": expected one of "
                        + engines.stream().map(ConvEngine::name).collect(Collectors.joining(", "))));
        engine.unavailable().ifPresent(reason -> {
            throw new IllegalArgumentException("engine " + name + " cannot run here: " + reason);
        });
        return engine;
    }
}
