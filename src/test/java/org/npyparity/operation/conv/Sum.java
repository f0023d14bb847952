package org.npyparity.operation.conv;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * One element of the layer as the sum of products that it is by definition; products with a zero are left out.
 *
 * @param a first factors
 * @param b second factors; 1 for what is only added
 * @param windows where the products of each window begin, ascending; one window if the sum has no such parts
 * @param nominal how many terms DESIGN counts for it: padding adds none, masked zeros do
 */
record Sum(double[] a, double[] b, int[] windows, int nominal) {

    /** Collects products. */
    static final class Builder {
        private double[] a = new double[8];
        private double[] b = new double[8];
        private int[] windows = new int[4];
        private int size;
        private int parts;
        private int nominal;

        /** What follows belongs to another window. */
        Builder window() {
            if (parts == windows.length) {
                windows = Arrays.copyOf(windows, 2 * parts);
            }
            windows[parts++] = size;
            return this;
        }

        Builder add(double x, double y) {
            nominal++;
            if (x != 0 && y != 0) {
                if (size == a.length) {
                    a = Arrays.copyOf(a, 2 * size);
                    b = Arrays.copyOf(b, 2 * size);
                }
                a[size] = x;
                b[size++] = y;
            }
            return this;
        }

        Sum build() {
            int[] starts = parts == 0 ? new int[] {0} : Arrays.copyOf(windows, parts);
            return new Sum(Arrays.copyOf(a, size), Arrays.copyOf(b, size), starts, nominal);
        }
    }

    /** How many products there are, none of them 0. */
    int n() {
        return a.length;
    }

    /** The number of products in the longest window. */
    int longestWindow() {
        int longest = 0;
        for (int i = 0; i < windows.length; i++) {
            longest = Math.max(longest, (i + 1 < windows.length ? windows[i + 1] : n()) - windows[i]);
        }
        return longest;
    }

    BigDecimal exact() {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < n(); i++) {
            sum = sum.add(new BigDecimal(a[i]).multiply(new BigDecimal(b[i])));
        }
        return sum;
    }

    /** S: the sum of the absolute products. */
    BigDecimal magnitude() {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < n(); i++) {
            sum = sum.add(new BigDecimal(Math.abs(a[i])).multiply(new BigDecimal(Math.abs(b[i]))));
        }
        return sum;
    }

    /** The products in another order, as one window. */
    Sum reordered(Integer[] order) {
        double[] x = new double[n()];
        double[] y = new double[n()];
        for (int i = 0; i < n(); i++) {
            x[i] = a[order[i]];
            y[i] = b[order[i]];
        }
        return new Sum(x, y, new int[] {0}, nominal);
    }

    /** The products of one window. */
    Sum part(int window) {
        int end = window + 1 < windows.length ? windows[window + 1] : n();
        return new Sum(
                Arrays.copyOfRange(a, windows[window], end),
                Arrays.copyOfRange(b, windows[window], end),
                new int[] {0},
                nominal);
    }
}
