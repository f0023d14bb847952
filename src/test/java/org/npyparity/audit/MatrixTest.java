package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.GoldenCopy;

class MatrixTest {
    private static final Path GOLDEN = Path.of("fixtures/golden");
    private static final String ID = "conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1-a236c7fc";

    private static Path copyOfTheCase(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN.resolve(ID))) {
            for (Path file : files.toList()) {
                Files.createDirectories(directory.resolve(ID));
                Path target = directory.resolve(GOLDEN.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return directory;
    }

    /** Changes the last byte but one of an array (a mantissa bit of its last element) and its checksum with it. */
    private static void edit(Path directory, String part, String array) throws IOException {
        Path file = directory.resolve(ID).resolve(part).resolve(array + ".npy");
        byte[] bytes = Files.readAllBytes(file);
        String before = sha256(bytes);
        bytes[bytes.length - 2] ^= 4;
        Files.write(file, bytes);
        Path json = directory.resolve(ID).resolve(CaseReader.CASE_FILE);
        Files.writeString(json, Files.readString(json).replace(before, sha256(bytes)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AuditRequest request(String engine, Path... others) {
        return AuditRequest.of(GOLDEN).withEngine(engine).withCases(ID).withAgainst(List.of(others));
    }

    private static AuditResult audit(String engine, Path... others) {
        return Auditor.audit(request(engine, others), Auditor.Progress.NONE);
    }

    @Test
    void everyPairIsComparedOnceAndEqualDirectoriesAreEqualToTheBit(@TempDir Path scratch) throws IOException {
        AuditResult result = audit("ejml", copyOfTheCase(scratch));
        Matrix matrix = result.matrix().orElseThrow();

        assertEquals(0, result.exitCode(), () -> "" + result.ledger());
        assertEquals(3, matrix.parties().size());
        assertTrue(matrix.parties().get(1).source().startsWith("NumPy "), () -> "" + matrix.parties());
        assertEquals(3, matrix.pairs().size());
        Matrix.Pair same = matrix.pairs().get(0);
        assertEquals(List.of(9L, same.elements(), 0.0), List.of(same.arrays(), same.equal(), same.worstFraction()));
        assertTrue(same.elements() > 1000);
        Matrix.Pair engine = matrix.pairs().get(1);
        assertTrue(engine.worstFraction() > 0 && engine.worstFraction() < 1 && engine.equal() < engine.elements());
    }

    @Test
    void aPairThatDoesNotAgreeFailsTheAuditAndIsNamedWithItsWorstArray(@TempDir Path scratch) throws IOException {
        edit(copyOfTheCase(scratch), "expected", "dweights");

        List<CaseAudit> audits = new ArrayList<>();
        AuditResult result = Auditor.audit(request("ejml", scratch), Auditor.Progress.NONE, audits::addAll);

        assertEquals(1, result.exitCode());
        assertEquals(Verdict.MISMATCH, result.verdict());
        assertEquals(
                List.of(Verdict.PARITY),
                audits.stream().map(CaseAudit::verdict).toList(),
                "the engine is none the worse");
        Matrix matrix = result.matrix().orElseThrow();
        Matrix.Pair pair = matrix.pairs().get(0);
        assertEquals(Verdict.MISMATCH, pair.verdict());
        assertEquals(1, pair.failing());
        assertEquals(ID + ", dweights", pair.worst());
        assertTrue(matrix.pairs().get(1).verdict().passes(), "the fixtures and the engine");
    }

    @Test
    void aSumOfPairsDoesNotDependOnTheOrderOfCases() {
        Matrix.Pair a = new Matrix.Pair(0, 1, Verdict.PARITY, 1, 9, 0, 100, 90, 0.5, "b, dbias");
        Matrix.Pair b = new Matrix.Pair(0, 1, Verdict.PARITY, 1, 9, 0, 10, 10, 0.5, "a, dbias");
        Matrix.Pair c = new Matrix.Pair(0, 1, Verdict.UNDECIDABLE, 1, 9, 1, 7, 7, 0, "c, dbias");
        List<Matrix.Pair> sum = List.of(new Matrix.Pair(0, 1, Verdict.PARITY, 2, 18, 0, 110, 100, 0.5, "a, dbias"));

        assertEquals(sum, Matrix.sum(List.of(a, b)));
        assertEquals(sum, Matrix.sum(List.of(b, a)));
        assertEquals("c, dbias", Matrix.sum(List.of(a, c, b)).get(0).worst(), "the worst verdict before all fractions");
    }

    @Test
    void whatALeftOutArrayWouldHaveShownIsAGap(@TempDir Path scratch) throws IOException {
        Files.delete(copyOfTheCase(scratch).resolve(ID).resolve("expected/dbias.npy"));

        AuditResult result = audit("ejml", scratch);

        assertTrue(result.exitCode() != 0);
        assertTrue(
                (result.ledger().gaps() + "" + result.ledger().refused()).contains("dbias"),
                () -> "" + result.ledger());
        assertEquals(
                List.of(2),
                result.matrix().orElseThrow().pairs().stream()
                        .map(Matrix.Pair::second)
                        .toList());
    }

    @Test
    void aDirectoryMadeFromOtherInputsIsRefusedByAuditAndByCheck(@TempDir Path scratch) throws IOException {
        edit(copyOfTheCase(scratch), "inputs", "weights");

        AuditResult against = audit("ejml", scratch);
        AuditResult check = Auditor.audit(
                AuditRequest.of(GOLDEN).withCases(ID).withActual("theirs", scratch), Auditor.Progress.NONE);

        for (AuditResult result : List.of(against, check)) {
            assertEquals(2, result.exitCode());
            assertTrue(
                    result.ledger().refused().get(0).contains("arrays of other inputs cannot be compared"),
                    () -> "" + result.ledger().refused());
        }
    }

    @Test
    void checkTakesTheExpectedArraysOfAnotherFixtureDirectory(@TempDir Path scratch) throws IOException {
        AuditRequest request = AuditRequest.of(GOLDEN).withCases(ID).withActual("theirs", copyOfTheCase(scratch));

        assertEquals(0, Auditor.audit(request, Auditor.Progress.NONE).exitCode());
        edit(scratch, "expected", "dbias");
        assertEquals(1, Auditor.audit(request, Auditor.Progress.NONE).exitCode());
    }

    @Test
    void aDirectoryWhoseInputsAreNoLongerWhatItWasMadeFromIsRefused(@TempDir Path scratch) throws IOException {
        Path input = copyOfTheCase(scratch).resolve(ID).resolve("inputs/weights.npy");
        byte[] bytes = Files.readAllBytes(input);
        bytes[bytes.length - 2] ^= 4; // and case.json has the checksum of before
        Files.write(input, bytes);

        AuditResult against = audit("ejml", scratch);
        AuditResult check = Auditor.audit(
                AuditRequest.of(GOLDEN).withCases(ID).withActual("theirs", scratch), Auditor.Progress.NONE);

        for (AuditResult result : List.of(against, check)) {
            assertEquals(2, result.exitCode());
            String refused = result.ledger().refused() + "";
            assertTrue(refused.contains("array weights of case " + ID + ": sha256 is"), refused);
        }
        assertEquals(0, check.ledger().arraysJudged(), "none of its arrays is believed");
    }

    @Test
    void oneFileTooManyAndOneMissingAreGapsAndTheOtherArraysAreComparedAllTheSame(@TempDir Path scratch)
            throws IOException {
        Path theirs = Files.createDirectory(scratch.resolve(ID));
        for (Path array : GoldenCopy.arrays(GOLDEN.resolve(ID).resolve("expected"))) {
            Files.copy(array, theirs.resolve(array.getFileName()));
        }
        Files.delete(theirs.resolve("dfilter_data.npy"));
        Files.createFile(theirs.resolve("notes.txt"));

        AuditResult result = audit("ejml", scratch);

        assertEquals(1, result.exitCode());
        String gaps = result.ledger().gaps() + "";
        assertTrue(gaps.contains("array dfilter_data is missing"), gaps);
        assertTrue(gaps.contains("notes.txt is no array of this case"), gaps);
        assertEquals(2, result.ledger().gaps().size(), gaps);
        assertEquals(
                List.of(8L, 9L, 8L),
                result.matrix().orElseThrow().pairs().stream()
                        .map(Matrix.Pair::arrays)
                        .toList());
        assertEquals(Verdict.PARITY, result.verdict());
    }
}
