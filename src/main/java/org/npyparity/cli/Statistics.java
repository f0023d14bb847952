package org.npyparity.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.npyparity.jnpy.DType;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.report.Numbers;

/** What is worth knowing of an array's elements, gathered run by run. Of complex numbers both parts count. */
final class Statistics {
    private final DType dtype;
    private long elements;
    private long zeros;
    private long negativeZeros;
    private long nans;
    private long infinities;
    private long subnormals;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    /** Of 64-bit integers, which a double rounds; of unsigned ones with the first bit turned, which puts them in order. */
    private long leastInteger = Long.MAX_VALUE;

    private long largestInteger = Long.MIN_VALUE;
    /** Neumaier's compensated sum of the finite elements. */
    private double sum;

    private double error;

    Statistics(DType dtype) {
        this.dtype = dtype;
    }

    void add(NpyArray run) {
        switch (dtype) {
            case COMPLEX128 -> {
                for (double part : run.complexDoubles()) {
                    add(part);
                }
            }
            case COMPLEX64 -> {
                for (float part : run.complexFloats()) {
                    add(part);
                }
            }
            default -> {
                if (dtype == DType.INT64 || dtype == DType.UINT64) {
                    for (long value : dtype == DType.INT64 ? run.longs() : run.unsignedLongs()) {
                        leastInteger = Math.min(leastInteger, value ^ turned());
                        largestInteger = Math.max(largestInteger, value ^ turned());
                    }
                }
                for (double value : run.toDoublesRounded()) {
                    add(value);
                }
            }
        }
    }

    private long turned() {
        return dtype == DType.UINT64 ? Long.MIN_VALUE : 0;
    }

    private void add(double value) {
        elements++;
        if (Double.isNaN(value)) {
            nans++;
            return;
        }
        least = Math.min(least, value);
        largest = Math.max(largest, value);
        if (Double.isInfinite(value)) {
            infinities++;
            return;
        }
        if (value == 0) {
            zeros++;
            negativeZeros += Double.doubleToRawLongBits(value) == 0 ? 0 : 1;
        } else if (Math.abs(value) < leastNormal()) {
            subnormals++;
        }
        double next = sum + value;
        error += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
        sum = next;
    }

    private double leastNormal() {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-14;
            case FLOAT32, COMPLEX64 -> Float.MIN_NORMAL;
            case FLOAT64, COMPLEX128 -> Double.MIN_NORMAL;
            default -> 0;
        };
    }

    private boolean isFloating() {
        return leastNormal() > 0;
    }

    /** The facts in order; least and largest leave NaN out, the mean also infinities. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        long finite = elements - nans - infinities;
        if (elements > nans) {
            facts.put("min", number(least, leastInteger));
            facts.put("max", number(largest, largestInteger));
        }
        if (finite > 0) {
            facts.put("mean", Numbers.exact((sum + error) / finite) + (infinities + nans > 0 ? " (finite ones)" : ""));
        }
        facts.put(
                "zeros",
                Numbers.count(zeros) + (negativeZeros > 0 ? ", " + Numbers.count(negativeZeros) + " of them -0" : ""));
        if (isFloating()) {
            facts.put("NaN", Numbers.count(nans));
            facts.put("infinite", Numbers.count(infinities));
            facts.put("subnormal", Numbers.count(subnormals));
        }
        return facts;
    }

    private String number(double value, long integer) {
        return switch (dtype) {
            case INT64 -> Long.toString(integer);
            case UINT64 -> Long.toUnsignedString(integer ^ turned());
            default -> isFloating() ? Numbers.exact(value) : Long.toString((long) value);
        };
    }
}
