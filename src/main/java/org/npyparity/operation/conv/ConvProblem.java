package org.npyparity.operation.conv;

import static org.npyparity.conv.ConvArray.BIAS;
import static org.npyparity.conv.ConvArray.DBIAS;
import static org.npyparity.conv.ConvArray.DFILTER_DATA;
import static org.npyparity.conv.ConvArray.DIN_DATA;
import static org.npyparity.conv.ConvArray.DMATRIC_DATA;
import static org.npyparity.conv.ConvArray.DOUT_DATA;
import static org.npyparity.conv.ConvArray.DPADDING_DATA;
import static org.npyparity.conv.ConvArray.DWEIGHTS;
import static org.npyparity.conv.ConvArray.FILTER_DATA;
import static org.npyparity.conv.ConvArray.IN_DATA;
import static org.npyparity.conv.ConvArray.MATRIC_DATA;
import static org.npyparity.conv.ConvArray.OUT_DATA;
import static org.npyparity.conv.ConvArray.WEIGHTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvEngine;
import org.npyparity.conv.ConvEngines;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.conv.PreciseEngine;
import org.npyparity.operation.Bounds;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.PreciseStage;
import org.npyparity.operation.Problem;
import org.npyparity.operation.Stage;
import org.npyparity.operation.conv.mistakes.ConvMistakes;

/** A layer of one geometry. */
final class ConvProblem implements Problem {
    /** The engine that computes every stage by itself, on one thread. */
    private static final String MATRIX_FORM = "ejml";
    /**
     * From so many multiplications on, some 10 ms of plain loops, the fastest engine computes a bound. For less, a cold JVM
     * emulates the Vector API longer than they take.
     */
    private static final long LARGE_PRODUCT = 1L << 25;
    /** The stages that only move elements, or replace them by zero. */
    private static final Set<String> COPIES = Set.of("im2col", "to-feature-map", "relu-gradient", "unpad");

    private final ConvGeometry g;
    private final DType dtype;
    private final List<ConvArray> inputs;
    private final boolean whole;
    private final List<ConvEngine> engines;

    /**
     * @param inputs the arrays that are given
     * @param whole whether the forward pass is part of it
     * @param engines that are at hand
     */
    ConvProblem(ConvGeometry geometry, DType dtype, List<ConvArray> inputs, boolean whole, List<ConvEngine> engines) {
        this.g = geometry;
        this.dtype = dtype;
        this.inputs = inputs;
        this.whole = whole;
        this.engines = engines;
    }

    @Override
    public Map<String, int[]> inputs() {
        return shapes(inputs);
    }

    @Override
    public Map<String, int[]> outputs() {
        return shapes(
                whole
                        ? List.of(
                                MATRIC_DATA,
                                FILTER_DATA,
                                OUT_DATA,
                                DFILTER_DATA,
                                DWEIGHTS,
                                DBIAS,
                                DMATRIC_DATA,
                                DPADDING_DATA,
                                DIN_DATA)
                        : List.of(DFILTER_DATA, DWEIGHTS, DBIAS, DMATRIC_DATA, DPADDING_DATA, DIN_DATA));
    }

    @Override
    public boolean mayBeAllZero(String array) {
        return !g.seesInput() && Stream.of(MATRIC_DATA, DWEIGHTS, DIN_DATA).anyMatch(a -> array.equals(a.toString()));
    }

    @Override
    public Map<String, List<String>> axes() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        for (ConvArray array : ConvArray.values()) {
            axes.put(array.toString(), array.axisNames());
        }
        return axes;
    }

    private Map<String, int[]> shapes(List<ConvArray> arrays) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        arrays.forEach(a -> shapes.put(a.toString(), a.shape(g)));
        return shapes;
    }

    @Override
    public List<Stage> stages(String engine) {
        return stages(ConvEngines.named(engine, engines));
    }

    @Override
    public List<PreciseStage> preciseStages() {
        PreciseEngine precise = new PreciseEngine();
        List<Stage> stages = new ArrayList<>(stages(precise));
        // A kernel that never makes dmatric_data accumulates all products of a pixel in one sum.
        stages.add(stage(
                "direct-padded-gradient",
                DPADDING_DATA,
                a -> precise.paddedGradient(g, a.get(0), a.get(1)),
                DFILTER_DATA,
                WEIGHTS));
        // The document's own way to each array comes first: a failure is told in its terms.
        stages.sort(Comparator.comparing(s -> s.name().startsWith("direct-")));
        return stages.stream()
                .map(s -> new PreciseStage(s, COPIES.contains(s.name())))
                .toList();
    }

    private List<Stage> stages(ConvEngine e) {
        List<Stage> stages = new ArrayList<>();
        if (whole) {
            stages.add(stage("im2col", MATRIC_DATA, a -> e.im2col(g, a.get(0)), IN_DATA));
            if (e.isDirect()) {
                stages.add(stage(
                        "direct-forward",
                        FILTER_DATA,
                        a -> e.directForward(g, a.get(0), a.get(1), a.get(2)),
                        IN_DATA,
                        WEIGHTS,
                        BIAS));
            }
            stages.add(stage(
                    "linear-relu",
                    FILTER_DATA,
                    a -> e.linearRelu(g, a.get(0), a.get(1), a.get(2)),
                    MATRIC_DATA,
                    WEIGHTS,
                    BIAS));
            stages.add(stage("to-feature-map", OUT_DATA, a -> e.toFeatureMap(g, a.get(0)), FILTER_DATA));
        }
        stages.add(stage(
                "relu-gradient", DFILTER_DATA, a -> e.reluGradient(g, a.get(0), a.get(1)), DOUT_DATA, FILTER_DATA));
        if (whole && e.isDirect()) {
            stages.add(stage(
                    "direct-weight-gradient",
                    DWEIGHTS,
                    a -> e.directWeightGradient(g, a.get(0), a.get(1)),
                    IN_DATA,
                    DFILTER_DATA));
        }
        stages.add(stage(
                "weight-gradient", DWEIGHTS, a -> e.weightGradient(g, a.get(0), a.get(1)), MATRIC_DATA, DFILTER_DATA));
        stages.add(stage("bias-gradient", DBIAS, a -> e.biasGradient(g, a.get(0)), DFILTER_DATA));
        stages.add(stage(
                "window-gradient", DMATRIC_DATA, a -> e.windowGradient(g, a.get(0), a.get(1)), DFILTER_DATA, WEIGHTS));
        stages.add(stage("col2im", DPADDING_DATA, a -> e.col2im(g, a.get(0)), DMATRIC_DATA));
        if (e.isDirect()) {
            stages.add(stage(
                    "direct-input-gradient",
                    DIN_DATA,
                    a -> e.directInputGradient(g, a.get(0), a.get(1)),
                    DFILTER_DATA,
                    WEIGHTS));
        }
        stages.add(stage("unpad", DIN_DATA, a -> e.unpad(g, a.get(0)), DPADDING_DATA));
        return stages;
    }

    private static Stage stage(
            String name, ConvArray output, Function<List<NdArray>, NdArray> computation, ConvArray... inputs) {
        List<String> names = Arrays.stream(inputs).map(ConvArray::toString).toList();
        return new Stage(
                name,
                names,
                output.toString(),
                arrays -> computation.apply(names.stream().map(arrays::get).toList()));
    }

    @Override
    public Optional<Bounds> bounds(Map<String, NdArray> arrays) {
        return Optional.of(new ConvBounds(g, dtype, whole, arrays, engineOfBounds()));
    }

    /** An engine of our own: a bound must not rest on an implementation that is itself on trial. */
    private ConvEngine engineOfBounds() {
        if ((long) g.positions() * g.patchSize() * g.outDepth() < LARGE_PRODUCT) {
            return new PlainEngine();
        }
        return engines.stream()
                .filter(e -> e.isDirect()
                        && e.unavailable().isEmpty()
                        && e.getClass().getPackageName().startsWith(ConvEngine.class.getPackageName() + "."))
                .findFirst()
                .orElseGet(PlainEngine::new);
    }

    @Override
    public List<Mistake> mistakes() {
        return ConvMistakes.of(g, stages(MATRIX_FORM));
    }
}
