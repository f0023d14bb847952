package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.CaseReader;

class MatrixTest {
    private static final Path GOLDEN = Path.of("fixtures/golden");
    private static final String ID = "conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1-a236c7fc";

    private static AuditRequest request() {
        return new AuditRequest(List.of(GOLDEN), "all", ID, Optional.empty(), Shard.WHOLE);
    }

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

    @Test
    void everyPairIsComparedOnceAndEqualDirectoriesAreEqualToTheBit(@TempDir Path scratch) throws IOException {
        Matrix matrix = Matrix.of(request(), List.of(copyOfTheCase(scratch)), List.of("ejml"), Auditor.Progress.NONE);

        assertEquals(0, matrix.exitCode());
        assertEquals(3, matrix.pairs().size());
        Matrix.Pair same = matrix.pairs().get(0);
        assertEquals(List.of(9L, same.elements(), 0.0), List.of(same.arrays(), same.equal(), same.worstFraction()));
        assertTrue(same.elements() > 1000);
        Matrix.Pair engine = matrix.pairs().get(1);
        assertTrue(engine.worstFraction() > 0 && engine.worstFraction() < 1 && engine.equal() < engine.elements());
    }

    @Test
    void aPairThatDoesNotAgreeIsNamedWithItsWorstArray(@TempDir Path scratch) throws IOException {
        edit(copyOfTheCase(scratch), "expected", "dweights");

        Matrix matrix = Matrix.of(request(), List.of(scratch), List.of(), Auditor.Progress.NONE);

        assertEquals(1, matrix.exitCode());
        Matrix.Pair pair = matrix.pairs().get(0);
        assertEquals(Verdict.MISMATCH, pair.verdict());
        assertEquals(1, pair.failing());
        assertEquals(ID + ", dweights", pair.worst());
    }

    @Test
    void aDirectoryMadeFromOtherInputsIsRefusedByMatrixAndByCheck(@TempDir Path scratch) throws IOException {
        edit(copyOfTheCase(scratch), "inputs", "weights");

        Matrix matrix = Matrix.of(request(), List.of(scratch), List.of(), Auditor.Progress.NONE);
        AuditResult check = Auditor.audit(
                new AuditRequest(List.of(GOLDEN), "theirs", ID, Optional.empty(), Shard.WHOLE, Optional.of(scratch)),
                Auditor.Progress.NONE);

        assertEquals(2, matrix.exitCode());
        assertEquals(2, check.exitCode());
        assertTrue(
                check.ledger().refused().get(0).contains("arrays of other inputs cannot be compared"),
                () -> "" + check.ledger().refused());
    }

    @Test
    void checkTakesTheExpectedArraysOfAnotherFixtureDirectory(@TempDir Path scratch) throws IOException {
        AuditRequest request = new AuditRequest(
                List.of(GOLDEN), "theirs", ID, Optional.empty(), Shard.WHOLE, Optional.of(copyOfTheCase(scratch)));

        assertEquals(0, Auditor.audit(request, Auditor.Progress.NONE).exitCode());
        edit(scratch, "expected", "dbias");
        assertEquals(1, Auditor.audit(request, Auditor.Progress.NONE).exitCode());
    }
}
