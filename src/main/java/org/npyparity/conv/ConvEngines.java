package org.npyparity.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.npyparity.conv.vector.VectorEngine;

/** The engines at hand: the built-in ones, then those that {@link ServiceLoader} finds. */
public final class ConvEngines {
    private ConvEngines() {}

    /** Every engine, whether or not it can run in this JVM; the default one first. */
    public static List<ConvEngine> all() {
        List<ConvEngine> engines = new ArrayList<>();
        engines.add(new EjmlEngine());
        engines.add(new VectorEngine());
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
        ConvEngine engine = all().stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no engine is called " + name + ": expected one of "
                        + all().stream().map(ConvEngine::name).collect(Collectors.joining(", "))));
        engine.unavailable().ifPresent(reason -> {
            throw new IllegalArgumentException("engine " + name + " cannot run here: " + reason);
        });
        return engine;
    }
}
