package org.npyparity.operation.conv.mistakes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.Stage;

/** What a mistake makes of a correct stage. */
interface Change {

    Stage of(ConvGeometry g, Stage correct);

    /** What a mistake makes of an array, whose shape stays. */
    interface Alteration {
        NdArray of(ConvGeometry g, NdArray array);
    }

    /** A computation of its own. */
    interface Computation {
        NdArray of(ConvGeometry g, Arguments arguments);
    }

    /** A stage's arguments, and what the correct stage makes of them. */
    record Arguments(Stage correct, Map<String, NdArray> arrays) {
        NdArray get(ConvArray name) {
            NdArray array = arrays.get(name.toString());
            if (array == null) {
                throw new IllegalArgumentException("stage " + correct.name() + " is not given " + name);
            }
            return array;
        }

        /** The correct stage's result. */
        NdArray result() {
            return correct.compute(arrays);
        }

        /** The correct stage's result from another array in one's place. */
        NdArray resultWith(ConvArray name, NdArray array) {
            Map<String, NdArray> changed = new HashMap<>(arrays);
            changed.put(name.toString(), array);
            return correct.compute(changed);
        }
    }

    /** The stage computes something else from the same arguments. */
    static Change instead(Computation computation) {
        return (g, correct) -> stage(correct, correct.inputs(), a -> computation.of(g, new Arguments(correct, a)));
    }

    /** The correct stage starts from an altered argument. */
    static Change argument(ConvArray name, Alteration alteration) {
        return instead((g, a) -> a.resultWith(name, alteration.of(g, a.get(name))));
    }

    /** The correct stage's result is altered. */
    static Change result(Alteration alteration) {
        return instead((g, a) -> alteration.of(g, a.result()));
    }

    /** The correct stage is given {@code other}, of the same size, for {@code name}. */
    static Change mistaking(ConvArray name, ConvArray other) {
        return (g, correct) -> stage(
                correct,
                Stream.concat(correct.inputs().stream(), Stream.of(other.toString()))
                        .toList(),
                arrays -> {
                    Arguments a = new Arguments(correct, arrays);
                    return a.resultWith(name, a.get(other).reshape(name.shape(g)));
                });
    }

    private static Stage stage(
            Stage correct, List<String> inputs, Function<Map<String, NdArray>, NdArray> computation) {
        return new Stage(correct.name(), inputs, correct.output(), computation);
    }

    /** The elements stored in another order of the axes {@code as}: see {@link Elements#written}. */
    static Alteration written(Axes as, int... memoryOrder) {
        return (g, array) ->
                Elements.written(array.reshape(as.of(g)), memoryOrder).reshape(array.shape());
    }

    /** The elements read in another order of the axes {@code as}: see {@link Elements#read}. */
    static Alteration read(Axes as, int... memoryOrder) {
        return (g, array) -> Elements.read(array.reshape(as.of(g)), memoryOrder).reshape(array.shape());
    }

    /** The extents that an array's axes have when they are told apart. */
    interface Axes {
        int[] of(ConvGeometry g);

        /** (batch, inHeight, inWidth, C). */
        Axes INPUT = ConvArray.IN_DATA::shape;

        /** (batch, outHeight, outWidth, D). */
        Axes OUTPUT = ConvArray.OUT_DATA::shape;

        /** (kernelRow, kernelColumn, C, D). */
        Axes WEIGHTS = g -> new int[] {g.filterSize(), g.filterSize(), g.inDepth(), g.outDepth()};

        /** (P, kernelRow, kernelColumn, C). */
        Axes PATCHES = g -> new int[] {g.positions(), g.filterSize(), g.filterSize(), g.inDepth()};

        /** (batch, outHeight, outWidth, Q). */
        Axes WINDOWS = g -> new int[] {g.batch(), g.outHeight(), g.outWidth(), g.patchSize()};

        /** (P, D). */
        Axes ROWS = ConvArray.FILTER_DATA::shape;
    }
}
