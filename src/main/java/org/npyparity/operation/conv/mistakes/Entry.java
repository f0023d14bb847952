package org.npyparity.operation.conv.mistakes;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Stage;

/**
 * One mistake of the catalogue, in any geometry.
 *
 * @param changes by the name of the stage that the mistake is made in
 */
record Entry(String name, String description, Map<String, Change> changes) {
    static final String IM2COL = "im2col";
    static final String LINEAR_RELU = "linear-relu";
    static final String TO_FEATURE_MAP = "to-feature-map";
    static final String RELU_GRADIENT = "relu-gradient";
    static final String WEIGHT_GRADIENT = "weight-gradient";
    static final String BIAS_GRADIENT = "bias-gradient";
    static final String WINDOW_GRADIENT = "window-gradient";
    static final String COL2IM = "col2im";
    static final String UNPAD = "unpad";

    static Entry mistake(String name, String description) {
        return new Entry(name, description, Map.of());
    }

    /** This mistake, made in these stages too. */
    Entry in(Change change, String... stages) {
        Map<String, Change> all = new LinkedHashMap<>(changes);
        for (String stage : stages) {
            all.put(stage, change);
        }
        return new Entry(name, description, all);
    }

    /** The mistake in one geometry, where it is made in a stage of that operation. */
    Optional<Mistake> of(ConvGeometry g, List<Stage> correct) {
        Set<String> places = correct.stream()
                .map(Stage::name)
                .filter(changes::containsKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<Stage> stages = correct.stream()
                .map(s -> Optional.ofNullable(changes.get(s.name()))
                        .map(change -> change.of(g, s))
                        .orElse(s))
                .toList();
        return places.isEmpty() ? Optional.empty() : Optional.of(new Mistake(name, description, places, stages));
    }
}
