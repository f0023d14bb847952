package org.npyparity.fuzz;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.ConvGeometry.Field;

/** The eight sizes of a geometry while they are still being chosen. */
final class Shape {
    private final int[] values;

    Shape(int... values) {
        this.values = values;
    }

    static Shape of(Map<String, Integer> parameters) {
        return new Shape(Arrays.stream(Field.values())
                .mapToInt(f -> parameters.getOrDefault(f.key(), 1))
                .toArray());
    }

    Shape copy() {
        return new Shape(values.clone());
    }

    int get(Field field) {
        return values[field.ordinal()];
    }

    Shape set(Field field, int value) {
        values[field.ordinal()] = value;
        return this;
    }

    /** The smaller side of the padded input: no filter may be larger. */
    int largestFilter() {
        return Math.min(get(Field.IN_HEIGHT), get(Field.IN_WIDTH)) + 2 * get(Field.PADDING);
    }

    /** Makes a filter fit that is too large. */
    Shape mended() {
        return set(Field.FILTER_SIZE, Math.min(get(Field.FILTER_SIZE), largestFilter()));
    }

    ConvGeometry geometry() {
        return new ConvGeometry(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
    }

    Map<String, Integer> parameters() {
        Map<String, Integer> parameters = new LinkedHashMap<>();
        for (Field field : Field.values()) {
            parameters.put(field.key(), get(field));
        }
        return parameters;
    }
}
