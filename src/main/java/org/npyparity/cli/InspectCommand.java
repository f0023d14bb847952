package org.npyparity.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.npyparity.jnpy.MappedNpy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyHeader;
import org.npyparity.jnpy.Npz;
import org.npyparity.jnpy.Order;
import org.npyparity.report.Numbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows what a file holds. */
@Command(
        name = "inspect",
        description = "Show header, shape, dtype and statistics of a .npy file, or of each array of a .npz archive.",
        footerHeading = "%nExamples:%n",
        footer = {"  npyparity inspect weights.npy", "  npyparity inspect layer.npz"})
final class InspectCommand implements Callable<Integer> {
    private static final int BLOCK = 1 << 18;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Parameters(paramLabel = "FILE", description = "A .npy or .npz file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Override
    public Integer call() throws IOException {
        UsageException.requireFile(file);
        PrintWriter out = root.terminal().out();
        if (isZip()) {
            try (Npz archive = Npz.open(file)) {
                out.println("archive    " + file + ", "
                        + Numbers.counted(archive.names().size(), "array"));
                for (String name : archive.names()) {
                    out.println();
                    NpyHeader header = archive.header(name);
                    print("array", name, header);
                    if (header.dtype().isFixedSize()) {
                        Statistics statistics = new Statistics(header.dtype());
                        statistics.add(archive.get(name));
                        print(statistics.facts());
                    }
                }
            }
            return Main.PARITY;
        }
        NpyHeader header = Npy.readHeader(file);
        print("file", file + "", header);
        if (header.dtype().isFixedSize()) {
            try (MappedNpy mapped = Npy.open(file)) {
                MappedNpy source = mapped.order() == Order.FORTRAN ? mapped.transpose() : mapped;
                Statistics statistics = new Statistics(header.dtype());
                for (long from = 0; from < source.size(); from += BLOCK) {
                    statistics.add(source.read(from, (int) Math.min(BLOCK, source.size() - from)));
                }
                print(statistics.facts());
            }
        }
        return Main.PARITY;
    }

    private boolean isZip() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 'P' && in.read() == 'K';
        }
    }

    private void print(String kind, String name, NpyHeader header) {
        fact(kind, name);
        fact("format", header.version() + ".0");
        fact("dtype", header.dtype().numpyName() + " (" + header.descr() + ")");
        fact("shape", FileDiff.shapeText(header));
        fact("order", header.order() == Order.C ? "C" : "Fortran");
        fact(
                "elements",
                Numbers.count(header.size()) + ", " + Numbers.count(header.dataBytes()) + " bytes from byte "
                        + header.dataOffset());
    }

    private void print(Map<String, String> facts) {
        facts.forEach(this::fact);
    }

    private void fact(String key, String value) {
        root.terminal().out().println(key + " ".repeat(Math.max(1, 11 - key.length())) + value);
    }
}
