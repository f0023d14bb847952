package org.npyparity.operation.conv;

import org.npyparity.conv.ConvGeometry;

/** How many real terms the layer's sums have: padding adds none. Windows and pixels are counted axis by axis. */
final class WindowCounts {
    private final ConvGeometry g;
    private final Axis rows;
    private final Axis columns;

    WindowCounts(ConvGeometry geometry) {
        this.g = geometry;
        this.rows = new Axis(geometry.inHeight(), geometry.outHeight());
        this.columns = new Axis(geometry.inWidth(), geometry.outWidth());
    }

    /** One spatial axis. */
    private final class Axis {
        /** For each window: how many of its taps lie inside the image. */
        final int[] tapsInside;
        /** For each tap: in how many windows it lies inside the image. */
        final int[] windowsInside;
        /** For each position of the padded image: how many windows cover it. */
        final int[] windowsOver;

        Axis(int in, int out) {
            tapsInside = new int[out];
            windowsInside = new int[g.filterSize()];
            windowsOver = new int[in + 2 * g.padding()];
            for (int window = 0; window < out; window++) {
                for (int tap = 0; tap < g.filterSize(); tap++) {
                    int padded = window * g.stride() + tap;
                    windowsOver[padded]++;
                    if (padded >= g.padding() && padded < g.padding() + in) {
                        tapsInside[window]++;
                        windowsInside[tap]++;
                    }
                }
            }
        }
    }

    /** For each window (P): how many of its pixels lie inside the image. */
    int[] pixelsInWindows() {
        return products(g.batch(), rows.tapsInside, columns.tapsInside, 1, 1);
    }

    /** For each entry of a window (Q): in how many windows (of all images) it lies inside the image. */
    int[] windowsOfPatchEntries() {
        return products(1, rows.windowsInside, columns.windowsInside, g.inDepth(), g.batch());
    }

    /** For each pixel of the padded images: how many windows cover it. */
    int[] windowsOverPaddedPixels() {
        return products(g.batch(), rows.windowsOver, columns.windowsOver, 1, 1);
    }

    /** Each product factor · a[i] · b[j], {@code inner} times in a row, all of it {@code outer} times. */
    private static int[] products(int outer, int[] a, int[] b, int inner, int factor) {
        int[] products = new int[outer * a.length * b.length * inner];
        for (int k = 0; k < products.length; k++) {
            int pair = k / inner;
            products[k] = factor * a[pair / b.length % a.length] * b[pair % b.length];
        }
        return products;
    }

    /** Of numbers for the pixels of the padded images, those for the pixels of the images. */
    int[] inside(int[] padded) {
        int[] inside = new int[g.batch() * g.inHeight() * g.inWidth()];
        for (int row = 0; row < g.batch() * g.inHeight(); row++) {
            int paddedRow = row / g.inHeight() * g.paddedHeight() + g.padding() + row % g.inHeight();
            System.arraycopy(padded, paddedRow * g.paddedWidth() + g.padding(), inside, row * g.inWidth(), g.inWidth());
        }
        return inside;
    }

    /**
     * For each pixel of the padded images: the sum of {@code counts} over the windows that cover it.
     *
     * @param counts one for each window (P)
     */
    int[] overPaddedPixels(int[] counts) {
        int[] sums = new int[g.batch() * g.paddedHeight() * g.paddedWidth()];
        int window = 0;
        for (int image = 0; image < g.batch(); image++) {
            for (int outRow = 0; outRow < g.outHeight(); outRow++) {
                for (int outColumn = 0; outColumn < g.outWidth(); outColumn++, window++) {
                    for (int tapRow = 0; tapRow < g.filterSize(); tapRow++) {
                        int row = image * g.paddedHeight() + outRow * g.stride() + tapRow;
                        int pixel = row * g.paddedWidth() + outColumn * g.stride();
                        for (int tap = 0; tap < g.filterSize(); tap++) {
                            sums[pixel + tap] += counts[window];
                        }
                    }
                }
            }
        }
        return sums;
    }
}
