package org.npyparity.operation.conv.mistakes;

import static org.npyparity.operation.conv.mistakes.Change.instead;
import static org.npyparity.operation.conv.mistakes.Entry.COL2IM;
import static org.npyparity.operation.conv.mistakes.Entry.IM2COL;
import static org.npyparity.operation.conv.mistakes.Entry.UNPAD;
import static org.npyparity.operation.conv.mistakes.Entry.mistake;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.npyparity.array.NdArray;
import org.npyparity.conv.ConvArray;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.conv.mistakes.Windows.Axis;
import org.npyparity.operation.conv.mistakes.Windows.Reach;

/** Where windows lie in the padded input, how they overlap, and where the padding ends. */
final class WindowMistakes {
    private WindowMistakes() {}

    static List<Entry> all() {
        Windows correct = Windows.CORRECT;
        return List.of(
                windows(
                        "flipped kernel",
                        "Each window is read turned by 180 degrees: the convolution of textbooks and of"
                                + " scipy.signal.convolve2d, where layers compute a cross-correlation.",
                        correct.reads((g, t) -> t.ofKernel(mirrored(g, t.kernelRow()), mirrored(g, t.kernelColumn())))),
                windows(
                        "kernel flipped top to bottom",
                        "Each window's rows are read in reverse, as image formats store them that start at the bottom.",
                        correct.reads((g, t) -> t.ofKernel(mirrored(g, t.kernelRow()), t.kernelColumn()))),
                windows(
                        "kernel flipped left to right",
                        "Each window's columns are read in reverse: the flip of a one-dimensional convolution kept.",
                        correct.reads((g, t) -> t.ofKernel(t.kernelRow(), mirrored(g, t.kernelColumn())))),
                windows(
                        "transposed kernel",
                        "Rows are ordered (kw, kh, c): x before y in the kernel's loops.",
                        correct.reads((g, t) -> t.ofKernel(t.kernelColumn(), t.kernelRow()))),
                windows(
                        "reversed channels",
                        "Channels are read last to first: OpenCV's BGR for RGB.",
                        correct.reads((g, t) -> t.ofChannel(g.inDepth() - 1 - t.channel()))),
                windows(
                        "swapped window offsets",
                        "The window's row comes from the loop over columns and the other way round: (x, y) for (y, x).",
                        correct.reads((g, t) -> t.ofWindow(t.column(), t.row()))),
                windows(
                        "row pitch by height",
                        "The next row of the padded input is taken to start after its height, not its width:"
                                + " unnoticed on squares.",
                        correct.pixel((g, image, row, column) ->
                                (image * g.paddedHeight() + row) * g.paddedHeight() + column)),
                windows(
                        "output row pitch by height",
                        "The next row of windows is taken to start after outHeight windows, not outWidth.",
                        correct.window(
                                (g, image, row, column) -> (image * g.outHeight() + row) * g.outHeight() + column)),
                windows(
                        "image pitch without padding",
                        "The next padded image is taken to start after inHeight * inWidth pixels:"
                                + " the offset of the images before padding.",
                        correct.pixel((g, image, row, column) ->
                                image * g.inHeight() * g.inWidth() + row * g.paddedWidth() + column)),
                windows(
                        "batch offset forgotten",
                        "Every image's windows lie in the first image: the loops of a port that was tried with a batch"
                                + " of one.",
                        correct.reads((g, t) -> t.ofImage(0))),
                windows(
                        "reversed images",
                        "The batch is run through from its end, on one side only.",
                        correct.reads((g, t) -> t.ofImage(g.batch() - 1 - t.image()))),
                windows(
                        "stride ignored",
                        "Windows are one pixel apart: only the output's size follows the stride.",
                        correct.reach((axis, window, tap) -> window + tap)),
                windows(
                        "stride along rows only",
                        "Windows are one pixel apart along the width.",
                        correct.column((axis, window, tap) -> window + tap)),
                windows(
                        "stride along columns only",
                        "Windows are one pixel apart along the height.",
                        correct.row((axis, window, tap) -> window + tap)),
                windows(
                        "dilation for stride",
                        "The stride spreads the taps of a window instead of the windows.",
                        correct.reach((axis, window, tap) -> window + tap * axis.stride())),
                windows(
                        "windows tile",
                        "Windows are filter_size apart, as in pooling, not stride.",
                        correct.reach((axis, window, tap) -> window * axis.filterSize() + tap)),
                windows(
                        "origin off by one",
                        "Windows start one pixel late: one-based indices from MATLAB, Julia or Fortran.",
                        shifted(axis -> 1)),
                windows(
                        "padding at the far edge only",
                        "Windows start at the image's first pixel: the padding is never subtracted from the offset.",
                        shifted(Axis::padding)),
                windows(
                        "padding at the near edge only",
                        "All of the padding lies before the image: subtracted twice, or added by one call of pad.",
                        shifted(axis -> -axis.padding())),
                windows(
                        "same padding",
                        "Windows are centred on their pixel, as with padding = filter_size // 2, whatever was asked.",
                        shifted(axis -> axis.padding() - axis.filterSize() / 2)),
                windows(
                        "windows aligned with the far edge",
                        "The rows and columns that no window reaches lie at the start: the remainder is cut in front.",
                        shifted(Axis::tail)),
                windows(
                        "output size rounded up",
                        "Windows are counted as if a last, partial one existed: ceil for floor in the output's size.",
                        correct.window((g, image, row, column) ->
                                (image * roundedUp(g, g.paddedHeight()) + row) * roundedUp(g, g.paddedWidth())
                                        + column)),
                windows(
                        "last window dropped",
                        "The loop ends before in + 2 * padding - filter_size instead of after it.",
                        correct.reach((axis, window, tap) -> window * axis.stride() < axis.padded() - axis.filterSize()
                                ? axis.reach(window, tap)
                                : -1)),
                windows(
                        "output size without + 1",
                        "Windows are counted as (in + 2 * padding - filter_size) / stride: the last row and the last"
                                + " column of them are never reached, whether the stride divides or not.",
                        correct.reach(WindowMistakes::butTheLast)),
                windows(
                        "last row of windows dropped",
                        "The loop over rows of windows ends at outHeight - 1, exclusive.",
                        correct.row(WindowMistakes::butTheLast)),
                windows(
                        "last column of windows dropped",
                        "The loop over columns of windows ends at outWidth - 1, exclusive.",
                        correct.column(WindowMistakes::butTheLast)),
                windows(
                        "last tap dropped",
                        "The loops over the kernel end at filter_size - 1, exclusive.",
                        correct.reach(
                                (axis, window, tap) -> tap < axis.filterSize() - 1 ? axis.reach(window, tap) : -1)),
                windows(
                        "overflowing index",
                        "The index of a pixel is one bit too narrow for the batch and wraps, as a 16-bit or 32-bit one"
                                + " does on larger arrays.",
                        correct.pixel((g, image, row, column) ->
                                Windows.CORRECT.pixel().of(g, image, row, column)
                                        & Integer.highestOneBit(g.batch() * g.paddedHeight() * g.paddedWidth() - 1)
                                                - 1)),
                mistake("edge padding", "The padding repeats the border pixels (np.pad's mode edge) and is not zero.")
                        .in(im2col(correct.reach(edge())), IM2COL),
                mistake(
                                "reflected padding",
                                "The padding mirrors the image, its border pixel left out (np.pad's mode reflect), and is"
                                        + " not zero.")
                        .in(im2col(correct.reach(reflected(1))), IM2COL),
                mistake(
                                "symmetric padding",
                                "The padding mirrors the image, border pixel and all, as scipy.ndimage does by default,"
                                        + " and is not zero.")
                        .in(im2col(correct.reach(reflected(0))), IM2COL),
                mistake(
                                "circular padding",
                                "The padding continues the image from its other side: a convolution by FFT, or indices"
                                        + " modulo the size.")
                        .in(im2col(correct.reach(circular())), IM2COL),
                mistake(
                                "col2im overwrites",
                                "Overlapping windows replace each other's gradient: = for += in the loop over windows.")
                        .in(col2im((sofar, next) -> next), COL2IM),
                mistake(
                                "col2im averages",
                                "Each pixel's gradient is divided by the number of its windows: the overlap-add of"
                                        + " image patches.")
                        .in(averaged(), COL2IM),
                mistake("padding cut at the far edge only", "The slice is [:-2 * padding]: its offset is forgotten.")
                        .in(unpad(axis -> 0, axis -> 0), UNPAD),
                mistake("padding cut at the near edge only", "The slice is [2 * padding:].")
                        .in(unpad(axis -> 2 * axis.padding(), axis -> 2 * axis.padding()), UNPAD),
                mistake("padding cut along rows only", "The columns keep their offset: the slice names one axis.")
                        .in(unpad(Axis::padding, axis -> 0), UNPAD),
                mistake("padding cut off by one", "The slice starts one pixel early.")
                        .in(
                                unpad(axis -> Math.max(0, axis.padding() - 1), axis -> Math.max(0, axis.padding() - 1)),
                                UNPAD),
                mistake(
                                "padding cut from the flat buffer",
                                "The first elements of dpadding_data are taken for din_data: a reshape for a slice.")
                        .in(
                                instead((g, a) -> Elements.gather(
                                        a.get(ConvArray.DPADDING_DATA), i -> i, ConvArray.DIN_DATA.shape(g))),
                                UNPAD),
                mistake(
                                "empty slice at padding 0",
                                "[padding:-padding] is empty where padding is 0, and din_data keeps its zeros.")
                        .in(
                                instead((g, a) -> g.padding() == 0
                                        ? ConvArray.DIN_DATA.zeros(g, a.get(ConvArray.DPADDING_DATA))
                                        : a.result()),
                                UNPAD));
    }

    /** Something of one axis. */
    private interface Offset {
        int of(Axis axis);
    }

    private static Entry windows(String name, String description, Windows windows) {
        return mistake(name, description).in(im2col(windows), IM2COL).in(col2im(windows), COL2IM);
    }

    private static Change im2col(Windows windows) {
        return instead((g, a) -> windows.im2col(g, a.get(ConvArray.IN_DATA)));
    }

    private static Change col2im(Windows windows) {
        return instead((g, a) -> windows.col2im(g, a.get(ConvArray.DMATRIC_DATA), Double::sum));
    }

    private static Change col2im(DoubleBinaryOperator join) {
        return instead((g, a) -> Windows.CORRECT.col2im(g, a.get(ConvArray.DMATRIC_DATA), join));
    }

    private static Windows shifted(Offset offset) {
        return Windows.CORRECT.reach((axis, window, tap) -> axis.reach(window, tap) + offset.of(axis));
    }

    private static int mirrored(ConvGeometry g, int tap) {
        return g.filterSize() - 1 - tap;
    }

    private static int roundedUp(ConvGeometry g, int padded) {
        return (padded - g.filterSize() + g.stride() - 1) / g.stride() + 1;
    }

    private static int butTheLast(Axis axis, int window, int tap) {
        return window < axis.out() - 1 ? axis.reach(window, tap) : -1;
    }

    private static Reach edge() {
        return (axis, window, tap) ->
                Math.min(Math.max(axis.reach(window, tap), axis.padding()), axis.padding() + axis.in() - 1);
    }

    /** @param leftOut border pixels that are not repeated */
    private static Reach reflected(int leftOut) {
        return (axis, window, tap) -> {
            int period = Math.max(1, 2 * (axis.in() - leftOut));
            int pixel = Math.floorMod(axis.reach(window, tap) - axis.padding(), period);
            return axis.padding() + (pixel < axis.in() ? pixel : 2 * axis.in() - 1 - leftOut - pixel);
        };
    }

    private static Reach circular() {
        return (axis, window, tap) ->
                axis.padding() + Math.floorMod(axis.reach(window, tap) - axis.padding(), axis.in());
    }

    private static Change averaged() {
        return instead((g, a) -> {
            NdArray dmatricData = a.get(ConvArray.DMATRIC_DATA);
            NdArray windows = Windows.CORRECT.col2im(g, Elements.map(dmatricData, x -> 1), Double::sum);
            return Elements.combine(a.result(), windows, (sum, count) -> sum / Math.max(count, 1));
        });
    }

    /** dpadding_data from another corner on. */
    private static Change unpad(Offset firstRow, Offset firstColumn) {
        return instead((g, a) -> {
            NdArray from = a.get(ConvArray.DPADDING_DATA);
            NdArray to = ConvArray.DIN_DATA.zeros(g, from);
            int top = firstRow.of(Axis.rows(g));
            int left = firstColumn.of(Axis.columns(g));
            return Elements.gather(
                    from,
                    i -> {
                        int[] at = to.indexOf(i);
                        return from.positionOf(at[0], at[1] + top, at[2] + left, at[3]);
                    },
                    to.shape());
        });
    }
}
