package org.npyparity.python;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;

/** Real kills, at random moments: no case is lost that was in place, and none is there in part. */
@Tag("slow")
class KilledEmissionTest {
    private static final int KILLS = 5;
    private static final int LONGEST_MILLISECONDS = 60;

    @TempDir
    private Path out;

    /** Reads all that is visible, checksums included. */
    private Set<String> whole() {
        return FixtureDirectory.caseDirectories(out).stream()
                .peek(p -> CaseArrays.loadAll(CaseReader.read(p)))
                .map(p -> p.getFileName() + "")
                .collect(Collectors.toSet());
    }

    private long scratches() throws IOException {
        try (Stream<Path> entries = Files.list(out)) {
            return entries.filter(p -> (p.getFileName() + "").startsWith(".")).count();
        }
    }

    @Test
    void aKilledJavaLeavesWholeCasesAndItsPythonEndsAndTheNextEmissionTidiesUp() throws Exception {
        Random random = new Random(6);
        Set<String> inPlace = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            Process java = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            EmissionLoop.class.getName(),
                            out.toString(),
                            "" + kill * 1_000_000)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader lines = java.inputReader(StandardCharsets.UTF_8)) {
                ProcessHandle python =
                        ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
                inPlace.add(lines.readLine());
                Thread.sleep(random.nextInt(LONGEST_MILLISECONDS));
                java.toHandle().destroyForcibly(); // not the process itself: that would close its output
                java.waitFor();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    inPlace.add(line);
                }
                python.onExit().get(30, TimeUnit.SECONDS);
            }
            // The last line may have been cut by the kill.
            Set<String> found = whole();
            inPlace.removeIf(
                    id -> found.stream().noneMatch(id::equals) && found.stream().anyMatch(f -> f.startsWith(id)));
            assertTrue(found.containsAll(inPlace), () -> "lost " + inPlace + " of " + found);
        }
        try (NumpyWorker numpy = LocalNumpy.start(Path.of(""), Optional.empty())) {
            numpy.emit(EmissionLoop.list(42_000_000), out);
        }
        assertTrue(whole().containsAll(inPlace));
        assertTrue(scratches() == 0, "a scratch directory is left");
    }

    @Test
    void aKilledPythonIsAnErrorAndLeavesWholeCases() throws Exception {
        Random random = new Random(7);
        Set<String> inPlace = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            int start = kill * 1_000_000;
            try (NumpyWorker numpy = LocalNumpy.start(Path.of(""), Optional.empty())) {
                List<Path> first = numpy.emit(EmissionLoop.list(start), out);
                first.forEach(p -> inPlace.add(p.getFileName() + ""));
                long pid = numpy.greeting().pid();
                Thread killer = new Thread(() -> {
                    try {
                        Thread.sleep(random.nextInt(LONGEST_MILLISECONDS));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                });
                killer.start();
                NumpyException e = assertThrows(NumpyException.class, () -> {
                    for (int i = start + 1; ; i++) {
                        numpy.emit(EmissionLoop.list(i), out).forEach(p -> inPlace.add(p.getFileName() + ""));
                    }
                });
                killer.join();
                assertTrue(e.getMessage().contains("has ended with signal 9"), e.getMessage());
            }
            assertTrue(whole().containsAll(inPlace));
            assertFalse(scratches() > 0, "a scratch directory is left");
        }
    }
}
