package org.npyparity.operation.conv.mistakes;

/**
 * One multiplication's place in a window.
 *
 * @param image of the batch
 * @param row of the window in the output
 * @param column of the window in the output
 * @param kernelRow inside the window
 * @param kernelColumn inside the window
 * @param channel of the input
 */
record Tap(int image, int row, int column, int kernelRow, int kernelColumn, int channel) {

    Tap ofImage(int other) {
        return new Tap(other, row, column, kernelRow, kernelColumn, channel);
    }

    Tap ofWindow(int otherRow, int otherColumn) {
        return new Tap(image, otherRow, otherColumn, kernelRow, kernelColumn, channel);
    }

    Tap ofKernel(int otherRow, int otherColumn) {
        return new Tap(image, row, column, otherRow, otherColumn, channel);
    }

    Tap ofChannel(int other) {
        return new Tap(image, row, column, kernelRow, kernelColumn, other);
    }
}
