package org.npyparity.python;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** NumPy in a process on this machine. Its standard input is its life: when this JVM dies, however it dies, it ends. */
public final class LocalNumpy implements NumpyWorker {
    /** The environment variable that names an interpreter. */
    public static final String VARIABLE = "NPYPARITY_PYTHON";

    private static final int SECONDS_TO_END = 5;

    private final Process process;
    private final String interpreter;
    private final Thread listener;
    private final WorkerConnection connection;
    private volatile String lastLine = "";

    private LocalNumpy(Process process, String interpreter) {
        this.process = process;
        this.interpreter = interpreter;
        this.listener = new Thread(this::listen, "stderr of " + interpreter);
        listener.setDaemon(true);
        listener.start();
        this.connection = new WorkerConnection(process.getInputStream(), process.getOutputStream(), this::lastWords);
    }

    /**
     * Starts a worker.
     *
     * @param home the project's root, in which {@code python/npyparity} is
     * @param python the interpreter; if empty, what the environment variable {@value #VARIABLE} names, else
     *     {@code python/.venv} of {@code home}, else {@code python3}
     * @throws NumpyException if there is no such interpreter, or its NumPy is missing or too old
     */
    public static LocalNumpy start(Path home, Optional<String> python) {
        Path sources = sources(home);
        String interpreter = python.or(
                        () -> Optional.ofNullable(System.getenv(VARIABLE)).filter(p -> !p.isEmpty()))
                .orElseGet(() -> ownInterpreter(sources).orElse("python3"));
        ProcessBuilder builder = new ProcessBuilder(interpreter, "-m", "npyparity", "serve");
        Map<String, String> environment = builder.environment();
        environment.put("PYTHONPATH", sources.toString());
        // This JVM judges on all cores meanwhile; the matrices of small cases would gain nothing.
        for (String library : List.of("OPENBLAS", "OMP", "MKL", "BLIS")) {
            environment.putIfAbsent(library + "_NUM_THREADS", "1");
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new NumpyException(
                    "no Python runs as '" + interpreter + "' (" + e.getMessage()
                            + "): run `make fixtures`, or name one with --python or " + VARIABLE,
                    e);
        }
        try {
            return new LocalNumpy(process, interpreter);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The folder in which {@code npyparity} is. */
    static Path sources(Path home) {
        Path sources = home.resolve("python").toAbsolutePath().normalize();
        if (!Files.isRegularFile(sources.resolve("npyparity/serve.py"))) {
            throw new NumpyException(
                    sources + ": holds no npyparity/serve.py, expected the Python side of this project");
        }
        return sources;
    }

    private static Optional<String> ownInterpreter(Path sources) {
        return List.of(".venv/bin/python", ".venv/Scripts/python.exe").stream()
                .map(sources::resolve)
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private void listen() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    lastLine = line.strip();
                }
            }
        } catch (IOException e) {
            // The process was destroyed: there is nothing more to hear.
            return;
        }
    }

    private String lastWords() {
        String who = "Python ('" + interpreter + "')";
        try {
            process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
            listener.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_END));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.isAlive()
                ? who + " has closed its output but not ended"
                : WorkerConnection.ended(who, process.exitValue(), "", lastLine);
    }

    @Override
    public Greeting greeting() {
        return connection.greeting();
    }

    @Override
    public Emission emit(List<CaseSpec> cases, Path out, boolean skipUnfit) {
        return connection.emit(cases, out, skipUnfit);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
