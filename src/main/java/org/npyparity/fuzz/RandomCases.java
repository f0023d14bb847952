package org.npyparity.fuzz;

import static org.npyparity.conv.ConvGeometry.Field.BATCH;
import static org.npyparity.conv.ConvGeometry.Field.FILTER_SIZE;
import static org.npyparity.conv.ConvGeometry.Field.IN_DEPTH;
import static org.npyparity.conv.ConvGeometry.Field.IN_HEIGHT;
import static org.npyparity.conv.ConvGeometry.Field.IN_WIDTH;
import static org.npyparity.conv.ConvGeometry.Field.OUT_DEPTH;
import static org.npyparity.conv.ConvGeometry.Field.PADDING;
import static org.npyparity.conv.ConvGeometry.Field.STRIDE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongFunction;
import org.npyparity.array.DType;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.python.CaseSpec;

/**
 * The cases of a seed: small layers with their edges favoured. Case number i depends on the seed and on i alone, and is
 * the same on every machine: {@link Random} is specified to the bit.
 *
 * @param seed any number
 */
public record RandomCases(long seed) implements LongFunction<CaseSpec> {

    /** What is special about a geometry. Half of all cases are {@link #PLAIN}. */
    private enum Edge {
        PLAIN {
            @Override
            void shape(Shape s, Random random) {}
        },
        ONE_PIXEL {
            @Override
            void shape(Shape s, Random random) {
                s.set(IN_HEIGHT, 1).set(IN_WIDTH, 1);
                s.set(FILTER_SIZE, 1 + random.nextInt(1 + 2 * s.get(PADDING)));
            }
        },
        ONE_ROW_OR_COLUMN {
            @Override
            void shape(Shape s, Random random) {
                s.set(random.nextBoolean() ? IN_HEIGHT : IN_WIDTH, 1);
            }
        },
        FILTER_IS_INPUT {
            @Override
            void shape(Shape s, Random random) {
                int side = 1 + random.nextInt(5);
                s.set(IN_HEIGHT, side).set(random.nextBoolean() ? IN_WIDTH : IN_HEIGHT, side);
                s.set(FILTER_SIZE, random.nextBoolean() ? side : s.largestFilter());
            }
        },
        STRIDE_BEYOND_FILTER {
            @Override
            void shape(Shape s, Random random) {
                s.set(FILTER_SIZE, 1 + random.nextInt(2));
                s.set(STRIDE, s.get(FILTER_SIZE) + 1 + random.nextInt(2));
            }
        },
        TAIL {
            @Override
            void shape(Shape s, Random random) {
                int stride = 2 + random.nextInt(2);
                s.set(STRIDE, stride);
                for (var axis : List.of(IN_HEIGHT, IN_WIDTH)) {
                    int windows = 1 + random.nextInt(3);
                    int padded = s.get(FILTER_SIZE) + (windows - 1) * stride + 1 + random.nextInt(stride - 1);
                    s.set(axis, Math.max(1, padded - 2 * s.get(PADDING)));
                }
            }
        },
        PRIME_SIZES {
            @Override
            void shape(Shape s, Random random) {
                int[] primes = {2, 3, 5, 7, 11, 13};
                s.set(IN_HEIGHT, primes[random.nextInt(primes.length)]);
                s.set(IN_WIDTH, primes[random.nextInt(primes.length)]);
                s.set(IN_DEPTH, primes[random.nextInt(3)]);
                s.set(OUT_DEPTH, primes[random.nextInt(3)]);
            }
        },
        PADDING_BEYOND_FILTER {
            @Override
            void shape(Shape s, Random random) {
                s.set(FILTER_SIZE, 1 + random.nextInt(3));
                s.set(PADDING, s.get(FILTER_SIZE) + random.nextInt(2));
            }
        },
        /** Channels about the widths of vector registers and of tiles made of them. */
        WIDE_CHANNELS {
            @Override
            void shape(Shape s, Random random) {
                int[] widths = {4, 8, 12, 16, 24, 32, 48};
                s.set(IN_HEIGHT, 1 + random.nextInt(3)).set(IN_WIDTH, 1 + random.nextInt(4));
                s.set(IN_DEPTH, widths[random.nextInt(widths.length)] - 1 + random.nextInt(3));
                s.set(OUT_DEPTH, widths[random.nextInt(widths.length)] - 1 + random.nextInt(3));
                s.set(FILTER_SIZE, 1 + random.nextInt(2));
            }
        },
        LARGER_IMAGE {
            @Override
            void shape(Shape s, Random random) {
                s.set(IN_HEIGHT, 8 + random.nextInt(12)).set(IN_WIDTH, 8 + random.nextInt(12));
                s.set(BATCH, 1).set(IN_DEPTH, 1 + random.nextInt(3)).set(OUT_DEPTH, 1 + random.nextInt(3));
            }
        };

        abstract void shape(Shape s, Random random);
    }

    private static final Edge[] EDGES = Edge.values();
    private static final List<String> VARIANTS = List.of(
            "nan",
            "infinities",
            "signed-zeros",
            "subnormals",
            "cancellation",
            "extreme-range",
            "small",
            "padding-infinity");

    /** Windows, and products in one matrix product, that a small case has at most; larger ones are made smaller. */
    private static final int LARGEST_POSITIONS = 400;

    private static final long LARGEST_PRODUCT = 60_000;

    @Override
    public CaseSpec apply(long index) {
        Random random = new Random(mixed(seed * 0x9E3779B97F4A7C15L + index));
        Shape shape = new Shape(
                1 + random.nextInt(3),
                1 + random.nextInt(7),
                1 + random.nextInt(8),
                1 + random.nextInt(5),
                1 + random.nextInt(5),
                1 + random.nextInt(4),
                1 + random.nextInt(3),
                random.nextInt(3));
        Edge edge = random.nextBoolean() ? Edge.PLAIN : EDGES[1 + random.nextInt(EDGES.length - 1)];
        edge.shape(shape, random);
        ConvGeometry geometry = small(shape.mended());
        boolean whole = random.nextInt(3) > 0;
        String family = family(random.nextInt(20), whole);
        Optional<String> variant = Optional.empty();
        if (family.equals("special")) {
            // Without padding the last has nothing that its infinity could meet.
            int variants = VARIANTS.size() - (geometry.padding() > 0 ? 0 : 1);
            variant = Optional.of(VARIANTS.get(random.nextInt(variants)));
        }
        return new CaseSpec(
                whole ? "conv2d" : "conv2d_backward",
                family,
                variant,
                random.nextBoolean() ? DType.FLOAT64 : DType.FLOAT32,
                shape.parameters(),
                random.nextInt() & 0xFFFFFFFFL);
    }

    /** Of 20: 8 exact, 5 of real numbers, 7 special. The document's own data exist for the backward pass alone. */
    private static String family(int of20, boolean whole) {
        if (of20 < 8) {
            return "exact";
        }
        if (of20 < 13) {
            return whole || of20 < 10 ? "chained" : "document";
        }
        return "special";
    }

    private static ConvGeometry small(Shape shape) {
        ConvGeometry geometry = shape.geometry();
        while (geometry.positions() > LARGEST_POSITIONS
                || (long) geometry.positions() * geometry.patchSize() * geometry.outDepth() > LARGEST_PRODUCT) {
            for (var field : new ArrayList<>(List.of(IN_HEIGHT, IN_WIDTH, OUT_DEPTH))) {
                shape.set(field, (shape.get(field) + 1) / 2);
            }
            if (shape.get(IN_HEIGHT) == 1 && shape.get(IN_WIDTH) == 1) {
                shape.set(IN_DEPTH, (shape.get(IN_DEPTH) + 1) / 2).set(BATCH, 1).set(PADDING, shape.get(PADDING) / 2);
            }
            geometry = shape.mended().geometry();
        }
        return geometry;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): neighbours get unrelated streams. */
    private static long mixed(long z) {
        long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        y = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
        return y ^ (y >>> 31);
    }
}
