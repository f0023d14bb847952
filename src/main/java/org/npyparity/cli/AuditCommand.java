package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Judges implementations in this JVM. */
@Command(
        name = "audit",
        description = "Judge implementations in this JVM: every stage, locally and end to end.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity audit",
            "  npyparity audit fixtures/golden --engine ejml --case 'conv2d-exact-*'",
            "  npyparity audit fixtures/generated --shard 2/4 --report target/shard-2",
            "  npyparity audit fixtures/golden --against golden-by-another-numpy",
            "  npyparity audit fixtures/golden --policy allclose:rtol=1e-5,atol=1e-8",
        })
final class AuditCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Mixin
    private Judging judging = new Judging();

    @Mixin
    private EngineOption engine = new EngineOption();

    @Option(
            names = "--against",
            paramLabel = "OUT",
            description =
                    "Compare also all pairs of the fixtures, the engines and OUT: arrays that something else"
                            + " computed, or a fixture directory that another NumPy made from the same inputs. May be repeated.")
    private List<Path> against = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        return judging.judge("audit", root, engine.required(), Optional.empty(), requireDirectories(), List.of());
    }

    private List<Path> requireDirectories() {
        for (Path directory : against) {
            if (!Files.isDirectory(directory)) {
                throw new UsageException("--against " + directory
                        + ": is no directory, expected <case-id>/<array>.npy in it, or a fixture directory");
            }
        }
        return against;
    }
}
