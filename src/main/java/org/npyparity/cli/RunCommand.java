package org.npyparity.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.EngineRun;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.fixture.FixtureException;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.report.Numbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Writes what an engine computes. */
@Command(
        name = "run",
        description = {
            "Write what an engine computes from each case's inputs alone: OUT/<case-id>/<array>.npy.",
            "A case appears whole or not at all. OUT is new, empty, or from an earlier run of the same engine."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity run fixtures/golden --engine ejml --out out",
            "  npyparity run --engine vector --out out --case '*-document-*'",
        })
final class RunCommand implements Callable<Integer> {
    /** Tells a later run that OUT is its own. A dot file, so that a check does not take it for a case. */
    private static final String MARKER = ".npyparity-run";

    private static final String SUFFIX = ".npy";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            required = true,
            description = "The engine; `npyparity --version` lists them.")
    @SuppressWarnings("NullAway.Init")
    private String engine;

    @Option(names = "--out", paramLabel = "OUT", required = true, description = "Where the arrays go.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = root.terminal();
        AuditRequest request = selection.request(terminal, EngineOption.require(engine, false), null, Optional.empty());
        List<String> unusable = new ArrayList<>();
        Map<String, Path> cases = FixtureDirectory.find(request.directories(), unusable::add);
        int found = cases.size();
        cases.keySet().removeIf(request.includes().negate());
        unusable.forEach(this::complain);
        if (cases.isEmpty()) {
            throw new UsageException("no case to run: " + found + " found, none matches " + request.cases()
                    + " in shard " + request.shard() + "; nothing is written to " + out);
        }
        claim();
        int refused = unusable.size();
        int written = 0;
        try (ProgressLine progress = new ProgressLine("run", terminal, root.verbose())) {
            int done = 0;
            for (Path path : cases.values()) {
                progress.update(done++, cases.size());
                try {
                    Case subject = CaseReader.read(path);
                    write(subject, EngineRun.compute(subject, engine));
                    written++;
                } catch (FixtureException e) {
                    refused++;
                    complain(e.getMessage() + "");
                    if (root.verbose()) {
                        e.printStackTrace(terminal.err());
                    }
                }
            }
        }
        terminal.out()
                .println(Numbers.counted(written, "case") + " written to " + out
                        + (refused == 0 ? "" : ", " + Numbers.count(refused) + " refused"));
        return refused > 0 || written == 0 ? Main.BAD : Main.PARITY;
    }

    private void complain(String sentence) {
        root.terminal().err().println("npyparity run: " + sentence);
    }

    /** Makes OUT ours, or refuses it. */
    private void claim() throws IOException {
        Path marker = out.resolve(MARKER);
        if (Files.exists(marker)) {
            String owner = Files.readString(marker).strip();
            if (!owner.equals(engine)) {
                throw new UsageException("--out " + out + ": holds the arrays of engine " + owner
                        + ", expected a directory of its own for " + engine);
            }
            return;
        }
        if (Files.exists(out)) {
            if (!Files.isDirectory(out)) {
                throw new UsageException("--out " + out + ": is a file, expected a directory");
            }
            try (Stream<Path> entries = Files.list(out)) {
                Optional<Path> foreign = entries.findFirst();
                if (foreign.isPresent()) {
                    throw new UsageException(
                            "--out " + out + ": holds " + foreign.get().getFileName()
                                    + ", which npyparity run did not write; expected a new or empty directory");
                }
            }
        }
        try {
            Files.createDirectories(out);
            Files.writeString(marker, engine + "\n");
        } catch (IOException e) {
            throw new UsageException("--out " + out + ": cannot be written (" + Faults.sentence(e) + ")", e);
        }
    }

    /** Writes all arrays beside the case's place, and moves them there together. */
    private void write(Case subject, Map<String, NdArray> arrays) throws IOException {
        Path target = out.resolve(subject.id());
        if (Files.exists(target)) {
            try (Stream<Path> entries = Files.list(target)) {
                Optional<String> foreign = entries.map(p -> p.getFileName() + "")
                        .filter(f -> !f.endsWith(SUFFIX)
                                || !arrays.containsKey(f.substring(0, f.length() - SUFFIX.length())))
                        .findFirst();
                if (foreign.isPresent()) {
                    throw new FixtureException(
                            target.resolve(foreign.get()),
                            "npyparity run did not write it: expected only " + String.join(", ", arrays.keySet())
                                    + "; move it away");
                }
            }
        }
        Path fresh = out.resolve("." + subject.id() + "." + UUID.randomUUID());
        Path old = out.resolve("." + subject.id() + "." + UUID.randomUUID());
        try {
            Files.createDirectory(fresh);
            for (Map.Entry<String, NdArray> array : arrays.entrySet()) {
                Npy.write(fresh.resolve(array.getKey() + SUFFIX), toNpy(array.getValue()));
            }
            if (Files.exists(target)) {
                Files.move(target, old);
            }
            Files.move(fresh, target);
        } finally {
            for (Path left : List.of(fresh, old)) {
                if (Files.exists(left)) {
                    PathUtils.deleteDirectory(left);
                }
            }
        }
    }

    private static NpyArray toNpy(NdArray array) {
        return array.dtype() == DType.FLOAT64
                ? NpyArray.of(array.doubles(), array.shape())
                : NpyArray.of(array.floats(), array.shape());
    }
}
