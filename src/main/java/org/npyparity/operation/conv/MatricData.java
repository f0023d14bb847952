package org.npyparity.operation.conv;

import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvGeometry;

/**
 * matric_data (P, Q), and how many of its entries are at most no padding.
 *
 * @param values the matrix
 * @param realInRow entries of each window; one number stands for all
 * @param realInColumn windows for each entry; one number stands for all
 */
record MatricData(Operand values, int[] realInRow, int[] realInColumn) {
    /** The windows of an image: padding is known. */
    static MatricData ofImage(NdArray values, ConvGeometry g, WindowCounts counts) {
        int[] pixels = counts.pixelsInWindows();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] *= g.inDepth();
        }
        return new MatricData(new Operand(values), pixels, counts.windowsOfPatchEntries());
    }

    /** A matrix of which no more is known. */
    static MatricData ofAnything(Operand values, ConvGeometry g) {
        return new MatricData(values, new int[] {g.patchSize()}, new int[] {g.positions()});
    }
}
