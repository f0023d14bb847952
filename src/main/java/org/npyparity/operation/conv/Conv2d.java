package org.npyparity.operation.conv;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.npyparity.array.DType;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvEngines;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.ConvGeometry.Field;
import org.npyparity.operation.Operation;
import org.npyparity.operation.Problem;

/** The convolution layer: {@code conv2d} is all of it, {@code conv2d_backward} the gradients from given matrices. */
public final class Conv2d implements Operation {
    private final String name;
    private final List<ConvArray> inputs;
    /** Looked for once: an audit asks for them with every case. */
    private final List<ConvEngine> engines = ConvEngines.all();

    private Conv2d(String name, ConvArray... inputs) {
        this.name = name;
        this.inputs = List.of(inputs);
    }

    /** Forward and backward from in_data, weights, bias and dout_data. */
    public static Operation layer() {
        return new Conv2d("conv2d", ConvArray.IN_DATA, ConvArray.WEIGHTS, ConvArray.BIAS, ConvArray.DOUT_DATA);
    }

    /** Backward only, as the reference document has it: matric_data and filter_data are given. */
    public static Operation backward() {
        return new Conv2d(
                "conv2d_backward",
                ConvArray.DOUT_DATA,
                ConvArray.MATRIC_DATA,
                ConvArray.FILTER_DATA,
                ConvArray.WEIGHTS);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Engine> engines() {
        return engines.stream()
                .map(e -> new Engine(e.name(), e.description(), e::unavailable))
                .toList();
    }

    @Override
    public Problem problem(Map<String, Object> parameters, String family, DType dtype) {
        boolean whole = inputs.contains(ConvArray.IN_DATA);
        if (whole && family.equals("document")) {
            throw new IllegalArgumentException("family is document: its matric_data and filter_data are independent of"
                    + " any input, expected operation conv2d_backward");
        }
        return new ConvProblem(geometry(parameters), dtype, inputs, whole, engines);
    }

    /**
     * Reads the geometry from a case's parameters.
     *
     * @throws IllegalArgumentException if a parameter is missing, unknown, not an integer or out of range
     */
    public static ConvGeometry geometry(Map<String, Object> parameters) {
        TreeSet<String> unknown = new TreeSet<>(parameters.keySet());
        int[] values = new int[Field.values().length];
        for (Field field : Field.values()) {
            Object value = parameters.get(field.key());
            if (!(value instanceof Integer integer && field.allows(integer))) {
                throw new IllegalArgumentException(
                        field.refusal(value instanceof String s ? '"' + s + '"' : "" + value));
            }
            values[field.ordinal()] = integer;
            unknown.remove(field.key());
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("parameters has " + unknown + ": expected only "
                    + Arrays.stream(Field.values()).map(Field::key).toList());
        }
        return new ConvGeometry(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
    }
}
