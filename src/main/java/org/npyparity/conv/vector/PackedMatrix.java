package org.npyparity.conv.vector;

/**
 * The right factor of a product, (depth, columns), cut into panels as wide as a tile: the elements that one step of a
 * tile multiplies with lie side by side. A last panel is filled up, so that a tile needs no mask; what it is filled with
 * does not matter, for those columns are never stored.
 */
final class PackedMatrix {
    final Object elements;
    final int depth;
    private final int columns;
    private final int wide;
    private final int narrow;
    private final boolean isWhole;

    private PackedMatrix(TileKernels kernels, int depth, int columns, boolean isWhole) {
        this.depth = depth;
        this.columns = columns;
        this.isWhole = isWhole;
        wide = kernels.wide;
        narrow = kernels.narrow;
        int last = panels() - 1;
        int width = isWhole ? firstColumn(last) + paddedWidth(last) : paddedWidth(0);
        elements = kernels.zeros(Math.multiplyExact(width, depth));
    }

    /** A matrix with all its panels, one after another. */
    static PackedMatrix whole(TileKernels kernels, int depth, int columns) {
        return new PackedMatrix(kernels, depth, columns, true);
    }

    /** A place for one panel at a time, whichever it is. */
    static PackedMatrix onePanel(TileKernels kernels, int depth, int columns) {
        return new PackedMatrix(kernels, depth, columns, false);
    }

    int panels() {
        return (columns + wide - 1) / wide;
    }

    int firstColumn(int panel) {
        return panel * wide;
    }

    /** The columns of a panel that hold elements. */
    int width(int panel) {
        return Math.min(wide, columns - firstColumn(panel));
    }

    /** The columns of a panel with what fills it up: a tile's width. */
    int paddedWidth(int panel) {
        return width(panel) <= narrow ? narrow : wide;
    }

    /** Where row {@code row} of a panel starts. */
    int at(int panel, int row) {
        return (isWhole ? firstColumn(panel) * depth : 0) + row * paddedWidth(panel);
    }
}
