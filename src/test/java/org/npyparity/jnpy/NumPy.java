package org.npyparity.jnpy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The project's Python, with NumPy; a test that needs it fails where it is missing. */
public final class NumPy implements AutoCloseable {
    private static final Path SCRIPT = Path.of("python/npyparity/npy_battery.py");

    private final Process judge;
    private final OutputStream files;
    private final BufferedReader verdicts;

    /** Starts a process that answers file after file. */
    NumPy() throws IOException {
        judge = new ProcessBuilder(command("judge"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        files = judge.getOutputStream();
        verdicts = judge.inputReader(StandardCharsets.UTF_8);
    }

    /** What {@code np.load(allow_pickle=False)} makes of each file: tab-separated, {@code array} or {@code refuses} first. */
    List<String[]> judge(List<byte[]> contents) throws IOException {
        ByteBuffer frames = ByteBuffer.allocate(
                        contents.stream().mapToInt(c -> 4 + c.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        contents.forEach(c -> frames.putInt(c.length).put(c));
        files.write(frames.array());
        files.flush();
        List<String[]> answers = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            answers.add(Objects.requireNonNull(verdicts.readLine(), "NumPy's process died")
                    .split("\t", -1));
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        files.close();
        judge.destroy();
    }

    /** Runs the script to its end and returns what it printed; a failure of it is one of the test. */
    static String run(String... arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command(arguments)) + "\n" + printed);
        }
        return printed;
    }

    /** The interpreter. */
    public static Path interpreter() {
        String override = System.getenv("NPYPARITY_PYTHON");
        Path python = Path.of(override != null ? override : "python/.venv/bin/python");
        if (!Files.isExecutable(python)) {
            throw new AssertionError(
                    "no Python with NumPy at " + python + ": run `make fixtures`, or set NPYPARITY_PYTHON");
        }
        return python;
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(interpreter().toString(), SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
