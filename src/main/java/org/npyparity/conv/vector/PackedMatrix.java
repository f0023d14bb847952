package org.npyparity.conv.vector;

/**
 * The right factor of a product, (depth, columns), cut into panels as wide as a tile: the elements that one step of a
 * tile multiplies with lie side by side, and one panel follows another. Columns past the last are zeros, so that a tile
 * needs no mask.
 */
final class PackedMatrix {
    final Object elements;
    final int depth;
    final int columns;
    private final int wide;
    private final int narrow;

    /**
     * Zeros, to be filled by {@link TileKernels#pack} or {@link TileKernels#packTransposed}.
     *
     * @param wide the width of all panels but the last, in elements
     * @param narrow the width of the last one if its columns fit
     */
    PackedMatrix(TileKernels kernels, int depth, int columns, int wide, int narrow) {
        this.depth = depth;
        this.columns = columns;
        this.wide = wide;
        this.narrow = narrow;
        int last = panels() - 1;
        elements = kernels.zeros(Math.multiplyExact(firstColumn(last) + paddedWidth(last), depth));
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

    /** The columns of a panel with its zeros: {@code wide} or {@code narrow}. */
    int paddedWidth(int panel) {
        return width(panel) <= narrow ? narrow : wide;
    }

    /** Where row {@code row} of a panel starts. */
    int at(int panel, int row) {
        return firstColumn(panel) * depth + row * paddedWidth(panel);
    }
}
