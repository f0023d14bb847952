package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.fixture.GoldenCopy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.report.Report;
import org.npyparity.report.Reports;

/**
 * Bad input: exit code 2 and a sentence that names the file, the case, the field and what was expected; and every other
 * case is judged and reported all the same.
 */
class BadInputTest {
    private static final String GOOD = "conv2d-exact-float64-b2-h1w1c3-d4-k1";
    private static final String BAD = "conv2d-chained-float64";

    @TempDir
    private Path fixtures;

    @TempDir
    private Path elsewhere;

    private Path bad;
    private String id;

    @BeforeEach
    void copyOneCaseToLeaveAndOneToDamage() {
        GoldenCopy.of(GOOD, fixtures);
        bad = GoldenCopy.of(BAD, fixtures);
        id = bad.getFileName().toString();
    }

    private Shell audit(Object... more) {
        Object[] words = new Object[more.length + 5];
        System.arraycopy(new Object[] {"audit", fixtures, "--engine", "ejml", "--report=" + report()}, 0, words, 0, 5);
        System.arraycopy(more, 0, words, 5, more.length);
        return Shell.run(words);
    }

    private Path report() {
        return elsewhere.resolve("report");
    }

    /** The damaged case is refused by a sentence, the other is judged, and both are in the report. */
    private void assertRefused(String... parts) {
        Shell shell = audit().exits(Main.BAD);
        Report report = Reports.read(report().resolve(Reports.JSON));
        String refused = String.join("\n", report.ledger().refused());
        assertTrue(report.ledger().refused().size() == 1, refused);
        for (String part : parts) {
            assertTrue(refused.contains(part), () -> "expected '" + part + "' in: " + refused);
            shell.says(part);
        }
        assertTrue(report.ledger().judged() == 1, shell::toString);
        assertTrue(report.cases().stream().anyMatch(c -> c.id().startsWith(GOOD)), shell::toString);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts another array in place of one, checksum and all. */
    private void replace(String file, NpyArray array) throws IOException {
        Path path = bad.resolve(file);
        String before = sha256(path);
        Npy.write(path, array);
        GoldenCopy.edit(bad, before, sha256(path));
    }

    @Test
    void anEmptyFixtureDirectoryIsRefusedAndTheOtherOneJudged() throws IOException {
        Path empty = Files.createDirectory(elsewhere.resolve("empty"));
        audit(empty).exits(Main.BAD).says(empty + ": holds no case: expected subdirectories with a case.json", "2 cases");
    }

    @Test
    void aMissingFixtureDirectoryIsRefusedAndTheOtherOneJudged() {
        Path missing = elsewhere.resolve("missing");
        audit(missing).exits(Main.BAD).says(missing + ": is not a directory: expected fixtures", "2 cases");
    }

    @Test
    void anUnreadableFixtureDirectoryIsRefusedAndTheOtherOneJudged() throws IOException {
        Path locked = Files.createDirectory(elsewhere.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(locked), "root reads everything");
        audit(locked).exits(Main.BAD).says(locked + ": cannot be listed", "2 cases");
    }

    @Test
    void anUnreadableArrayIsRefused() throws IOException {
        Path array = bad.resolve("inputs/bias.npy");
        Files.setPosixFilePermissions(array, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(array), "root reads everything");
        assertRefused(array.toString(), "array bias of case " + id + " cannot be read");
    }

    @Test
    void aNewerFormatVersionIsRefused() {
        GoldenCopy.edit(bad, "\"format\": \"1.0\"", "\"format\": \"2.0\"");
        assertRefused("case.json: format is 2.0: this npyparity reads 1.x; a newer npyparity is needed");
    }

    @Test
    void aFileOutsideTheCaseByItsPathIsRefused() {
        GoldenCopy.edit(bad, "inputs/bias.npy", "inputs/../../bias.npy");
        assertRefused(id, "bias", "file");
    }

    @Test
    void aFileOutsideTheCaseByALinkIsRefused() throws IOException {
        Path array = bad.resolve("inputs/bias.npy");
        Path outside = elsewhere.resolve("bias.npy");
        Files.move(array, outside);
        Files.createSymbolicLink(array, outside);
        assertRefused(array.toString(), "array bias of case " + id + " lies outside the case's directory, at ");
    }

    @Test
    void aWrongChecksumIsRefused() {
        GoldenCopy.edit(bad, "\"sha256\": \"", "\"sha256\": \"00000000");
        assertRefused(id, "sha256");
    }

    @Test
    void aTruncatedArrayIsRefused() throws IOException {
        Path array = bad.resolve("expected/dweights.npy");
        byte[] whole = Files.readAllBytes(array);
        Files.write(array, java.util.Arrays.copyOf(whole, whole.length - 5));
        assertRefused(array.toString(), "array dweights of case " + id, "bytes");
    }

    @Test
    void anUndeclaredNanIsRefused() throws IOException {
        double[] values = Npy.read(bad.resolve("inputs/bias.npy")).doubles();
        values[2] = Double.NaN;
        replace("inputs/bias.npy", NpyArray.of(values, 1, values.length));
        assertRefused("array bias of case " + id + " holds NaN at (0, 2): case.json does not declare it nonfinite");
    }

    @Test
    void anUnknownOperationIsRefused() {
        GoldenCopy.edit(bad, "\"operation\": \"conv2d\"", "\"operation\": \"conv3d\"");
        assertRefused(id, "the hash of", "operation");
    }

    @Test
    void aWrongShapeIsRefused() {
        GoldenCopy.edit(bad, "\"batch\": 2", "\"batch\": 3");
        assertRefused(id, "the hash of", "parameters");
    }

    @Test
    void anArrayOfAnotherShapeIsRefused() throws IOException {
        double[] values = Npy.read(bad.resolve("inputs/bias.npy")).doubles();
        replace("inputs/bias.npy", NpyArray.of(values, values.length));
        assertRefused("array bias of case " + id + ": shape is (6,), case.json says (1, 6)");
    }

    @Test
    void anIdThatComesTwiceIsRefusedAndJudgedOnce() {
        GoldenCopy.of(BAD, elsewhere);
        audit(elsewhere.resolve(id)).exits(Main.BAD).says("case " + id + " is also in " + bad, "2 cases");
    }

    @Test
    void whatIsNotJsonIsRefused() throws IOException {
        Files.writeString(bad.resolve("case.json"), "{\"format\": oops}", StandardCharsets.UTF_8);
        assertRefused(id + "/case.json: is not JSON: ", "at line 1");
    }

    @Test
    void anOrphanFileIsRefused() throws IOException {
        Files.writeString(bad.resolve("inputs/notes.txt"), "?");
        assertRefused(id + ": holds files that case.json does not name: inputs/notes.txt");
    }

    @Test
    void anEditedFieldIsRefused() {
        GoldenCopy.edit(bad, "\"policy\": \"certified\"", "\"policy\": \"allclose\"");
        assertRefused(id, "a field was edited by hand, regenerate the case");
    }

    @Test
    void aPolicyThatIsNoneIsAUsageError() {
        audit("--policy", "close-enough").exits(Main.BAD).says("policy is close-enough: expected exact,");
        assertFalse(Files.exists(report()), "nothing was to be judged");
    }

    @Test
    void aReportDirectoryThatCannotBeWrittenIsRefusedBeforeTheWorkIsDone() throws IOException {
        Path file = Files.writeString(elsewhere.resolve("file"), "");
        Shell.run("audit", fixtures, "--report", file.resolve("report"))
                .exits(Main.BAD)
                .says("--report " + file.resolve("report") + ": cannot be written", "expected a directory for the reports");
    }

    @Test
    void anUnknownEngineIsAUsageErrorThatListsThem() {
        Shell.run("audit", fixtures, "--engine", "blas", "--report", report())
                .exits(Main.BAD)
                .says("--engine blas: no engine is called so, expected one of all, ejml, vector");
    }

    @Test
    void aGlobThatMatchesNothingIsAUsageErrorThatListsTheCases() {
        audit("--case", "conv3d-*").exits(Main.BAD).says("--case conv3d-* matches none of the 2 cases", id);
    }

    @Test
    void aShardThatIsNoneIsAUsageError() {
        audit("--shard", "3/2").exits(Main.BAD).says("shard is 3/2: expected I/N with I from 1 to N");
        audit("--shard", "half").exits(Main.BAD).says("shard is half: expected I/N");
    }

    @Test
    void anUnknownOptionAndAMissingOneAreUsageErrors() {
        audit("--engines", "ejml").exits(Main.BAD).says("--engines", "--help` shows what it takes");
        Shell.run("check", fixtures).exits(Main.BAD).says("--actual");
        Shell.run("frobnicate").exits(Main.BAD).says("frobnicate");
        Shell.run().exits(Main.BAD).says("expected one of audit, run, check");
    }

    @Test
    void aReportThatIsNoneCannotBeMerged() throws IOException {
        Path file = Files.writeString(elsewhere.resolve("report.json"), "[]");
        Shell.run("report", file, "--report", report()).exits(Main.BAD).says(file);
        Shell.run("report", elsewhere.resolve("none.json"), "--report", report())
                .exits(Main.BAD)
                .says("none.json");
    }

    @Test
    void aDiffOfWhatIsNoArrayIsRefused() throws IOException {
        Path text = Files.writeString(elsewhere.resolve("a.npy"), "not an array");
        Path array = bad.resolve("inputs/bias.npy");
        Shell.run("diff", text, array).exits(Main.BAD).says(text, "expected");
        Shell.run("diff", elsewhere.resolve("none.npy"), array)
                .exits(Main.BAD)
                .says(elsewhere.resolve("none.npy") + ": does not exist");
        Shell.run("diff", array, array, "--ulp", "-1").exits(Main.BAD).says("ulp is -1: expected");
        Shell.run("diff", array, array, "--rtol", "-1").exits(Main.BAD).says("rtol is -1.0");
        Shell.run("diff", array, array, "--rtol", "1", "--ulp", "1").exits(Main.BAD).says("one kind of tolerance");
        Shell.run("inspect", text).exits(Main.BAD).says(text, "expected");
    }

    @Test
    void withVerboseTheStackTraceIsShown() {
        Path missing = elsewhere.resolve("missing.npy");
        java.io.StringWriter err = new java.io.StringWriter();
        Terminal terminal = new Terminal(
                new java.io.PrintWriter(java.io.Writer.nullWriter()),
                new java.io.PrintWriter(err),
                false,
                false,
                java.util.Optional.empty());
        Main.run(terminal, "diff", "--verbose", missing.toString(), missing.toString());
        assertTrue(err.toString().contains("\tat "), err::toString);
    }
}
