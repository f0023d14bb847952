package org.npyparity.conv.vector;

import static org.npyparity.conv.vector.DirectConvolution.ceilDiv;

import org.jspecify.annotations.Nullable;

/**
 * The right factor of a product, (depth, columns), cut into panels as wide as a tile: the elements that one step of a
 * tile multiplies with lie side by side. Panels are as few as can be and differ by one vector at most, so that 9 vectors
 * are three times 3 and not 4, 4 and 1; by two vectors where registers are few. A last panel is filled up, so that a tile
 * needs no mask; what it is filled with does not matter, for those columns are never stored.
 */
final class PackedMatrix {
    final Object elements;
    final int depth;
    private final int columns;
    private final int unit;
    private final int least;
    private final int panels;
    private final boolean isWhole;

    private PackedMatrix(
            TileKernels kernels, int wide, @Nullable Object elements, int depth, int columns, boolean isWhole) {
        this.depth = depth;
        this.columns = columns;
        this.isWhole = isWhole;
        unit = kernels.unit;
        least = TileKernels.MIN_VECTORS * kernels.lanes;
        panels = ceilDiv(columns, wide);
        int width = isWhole ? firstColumn(panels - 1) + paddedWidth(panels - 1) : paddedWidth(0);
        this.elements = elements != null ? elements : kernels.zeros(Math.multiplyExact(width, depth));
    }

    /** A matrix with all its panels, one after another, for tiles by rows. */
    static PackedMatrix whole(TileKernels kernels, int depth, int columns) {
        return new PackedMatrix(kernels, kernels.wide, null, depth, columns, true);
    }

    /**
     * A matrix that is packed as it lies, for it is as wide as one tile by columns: {@code elements} row by row; null if
     * it is not.
     */
    static @Nullable PackedMatrix asItLies(TileKernels kernels, Object elements, int depth, int columns) {
        PackedMatrix packed = new PackedMatrix(kernels, kernels.wideByColumns, elements, depth, columns, true);
        return packed.panels == 1 && packed.paddedWidth(0) == columns ? packed : null;
    }

    /** A place for one panel at a time, whichever it is; {@code wide} elements are the widest. */
    static PackedMatrix onePanel(TileKernels kernels, int wide, int depth, int columns) {
        return new PackedMatrix(kernels, wide, null, depth, columns, false);
    }

    int panels() {
        return panels;
    }

    int firstColumn(int panel) {
        return unit * ceilDiv(ceilDiv(columns, unit) * panel, panels);
    }

    /** The columns of a panel that hold elements. */
    int width(int panel) {
        return Math.min(columns, firstColumn(panel + 1)) - firstColumn(panel);
    }

    /** The columns of a panel with what fills it up: a tile's width. */
    int paddedWidth(int panel) {
        return Math.max(firstColumn(panel + 1) - firstColumn(panel), least);
    }

    /** Where row {@code row} of a panel starts. */
    int at(int panel, int row) {
        return (isWhole ? firstColumn(panel) * depth : 0) + row * paddedWidth(panel);
    }
}
