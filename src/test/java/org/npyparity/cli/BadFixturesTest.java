package org.npyparity.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.npyparity.fixture.FixtureException;
import org.npyparity.fixture.GoldenCopy;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;

/** Bad fixtures: exit code 2 and a sentence on standard error; the case beside the bad one is judged all the same. */
class BadFixturesTest {
    @TempDir
    private Path scratch;

    private Path fixtures;
    private Path bad;
    private String good = "";

    @BeforeEach
    void copy() throws IOException {
        fixtures = Files.createDirectory(scratch.resolve("fixtures"));
        bad = GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4", fixtures);
        good = GoldenCopy.of("conv2d-chained-float64", fixtures).getFileName() + "";
    }

    private Shell audit(Path directory) {
        return Shell.run("audit", directory, "--engine", "ejml", "--report", scratch.resolve("report"));
    }

    private void assertRefused(String... parts) throws IOException {
        Shell shell = audit(fixtures).refuses(parts).prints("BAD INPUT", "1 input was refused.");
        assertTrue(shell.err().contains(bad.getFileName() + ""), shell::toString);
        JsonNode report = new ObjectMapper()
                .readTree(scratch.resolve("report/report.json").toFile());
        assertEquals(1, report.get("ledger").get("judged").asInt(), shell::toString);
        assertEquals(good, report.get("cases").get(0).get("id").asText());
        assertEquals(
                "parity",
                report.get("cases").get(0).get("runs").get(0).get("verdict").asText());
    }

    /** Puts another array in place of one, and its checksum and flags into case.json, as a careful forger would. */
    private void forge(String field, String name, double[] values, String flag) throws IOException {
        forge(
                field,
                name,
                NpyArray.of(
                        values,
                        Npy.read(bad.resolve(field).resolve(name + ".npy")).shape()),
                flag);
    }

    private void forge(String field, String name, NpyArray forged, String flag) throws IOException {
        Path file = bad.resolve(field).resolve(name + ".npy");
        Npy.write(file, forged);
        Path json = bad.resolve("case.json");
        ObjectMapper mapper = new ObjectMapper();
        JsonNode subject = mapper.readTree(json.toFile());
        ObjectNode array = (ObjectNode) subject.get(field).get(name);
        try {
            array.put(
                    "sha256",
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        if (!flag.isEmpty()) {
            array.put(flag, true);
        }
        mapper.writeValue(json.toFile(), subject);
    }

    private double[] values(String field, String name) throws IOException {
        return Npy.read(bad.resolve(field).resolve(name + ".npy")).doubles();
    }

    @Test
    void aMissingDirectory() {
        audit(scratch.resolve("nowhere")).refuses("nowhere: is not a directory: expected fixtures");
    }

    @Test
    void anEmptyDirectory() throws IOException {
        audit(Files.createDirectory(scratch.resolve("empty"))).refuses("empty: holds no case");
    }

    @Test
    void anEmptyDirectoryBesideAGoodOne() throws IOException {
        Path empty = Files.createDirectory(scratch.resolve("empty"));
        Shell.run("audit", empty, fixtures, "--engine", "ejml", "--report", scratch.resolve("report"))
                .refuses("empty: holds no case")
                .prints("2 cases");
    }

    @Test
    void aDirectoryThatCannotBeListed() throws IOException {
        // Permissions do not stop root; a link to itself stops everybody.
        Path loop = Files.createSymbolicLink(scratch.resolve("loop"), scratch.resolve("loop"));
        audit(loop).refuses("loop: is not a directory");
    }

    @Test
    void anUnreadableCaseJson() throws IOException {
        Files.delete(bad.resolve("case.json"));
        Files.createDirectory(bad.resolve("case.json"));
        assertRefused("case.json", "cannot be read");
    }

    @Test
    void anEmptyCaseJsonAndOneThatIsCutOff() throws IOException {
        Files.writeString(bad.resolve("case.json"), "");
        assertRefused("case.json: is empty: expected");
        Files.writeString(bad.resolve("case.json"), "[1,2\n");
        assertRefused("case.json: is not JSON: Unexpected end-of-input: expected close marker for Array at line 2");
    }

    @Test
    void anUnreadableArray() throws IOException {
        Files.delete(bad.resolve("expected/dbias.npy"));
        Files.createDirectory(bad.resolve("expected/dbias.npy"));
        assertRefused("array dbias", "cannot be read");
    }

    /** Whoever opens a pipe waits until somebody writes. */
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ParameterizedTest
    @ValueSource(strings = {"case.json", "provenance.json", "expected/dbias.npy"})
    void aPipeInPlaceOfAFileIsNotWaitedFor(String file) throws IOException, InterruptedException {
        Files.delete(bad.resolve(file));
        pipe(bad.resolve(file));
        Shell.run("audit", fixtures, "--engine", "ejml", "--against", fixtures, "--report", scratch.resolve("report"))
                .refuses(file + ": is a pipe or a device: expected a file");
    }

    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @Test
    void aPipeAmongTheArraysThatAreJudgedIsNotWaitedFor() throws IOException, InterruptedException {
        Path out = scratch.resolve("out");
        Shell.run("run", fixtures, "--engine", "ejml", "--out", out).exits(Main.PARITY);
        Path file = out.resolve(bad.getFileName()).resolve("dbias.npy");
        Files.delete(file);
        pipe(file);
        Shell.run("check", fixtures, "--actual", out, "--report", scratch.resolve("report"))
                .refuses(file + ": array dbias of case ", "found a pipe or a device, expected a file");
        Shell.run("inspect", file).refuses(file + ": is a pipe or a device, expected a file that NumPy wrote");
        Shell.run("diff", file, file).refuses(file + ": is a pipe or a device, expected a file that NumPy wrote");
    }

    private static void pipe(Path file) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    }

    /** Permissions do not stop root, so no file can show it. */
    @Test
    void ofAFileThatMayNotBeReadTheReasonIsSaid() {
        assertEquals("a.npy may not be read by this user", FixtureException.reason(new AccessDeniedException("a.npy")));
        assertEquals("does not exist", FixtureException.reason(new NoSuchFileException("a.npy")));
        assertEquals("Is a directory", FixtureException.reason(new IOException("Is a directory")));
    }

    @Test
    void aNewerFormat() throws IOException {
        GoldenCopy.edit(bad, "\"format\": \"1.0\"", "\"format\": \"2.0\"");
        assertRefused("format is 2.0: this npyparity reads 1.x; a newer npyparity is needed");
    }

    @Test
    void aPathThatClimbsOut() throws IOException {
        Files.copy(bad.resolve("inputs/weights.npy"), fixtures.resolve("weights.npy"));
        GoldenCopy.edit(bad, "\"inputs/weights.npy\"", "\"inputs/../../weights.npy\"");
        assertRefused(
                "case.json: inputs.weights.file is \"inputs/../../weights.npy\": expected to match ^",
                "case.schema.json",
                "regenerate the case");
    }

    @Test
    void aNumberThatIsNone() throws IOException {
        GoldenCopy.edit(bad, "\"stride\": 1", "\"stride\": 0");
        assertRefused("case.json: parameters.stride is 0: expected a minimum value of 1");
    }

    @Test
    void aTruncatedArray() throws IOException {
        Path file = bad.resolve("expected/dbias.npy");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 150));
        assertRefused(
                file + ": array dbias of case ", ": at byte 128: found 22 bytes of data (truncated), expected 48 for");
        Files.write(file, new byte[0]);
        assertRefused(file + ": array dbias of case ", "at byte 0");
    }

    @Test
    void aLinkToAFileOutside() throws IOException {
        Path file = bad.resolve("inputs/weights.npy");
        Path outside = scratch.resolve("weights.npy");
        Files.move(file, outside);
        Files.createSymbolicLink(file, outside);
        assertRefused("array weights", "lies outside the case's directory");
    }

    @Test
    void aLinkedDirectoryOutside() throws IOException {
        Path inputs = bad.resolve("inputs");
        Path outside = scratch.resolve("inputs");
        Files.move(inputs, outside);
        Files.createSymbolicLink(inputs, outside);
        assertRefused("holds files that case.json does not name: inputs;");
    }

    @Test
    void aWrongChecksum() throws IOException {
        Path file = bad.resolve("expected/dweights.npy");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertRefused("array dweights", "sha256 is ", "case.json says ");
    }

    @Test
    void anArrayOfAnotherShapeOrDtypeThanCaseJsonSays() throws IOException {
        forge("expected", "dbias", NpyArray.of(new double[6], 6, 1), "");
        assertRefused("array dbias", "shape is (6, 1), case.json says (1, 6)");
        forge("expected", "dbias", NpyArray.of(new float[6], 1, 6), "");
        assertRefused("array dbias", "dtype is float32, case.json says float64");
        forge("expected", "dbias", NpyArray.of(new int[6], 1, 6), "");
        assertRefused("dbias.npy: dtype is int32: expected float64 or float32");
    }

    @Test
    void anUndeclaredNan() throws IOException {
        double[] values = values("expected", "dweights");
        values[3] = Double.NaN;
        forge("expected", "dweights", values, "");
        assertRefused("array dweights", "holds NaN at (0, 3): case.json does not declare it nonfinite");
    }

    @Test
    void nanEverywhereEvenWhereNanIsDeclared() throws IOException {
        double[] values = values("expected", "din_data");
        Arrays.fill(values, Double.NaN);
        forge("expected", "din_data", values, "nonfinite");
        assertRefused("expected.din_data is NaN everywhere");
    }

    @Test
    void aCaseWhereEverythingIsMaskedOut() throws IOException {
        for (String name : new String[] {"filter_data", "out_data"}) {
            forge("expected", name, new double[values("expected", name).length], "all_zero");
        }
        assertRefused(
                "expected.filter_data is declared all_zero, but the geometry does not force it: everything is masked");
    }

    @Test
    void zerosThatNobodyDeclared() throws IOException {
        forge("expected", "dmatric_data", new double[values("expected", "dmatric_data").length], "");
        assertRefused("expected.dmatric_data is all zeros: a case that compares only zeros proves nothing");
    }

    @Test
    void aDeclarationOfZerosThatAreNone() throws IOException {
        forge("expected", "dbias", values("expected", "dbias"), "all_zero");
        assertRefused("array dbias", "is declared all_zero, but is not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inputs bias", "expected dweights"})
    void aDeclarationOfNanWhereThereIsNone(String array) throws IOException {
        String folder = array.split(" ")[0];
        String name = array.split(" ")[1];
        forge(folder, name, values(folder, name), "nonfinite");
        assertRefused("array " + name, "is declared nonfinite, but is not");
    }

    @Test
    void anOrphanFile() throws IOException {
        Files.write(bad.resolve("expected/dweights_old.npy"), new byte[] {1});
        assertRefused("holds files that case.json does not name: expected/dweights_old.npy");
    }

    @Test
    void anArrayThatTheOperationDoesNotKnow() throws IOException {
        GoldenCopy.edit(bad, "\"dbias\": {", "\"dbiases\": {");
        assertRefused("expected: property 'dbiases' is not defined", "required property 'dbias' not found");
    }

    @Test
    void anUnknownOperation() throws IOException {
        GoldenCopy.edit(bad, "\"operation\": \"conv2d\"", "\"operation\": \"conv3d\"");
        // Its id no longer fits: nobody can turn a case into another by an edit.
        assertRefused("expected it to end with");
    }

    @Test
    void theSameCaseTwice() throws IOException {
        Path again = Files.createDirectory(scratch.resolve("again"));
        GoldenCopy.of("conv2d-exact-float64-b2-h5w7c4", again);
        Shell.run("audit", fixtures, again, "--engine", "ejml", "--report", scratch.resolve("report"))
                .refuses("is also in", "expected it once");
    }

    @Test
    void aDirectoryWithoutCaseJson() throws IOException {
        Files.createDirectory(fixtures.resolve("notes"));
        audit(fixtures).refuses("notes/case.json: cannot be read (does not exist): expected the description of a case");
    }
}
