package org.npyparity.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.npyparity.fuzz.Judge.Emitted;
import org.npyparity.python.CaseSpec;
import org.npyparity.python.NumpyWorker;
import org.npyparity.python.NumpyWorker.Emission;

/** Emits one round after the other, each into a scratch directory of its own. */
final class LiveRounds implements AutoCloseable {
    /**
     * A round.
     *
     * @param directory of the cases
     * @param cases those that were emitted
     * @param unfit how many were not, because no draw of their numbers is fit
     */
    record Round(Path directory, List<Emitted> cases, int unfit) implements AutoCloseable {
        @Override
        public void close() {
            delete(directory);
        }
    }

    /** Linux's file system in memory: a round is some fifteen small files for each case, half of the time on a disk. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private final NumpyWorker numpy;
    private final Path scratch;
    private final Thread onExit;

    LiveRounds(NumpyWorker numpy) {
        this.numpy = numpy;
        try {
            scratch = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "npyparity-fuzz-")
                    : Files.createTempDirectory("npyparity-fuzz-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        onExit = new Thread(() -> delete(scratch));
        Runtime.getRuntime().addShutdownHook(onExit); // for whoever presses Ctrl-C
    }

    Round emit(List<CaseSpec> specs) {
        try {
            Path directory = Files.createTempDirectory(scratch, "round-");
            Emission emission = numpy.emit(specs, directory, true);
            List<Emitted> cases = new ArrayList<>();
            for (int i = 0; i < specs.size(); i++) {
                if (!emission.unfit().containsKey(i)) {
                    cases.add(new Emitted(specs.get(i), emission.cases().get(cases.size())));
                }
            }
            return new Round(directory, cases, emission.unfit().size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(scratch);
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // on the way out already
        }
    }

    private static void delete(Path directory) {
        try {
            PathUtils.deleteDirectory(directory);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
