package org.npyparity.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.array.DType;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;

/** Needs the project's Python (`make fixtures`), and so is left out of a plain `mvn test`. */
@Tag("slow")
class LocalNumpyTest {
    private static final Path HOME = Path.of("");

    @TempDir
    private Path directory;

    static CaseSpec spec(String operation, String family, Optional<String> variant, DType dtype, int... sizes) {
        String[] names = {"batch", "in_height", "in_width", "in_depth", "out_depth", "filter_size", "stride", "padding"
        };
        Map<String, Integer> parameters = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            parameters.put(names[i], sizes[i]);
        }
        return new CaseSpec(
                operation,
                family,
                variant,
                dtype,
                parameters,
                sizes.length > names.length ? sizes[names.length] : 4711);
    }

    private static final List<CaseSpec> CASES = List.of(
            spec("conv2d", "exact", Optional.empty(), DType.FLOAT64, 2, 4, 5, 3, 1, 3, 2, 1),
            spec("conv2d", "special", Optional.of("nan"), DType.FLOAT32, 1, 3, 4, 2, 5, 2, 1, 0),
            spec("conv2d_backward", "document", Optional.empty(), DType.FLOAT64, 2, 3, 7, 1, 4, 2, 3, 1));

    @Test
    void casesComeBackInTheOrderAskedForAndAsTheyWereAskedFor() {
        try (NumpyWorker numpy = LocalNumpy.start(HOME, Optional.empty())) {
            List<Path> emitted = numpy.emit(CASES, directory);

            assertEquals(
                    CASES,
                    emitted.stream().map(p -> CaseSpec.of(CaseReader.read(p))).toList());
            AuditResult audit = Auditor.audit(AuditRequest.of(directory), Auditor.Progress.NONE);
            assertEquals(0, audit.exitCode(), () -> "" + audit.ledger());
            assertEquals(CASES.size(), audit.ledger().judged());
        }
    }

    @Test
    void aWorkerAnswersOneListAfterTheOtherAndLeavesWhatIsThereAlone() throws IOException {
        try (NumpyWorker numpy = LocalNumpy.start(HOME, Optional.empty())) {
            Path first = numpy.emit(CASES.subList(0, 2), directory).get(0).resolve("provenance.json");
            Files.writeString(first, "{}");

            numpy.emit(CASES, directory);

            assertEquals(3, FixtureDirectory.caseDirectories(directory).size());
            assertEquals("{}", Files.readString(first));
        }
    }

    @Test
    void aRefusedCaseRefusesTheListByItsIndexAndFieldAndTheWorkerGoesOn() throws IOException {
        CaseSpec wrong = spec("conv2d", "exact", Optional.empty(), DType.FLOAT64, 2, 4, 5, 3, 1, 3, 0, 1);
        try (NumpyWorker numpy = LocalNumpy.start(HOME, Optional.empty())) {
            NumpyException e =
                    assertThrows(NumpyException.class, () -> numpy.emit(List.of(CASES.get(0), wrong), directory));

            assertEquals(
                    "the worker refuses: case 1: stride is 0: expected an integer from 1 to 2147483647",
                    e.getMessage());
            try (var entries = Files.list(directory)) {
                assertEquals(0, entries.count());
            }
            assertEquals(3, numpy.emit(CASES, directory).size());
        }
    }

    @Test
    void anInterpreterThatIsNotThereIsNamed() {
        NumpyException e =
                assertThrows(NumpyException.class, () -> LocalNumpy.start(HOME, Optional.of("no-such-python")));

        assertTrue(e.getMessage().startsWith("no Python runs as 'no-such-python'"), e.getMessage());
    }

    /** An interpreter that finds our own sources, and a NumPy that we made up. */
    private String pythonWithNumpy(String content) throws IOException {
        Path stub = Files.createDirectories(directory.resolve("stub/numpy"));
        Files.writeString(stub.resolve("__init__.py"), content);
        return script("PYTHONPATH=" + stub.getParent() + ":$PYTHONPATH exec "
                + Path.of("python/.venv/bin/python").toAbsolutePath() + " \"$@\"");
    }

    private String script(String line) throws IOException {
        Path python = directory.resolve("python");
        Files.writeString(python, "#!/bin/sh\n" + line + "\n");
        assertTrue(python.toFile().setExecutable(true));
        return python.toString();
    }

    @Test
    void aNumpyThatIsTooOldIsRefusedByASentence() throws IOException {
        String python = pythonWithNumpy("__version__ = '1.20.3'\n");
        NumpyException e = assertThrows(NumpyException.class, () -> LocalNumpy.start(HOME, Optional.of(python)));

        assertEquals(
                "Python ('" + python + "') has ended with exit code 2:"
                        + " npyparity: NumPy is 1.20.3: expected 1.24 or newer",
                e.getMessage());
    }

    @Test
    void aMissingNumpyIsRefusedByASentence() throws IOException {
        String python = pythonWithNumpy("raise ImportError('nothing here')\n");
        NumpyException e = assertThrows(NumpyException.class, () -> LocalNumpy.start(HOME, Optional.of(python)));

        assertTrue(
                e.getMessage().contains("cannot import NumPy (nothing here): expected NumPy 1.24 or newer"),
                e.getMessage());
    }

    @Test
    void aWorkerThatWasKilledIsAnErrorWithItsLastWordsAndLeavesNoCase() {
        try (NumpyWorker numpy = LocalNumpy.start(HOME, Optional.empty())) {
            numpy.emit(CASES.subList(0, 1), directory);
            assertTrue(ProcessHandle.of(numpy.greeting().pid()).orElseThrow().destroyForcibly());

            NumpyException e = assertThrows(NumpyException.class, () -> numpy.emit(CASES, directory));

            assertTrue(e.getMessage().endsWith("has ended with signal 9, without a word"), e.getMessage());
            assertEquals(1, FixtureDirectory.caseDirectories(directory).size());
        }
    }

    @Test
    void whoIsInterruptedWhileAWorkerEndsIsToldWhatIsKnown() throws IOException {
        String python = script("exec >&-; exec sleep 60");
        Thread.currentThread().interrupt();
        NumpyException e = assertThrows(NumpyException.class, () -> LocalNumpy.start(HOME, Optional.of(python)));

        assertTrue(Thread.interrupted());
        assertEquals("Python ('" + python + "') has closed its output but not ended", e.getMessage());
    }

    @Test
    void aClosedWorkerEnds() {
        NumpyWorker numpy = LocalNumpy.start(HOME, Optional.empty());
        ProcessHandle process = ProcessHandle.of(numpy.greeting().pid()).orElseThrow();
        numpy.close();

        assertFalse(process.isAlive());
    }
}
