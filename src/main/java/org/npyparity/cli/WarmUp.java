package org.npyparity.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;

/**
 * Loads the classes that a short command needs: the launcher runs it to learn their names, and archives them as the JVM
 * has them in memory (class data sharing).
 */
final class WarmUp {
    private WarmUp() {}

    public static void main(String... args) throws IOException {
        Results nowhere = new Results(OutputStream.nullOutputStream(), StandardCharsets.UTF_8, false);
        Terminal terminal = new Terminal(nowhere, nowhere, false, false, Optional.empty());
        Path directory = Files.createTempDirectory("npyparity");
        Path a = directory.resolve("a.npy");
        Path b = directory.resolve("b.npy");
        Path c = directory.resolve("c.npy");
        try {
            Npy.write(a, NpyArray.of(new double[] {1, 2, 3}));
            Npy.write(b, NpyArray.of(new double[] {1, 2, 3.0000001}));
            Npy.write(c, NpyArray.of(new float[] {1, 2, 3, 4}, 2, 2));
            Main.run(terminal, "diff", a.toString(), b.toString());
            Main.run(terminal, "diff", a.toString(), b.toString(), "--rtol", "1e-3", "--atol", "0");
            Main.run(terminal, "diff", c.toString(), c.toString(), "--ulp", "1");
            Main.run(terminal, "inspect", c.toString());
        } finally {
            for (Path file : new Path[] {a, b, c, directory}) {
                Files.deleteIfExists(file);
            }
        }
    }
}
