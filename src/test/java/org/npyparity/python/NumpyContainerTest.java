package org.npyparity.python;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.array.DType;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArray;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * Needs a container engine and the images of python/images/matrix (`make images`): `make container-test`, which says so
 * where there is no engine. Without one these tests fail and do not skip themselves, so that no green run hides it.
 */
@Tag("container")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NumpyContainerTest {
    private static final Path HOME = Path.of("");
    private static final Path GOLDEN = Path.of("fixtures/golden");
    private static final Path MATRIX = Path.of("python/images/matrix");
    private static final String ANY = "npyparity-numpy:2.0";
    private static final int SIGKILL = 137;

    @TempDir
    private Path directory;

    /** A line of the matrix: its image's tag, where its NumPy is from, and which version or BLAS that is. */
    record Row(String tag, String source, String what) {
        static Row parse(String line) {
            String[] columns = line.split("\\s+");
            return new Row(columns[0], columns[1], columns[2]);
        }

        String image() {
            return "npyparity-numpy:" + tag;
        }

        /** That the image is what the matrix says, and not another under its name. */
        void assertIs(NumpyWorker.Greeting greeting) {
            if (source.equals("debian")) {
                assertTrue(greeting.numpy().startsWith("1.24."), greeting.toString());
                assertEquals(what, greeting.blas());
            } else {
                assertTrue(greeting.numpy().startsWith(what.replace("*", "")), greeting.toString());
                assertTrue(greeting.blas().contains("openblas"), greeting.toString());
            }
        }

        @Override
        public String toString() {
            return tag;
        }
    }

    static List<Row> matrix() throws IOException {
        return Files.readAllLines(MATRIX).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Row::parse)
                .toList();
    }

    private static List<Case> golden() {
        return FixtureDirectory.caseDirectories(GOLDEN).stream()
                .map(CaseReader::read)
                .toList();
    }

    private static List<CaseSpec> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(seed -> {
                    CaseSpec one = LocalNumpyTest.spec(
                            "conv2d", "exact", Optional.empty(), DType.FLOAT64, 2, 7, 9, 3, 5, 3, 2, 1);
                    return new CaseSpec(
                            one.operation(), one.family(), one.variant(), one.dtype(), one.parameters(), seed);
                })
                .toList();
    }

    @ParameterizedTest(name = "image {0}")
    @MethodSource("matrix")
    void everyNumpyOfTheMatrixAgreesWithTheGoldenSet(Row row) throws IOException {
        List<Case> golden = golden();
        Path emitted = directory.resolve("emitted");
        NumpyWorker.Greeting greeting;
        try (NumpyWorker numpy = NumpyContainer.start(HOME, row.image())) {
            greeting = numpy.greeting();
            row.assertIs(greeting);
            numpy.emit(golden.stream().map(CaseSpec::of).toList(), emitted);
        }

        Path actual = directory.resolve(row.tag());
        int moved = 0;
        for (Case expected : golden) {
            Case made = CaseReader.read(emitted.resolve(expected.id()));
            assertEquals(checksums(expected.inputs()), checksums(made.inputs()), expected.id());
            if (expected.family().equals("exact")) {
                assertEquals(checksums(expected.expected()), checksums(made.expected()), expected.id());
            } else if (!checksums(expected.expected()).equals(checksums(made.expected()))) {
                moved++;
            }
            Path arrays = Files.createDirectories(actual.resolve(expected.id()));
            try (Stream<Path> files = Files.list(emitted.resolve(expected.id()).resolve("expected"))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, arrays.resolve(file.getFileName()));
                }
            }
        }
        assertJudged(golden.size(), AuditRequest.of(GOLDEN).withActual(row.tag(), actual));
        assertJudged(golden.size(), AuditRequest.of(emitted));
        if (row.source().equals("debian")) {
            // The reference BLAS sums in another order than OpenBLAS: that it moved nothing would mean that it did not
            // run.
            assertTrue(moved > 0, "every array of " + row + " has the golden set's bytes");
        }
        // .ci/run asks for a line of each image.
        System.out.println("container " + row + " (" + greeting + "): " + golden.size() + " golden cases judged, "
                + moved + " of them moved within the bound");
    }

    private static Map<String, String> checksums(Map<String, CaseArray> arrays) {
        return arrays.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, e -> e.getValue().sha256()));
    }

    private static void assertJudged(int cases, AuditRequest request) {
        AuditResult audit = Auditor.audit(request, Auditor.Progress.NONE);
        assertEquals(0, audit.exitCode(), () -> "" + audit.ledger());
        assertEquals(cases, audit.ledger().judged());
    }

    @Test
    void aContainerKilledInTheMiddleOfARoundIsAnErrorAndLeavesNoHalfFixture() throws Exception {
        try (NumpyContainer numpy = NumpyContainer.start(HOME, ANY)) {
            Path earlier = numpy.emit(many(1), directory).get(0);
            CompletableFuture<List<Path>> round =
                    CompletableFuture.supplyAsync(() -> numpy.emit(many(5000), directory));
            Thread.sleep(700);
            assertFalse(round.isDone(), "the round was over before it could be killed");

            engine().killContainerCmd(numpy.containerId()).exec();

            ExecutionException e = assertThrows(ExecutionException.class, () -> round.get(1, TimeUnit.MINUTES));
            assertEquals(
                    "image " + ANY + ": its container has ended with signal 9, without a word",
                    e.getCause().getMessage());
            try (Stream<Path> entries = Files.list(directory)) {
                assertEquals(List.of(earlier), entries.toList());
            }
            assertJudged(1, AuditRequest.of(directory));
        }
    }

    @Test
    void aJvmThatIsKilledLeavesNoContainerRunning() throws Exception {
        Client.Result client = Client.run(List.of(), ANY);
        assertEquals(SIGKILL, client.code(), client.output());
        String id = client.output().strip();
        try {
            for (int i = 0; i < 100 && isRunning(id); i++) {
                Thread.sleep(100);
            }
            assertFalse(isRunning(id));
        } finally {
            engine().removeContainerCmd(id).withForce(true).exec();
        }
    }

    private static boolean isRunning(String id) {
        return Boolean.TRUE.equals(
                engine().inspectContainerCmd(id).exec().getState().getRunning());
    }

    @Test
    void aClosedWorkerLeavesNoContainer() {
        String id;
        try (NumpyContainer numpy = NumpyContainer.start(HOME, ANY)) {
            id = numpy.containerId();
        }
        assertTrue(engine().listContainersCmd().withShowAll(true).exec().stream()
                .noneMatch(container -> container.getId().equals(id)));
    }

    private static DockerClient engine() {
        return DockerClientFactory.instance().client();
    }

    // ---- refusals --------------------------------------------------------------------------------------------------

    private static final List<String> MADE = new ArrayList<>();

    /** An image of a name that no other run of these tests takes. */
    private static String image(String tag, String command) {
        String name = "npyparity-test:" + tag + "-" + ProcessHandle.current().pid();
        MADE.add(name);
        return new ImageFromDockerfile(name, false)
                .withDockerfileFromBuilder(file -> file.from(ANY).run(command).build())
                .get();
    }

    @AfterAll
    static void removeImages() {
        MADE.forEach(name -> engine().removeImageCmd(name).exec());
    }

    private static String refusal(String image) {
        return assertThrows(NumpyException.class, () -> NumpyContainer.start(HOME, image)
                        .close())
                .getMessage();
    }

    @Test
    void anImageWithoutNumpyIsRefusedByASentence() {
        String image = image(
                "no-numpy",
                "while d=$(python3 -c 'import numpy; print(numpy.__path__[0])' 2>/dev/null); do rm -r \"$d\"; done");
        String message = refusal(image);

        assertTrue(
                message.matches("image " + image + ": its container has ended with exit code 2: npyparity: "
                        + ".*python3 cannot import NumPy \\(No module named 'numpy'\\): "
                        + "expected NumPy 1.24 or newer; .*"),
                message);
    }

    @Test
    void anImageWithAnOldNumpyIsRefusedByASentence() {
        String image = image(
                "old-numpy",
                "echo '__version__ = \"1.20.3\"' >$(python3 -c 'import numpy; print(numpy.__path__[0])')/__init__.py");

        assertEquals(
                "image " + image + ": its container has ended with exit code 2: "
                        + "npyparity: NumPy is 1.20.3: expected 1.24 or newer",
                refusal(image));
    }

    @Test
    void anImageWithoutPythonIsRefusedByASentence() {
        String image = image("no-python", "rm $(command -v python3)");

        assertEquals("image " + image + ": has no python3, expected Python with NumPy", refusal(image));
    }

    @Test
    void anImageThatDoesNotExistIsRefusedByASentence() {
        String message = refusal("npyparity-test:does-not-exist");

        assertTrue(
                message.startsWith(
                        "image npyparity-test:does-not-exist: not on this machine, and it cannot be pulled ("),
                message);
        // The engine's reason, and not a fault in reading it.
        assertFalse(message.contains("\n") || message.contains("Cannot invoke"), message);
    }

    @Test
    void whatIsNoNameOfAnImageIsRefusedByASentence() {
        assertEquals("image 'No Name': no name of an image, expected such as python:3.12", refusal("No Name"));
    }

    @Test
    void anEngineThatCannotBeReachedIsNamedAndNoOtherIsTaken() throws Exception {
        Client.Result client = Client.run(List.of("DOCKER_HOST=unix:///nowhere/engine.sock"), ANY);

        assertEquals(2, client.code(), client.output());
        assertTrue(
                client.output()
                        .startsWith(
                                "no container engine can be reached at unix:///nowhere/engine.sock (DOCKER_HOST): "),
                client.output());
    }

    @Test
    void aHostWhereTheContainersPortIsNotIsNamed() throws Exception {
        Client.Result client = Client.run(List.of("TESTCONTAINERS_HOST_OVERRIDE=nowhere.invalid"), ANY);

        assertEquals(2, client.code(), client.output());
        assertTrue(
                client.output().startsWith("image " + ANY + ": its container is up, but nowhere.invalid:"),
                client.output());
    }

    /** A JVM of its own that starts a container, says its id, and is killed; or says why it could not, and ends with 2. */
    static final class Client {
        record Result(int code, String output) {}

        static Result run(List<String> environment, String image) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of("env"));
            command.addAll(environment);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Client.class.getName(),
                    image));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        }

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws Exception {
            try {
                System.out.println(NumpyContainer.start(HOME, arguments[0]).containerId());
            } catch (NumpyException e) {
                System.out.println(e.getMessage());
                System.exit(2);
            }
            new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start();
            Thread.sleep(10_000);
        }
    }
}
