package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;
import org.npyparity.jnpy.NpyHeader;
import org.npyparity.report.Facts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Compares two files. */
@Command(
        name = "diff",
        description = {
            "Compare two .npy files of any size, element by element.",
            "Exact unless a tolerance is given: every NaN is the same NaN, +0 equals -0. With --rtol or --atol as"
                    + " numpy.testing.assert_allclose: |A - B| <= atol + rtol * |B|."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity diff actual.npy expected.npy",
            "  npyparity diff actual.npy expected.npy --rtol 1e-7 --atol 1e-12",
            "  npyparity diff actual.npy expected.npy --ulp 4",
        })
final class DiffCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Parameters(index = "0", paramLabel = "A.npy", description = "The file under test.")
    @SuppressWarnings("NullAway.Init")
    private Path actual;

    @Parameters(index = "1", paramLabel = "B.npy", description = "The reference.")
    @SuppressWarnings("NullAway.Init")
    private Path expected;

    @Option(
            names = "--rtol",
            paramLabel = "R",
            description = "Relative tolerance, over B. NumPy's default beside --atol: 1e-7.")
    private @Nullable Double rtol;

    @Option(names = "--atol", paramLabel = "A", description = "Absolute tolerance. NumPy's default beside --rtol: 0.")
    private @Nullable Double atol;

    @Option(
            names = "--ulp",
            paramLabel = "N",
            description = "Largest distance in units in the last place; float64 and float32 only.")
    private @Nullable Long ulp;

    @Option(names = "--nan-differs", description = "With --rtol or --atol: a NaN equals nothing.")
    private boolean nanDiffers;

    @Option(names = "--signed-zeros", description = "Without a tolerance: +0 differs from -0.")
    private boolean signedZeros;

    @Override
    public Integer call() throws IOException {
        Policy policy = policy();
        Comparison comparison;
        StringBuilder text = new StringBuilder();
        try (FileDiff diff = FileDiff.open(actual, expected)) {
            requireFits(diff.expected());
            text.append("actual    ")
                    .append(actual)
                    .append(": ")
                    .append(describe(diff.actual()))
                    .append('\n');
            text.append("expected  ")
                    .append(expected)
                    .append(": ")
                    .append(describe(diff.expected()))
                    .append('\n');
            comparison = diff.compare(policy);
            text.append(Facts.of(comparison, diff::shown));
        }
        root.terminal().out().println(text);
        return comparison.passes() ? Main.PARITY : Main.MISMATCH;
    }

    private Policy policy() {
        if (ulp != null && (rtol != null || atol != null)) {
            throw new UsageException("--ulp and --rtol or --atol are given: expected one kind of tolerance");
        }
        if (ulp != null && ulp < 0) {
            throw new UsageException("--ulp is " + ulp + ": expected a number of at least 0");
        }
        boolean close = rtol != null || atol != null;
        if (nanDiffers && !close) {
            throw new UsageException("--nan-differs is given: expected --rtol or --atol beside it");
        }
        if (signedZeros && (close || ulp != null)) {
            throw new UsageException("--signed-zeros and a tolerance are given: expected one of them");
        }
        try {
            return close
                    ? new Policy.AllClose(
                            rtol == null ? Policy.AllClose.DEFAULT.rtol() : rtol,
                            atol == null ? Policy.AllClose.DEFAULT.atol() : atol,
                            !nanDiffers)
                    : ulp != null ? new Policy.WithinUlp(ulp) : new Policy.Exact(signedZeros);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + "", e);
        }
    }

    private void requireFits(NpyHeader header) {
        String dtype = header.dtype().numpyName();
        if (ulp != null && !dtype.equals("float64") && !dtype.equals("float32")) {
            throw new UsageException(expected + ": dtype is " + dtype + ", --ulp expects float64 or float32");
        }
        if ((rtol != null || atol != null) && dtype.startsWith("complex")) {
            throw new UsageException(expected + ": dtype is " + dtype
                    + ", --rtol and --atol expect real numbers; without them parts are compared exactly");
        }
    }

    private static String describe(NpyHeader header) {
        return header.dtype().numpyName() + " " + FileDiff.shapeText(header)
                + (header.order() == org.npyparity.jnpy.Order.FORTRAN ? ", Fortran order" : "")
                + (header.byteOrder() == java.nio.ByteOrder.BIG_ENDIAN ? ", big-endian" : "");
    }
}
