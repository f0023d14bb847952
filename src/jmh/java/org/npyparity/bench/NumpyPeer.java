package org.npyparity.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** np.load and np.save in a process that stays: a call costs what NumPy costs, and 20 microseconds of pipe. */
final class NumpyPeer implements AutoCloseable {
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    NumpyPeer() throws IOException {
        String override = System.getenv("NPYPARITY_PYTHON");
        String python = override != null
                ? override
                : Path.of("python/.venv/bin/python").toAbsolutePath().toString();
        process = new ProcessBuilder(python, "python/bench/npy_peers.py")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    String call(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("NumPy died at: " + command);
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.destroy();
    }
}
