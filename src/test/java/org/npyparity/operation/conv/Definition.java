package org.npyparity.operation.conv;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;

/** The layer's sums by their definition, index by index; it shares no code with what is tested by it. */
final class Definition {
    final ConvGeometry g;
    final DType dtype;
    final Map<ConvArray, NdArray> inputs;
    /** For each entry of matric_data: the position in in_data; -1 in the padding. */
    private final int[] source;

    Definition(ConvGeometry g, DType dtype, Map<ConvArray, NdArray> inputs) {
        this.g = g;
        this.dtype = dtype;
        this.inputs = inputs;
        this.source = new int[g.positions() * g.patchSize()];
        for (int i = 0; i < source.length; i++) {
            int[] pixel = pixel(i / g.patchSize(), i % g.patchSize());
            int row = pixel[1] - g.padding();
            int column = pixel[2] - g.padding();
            source[i] = row < 0 || row >= g.inHeight() || column < 0 || column >= g.inWidth()
                    ? -1
                    : ((pixel[0] * g.inHeight() + row) * g.inWidth() + column) * g.inDepth() + pixel[3];
        }
    }

    NdArray input(ConvArray name) {
        return inputs.getOrDefault(name, NdArray.zeros(dtype, 0));
    }

    /** (image, row, column, channel) of the padded input that an entry of matric_data is. */
    private int[] pixel(int p, int q) {
        int outColumn = p % g.outWidth();
        int outRow = p / g.outWidth() % g.outHeight();
        int image = p / g.outWidth() / g.outHeight();
        int channel = q % g.inDepth();
        int kernelColumn = q / g.inDepth() % g.filterSize();
        int kernelRow = q / g.inDepth() / g.filterSize();
        return new int[] {image, outRow * g.stride() + kernelRow, outColumn * g.stride() + kernelColumn, channel};
    }

    double matric(int p, int q) {
        int at = source[p * g.patchSize() + q];
        return at < 0 ? 0 : input(ConvArray.IN_DATA).get(at);
    }

    private static Sum[] sums(int size, java.util.function.IntFunction<Sum.Builder> element) {
        return IntStream.range(0, size).mapToObj(i -> element.apply(i).build()).toArray(Sum[]::new);
    }

    /** z, (P, D). */
    Sum[] forward() {
        return sums(g.positions() * g.outDepth(), i -> {
            int p = i / g.outDepth();
            int d = i % g.outDepth();
            Sum.Builder sum = new Sum.Builder();
            for (int q = 0; q < g.patchSize(); q++) {
                if (source[p * g.patchSize() + q] >= 0) {
                    sum.add(matric(p, q), weight(q, d));
                }
            }
            return sum.add(input(ConvArray.BIAS).get(d), 1);
        });
    }

    private double weight(int q, int d) {
        return input(ConvArray.WEIGHTS).get(q * g.outDepth() + d);
    }

    /** Of the sums of every gradient, from dfilter_data (P, D). */
    Map<ConvArray, Sum[]> gradients(double[] dfilter) {
        Map<ConvArray, Sum[]> sums = new HashMap<>();
        int depth = g.outDepth();
        sums.put(ConvArray.DWEIGHTS, sums(g.patchSize() * depth, i -> {
            Sum.Builder sum = new Sum.Builder();
            for (int p = 0; p < g.positions(); p++) {
                if (source[p * g.patchSize() + i / depth] >= 0) {
                    sum.add(matric(p, i / depth), dfilter[p * depth + i % depth]);
                }
            }
            return sum;
        }));
        sums.put(ConvArray.DBIAS, sums(depth, d -> {
            Sum.Builder sum = new Sum.Builder();
            for (int p = 0; p < g.positions(); p++) {
                sum.add(dfilter[p * depth + d], 1);
            }
            return sum;
        }));
        sums.put(ConvArray.DMATRIC_DATA, sums(g.positions() * g.patchSize(), i -> {
            Sum.Builder sum = new Sum.Builder();
            addWindow(sum, dfilter, i / g.patchSize(), i % g.patchSize());
            return sum;
        }));
        Sum[] padded = overWindows((sum, p, q) -> addWindow(sum, dfilter, p, q));
        sums.put(ConvArray.DPADDING_DATA, padded);
        sums.put(ConvArray.DIN_DATA, inside(padded));
        return sums;
    }

    private void addWindow(Sum.Builder sum, double[] dfilter, int p, int q) {
        for (int d = 0; d < g.outDepth(); d++) {
            sum.add(dfilter[p * g.outDepth() + d], weight(q, d));
        }
    }

    private interface Window {
        void add(Sum.Builder sum, int p, int q);
    }

    private Sum[] overWindows(Window window) {
        int[] shape = ConvArray.DPADDING_DATA.shape(g);
        Sum.Builder[] builders = IntStream.range(0, (int) NdArray.sizeOf(shape))
                .mapToObj(i -> new Sum.Builder())
                .toArray(Sum.Builder[]::new);
        for (int p = 0; p < g.positions(); p++) {
            for (int q = 0; q < g.patchSize(); q++) {
                int[] at = pixel(p, q);
                Sum.Builder sum = builders[((at[0] * shape[1] + at[1]) * shape[2] + at[2]) * shape[3] + at[3]];
                window.add(sum.window(), p, q);
            }
        }
        return sums(builders.length, i -> builders[i]);
    }

    /** dpadding_data from dmatric_data (P, Q). */
    Sum[] col2im(double[] dmatric) {
        return overWindows((sum, p, q) -> sum.add(dmatric[p * g.patchSize() + q], 1));
    }

    /** Of elements of dpadding_data, those of din_data. */
    Sum[] inside(Sum[] padded) {
        NdArray like = NdArray.zeros(dtype, ConvArray.DPADDING_DATA.shape(g));
        NdArray in = NdArray.zeros(dtype, ConvArray.IN_DATA.shape(g));
        return IntStream.range(0, in.size())
                .mapToObj(i -> {
                    int[] at = in.indexOf(i);
                    return padded[like.positionOf(at[0], at[1] + g.padding(), at[2] + g.padding(), at[3])];
                })
                .toArray(Sum[]::new);
    }

    /** Every array but out_data, as an implementation that sums like that computes it from the inputs. */
    Map<ConvArray, double[]> computed(Summation way) {
        Map<ConvArray, double[]> arrays = new HashMap<>();
        double[] matric = new double[source.length];
        for (int i = 0; i < matric.length; i++) {
            matric[i] = matric(i / g.patchSize(), i % g.patchSize());
        }
        arrays.put(ConvArray.MATRIC_DATA, matric);
        double[] filter = new double[g.positions() * g.outDepth()];
        double[] dfilter = new double[filter.length];
        Sum[] z = forward();
        for (int i = 0; i < filter.length; i++) {
            filter[i] = Math.max(way.of(z[i]), 0);
            dfilter[i] = filter[i] <= 0 ? 0 : input(ConvArray.DOUT_DATA).get(i);
        }
        arrays.put(ConvArray.FILTER_DATA, filter);
        arrays.put(ConvArray.DFILTER_DATA, dfilter);
        gradients(dfilter).forEach((array, sums) -> arrays.put(array, all(way, sums)));
        return arrays;
    }

    static double[] all(Summation way, Sum[] sums) {
        double[] values = new double[sums.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = way.of(sums[i]);
        }
        return values;
    }
}
