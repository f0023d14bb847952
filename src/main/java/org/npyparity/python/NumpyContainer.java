package org.npyparity.python;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * NumPy in a container of any image that has Python and NumPy: the worker is copied in at the start and answers on a TCP
 * port.
 *
 * <p>The worker ends with its one connection, so that even a JVM that is killed leaves no container running; what it
 * leaves is a stopped one with the label {@value #LABEL}, which a later start removes.
 */
public final class NumpyContainer implements NumpyWorker {
    /** Marks our containers. */
    static final String LABEL = "npyparity.worker";

    private static final String ENGINE_VARIABLE = "DOCKER_HOST";
    private static final String HOST_VARIABLE = "TESTCONTAINERS_HOST_OVERRIDE";
    private static final int PORT = 4711;
    private static final String SOURCES = "/opt/npyparity";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PULL_PATIENCE = Duration.ofMinutes(10);
    private static final Duration LEFTOVER_AGE = Duration.ofMinutes(10);

    private final String image;
    private final Worker container;
    private final Socket socket;
    private final WorkerConnection connection;

    private NumpyContainer(String image, Worker container) throws IOException {
        this.image = image;
        this.container = container;
        String host = container.getHost();
        int port = container.port();
        try {
            this.socket = new Socket(host, port);
        } catch (IOException e) {
            throw new NumpyException(
                    "image " + image + ": its container is up, but " + host + ":" + port + " does not answer ("
                            + root(e) + "): if the engine publishes ports on another host, name it in " + HOST_VARIABLE,
                    e);
        }
        try {
            this.connection = new WorkerConnection(socket.getInputStream(), socket.getOutputStream(), this::lastWords);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Starts a worker.
     *
     * @param home the project's root, in which {@code python/npyparity} is
     * @param image which image; pulled if the engine does not have it
     * @throws NumpyException if no container engine can be reached, there is no such image, or its Python or NumPy is
     *     missing or too old
     */
    public static NumpyContainer start(Path home, String image) {
        Path sources = LocalNumpy.sources(home);
        DockerClient engine = engine();
        DockerImageName name = name(image);
        pull(engine, image);
        removeLeftovers(engine);
        Worker container = new Worker(name, sources.resolve("npyparity"));
        try {
            container.start();
            return new NumpyContainer(image, container);
        } catch (NumpyException e) {
            container.stop();
            throw e;
        } catch (IOException | RuntimeException e) {
            container.stop();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof NumpyException sentence) {
                    throw sentence;
                }
                if (cause instanceof DockerException refusal && isWithoutPython(refusal)) {
                    throw new NumpyException("image " + image + ": has no python3, expected Python with NumPy", e);
                }
            }
            throw new NumpyException("image " + image + ": no container of it starts (" + root(e) + ")", e);
        }
    }

    /** @throws NumpyException if there is none, or another one than the environment asks for */
    private static DockerClient engine() {
        String wanted = System.getenv(ENGINE_VARIABLE);
        boolean isGiven = wanted != null && !wanted.isBlank();
        String sentence = "no container engine can be reached"
                + (isGiven
                        ? " at " + wanted + " (" + ENGINE_VARIABLE + "): start it, or unset the variable"
                        : ": start Docker or Podman, and point " + ENGINE_VARIABLE
                                + " to its socket if that is not the usual one");
        try {
            DockerClientFactory factory = DockerClientFactory.instance();
            DockerClient client = factory.client();
            // Testcontainers goes on to the usual socket where the one asked for does not answer.
            if (isGiven && !factory.getTransportConfig().getDockerHost().equals(URI.create(wanted.strip()))) {
                throw new NumpyException(sentence);
            }
            return client;
        } catch (NumpyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new NumpyException(sentence, e);
        }
    }

    private static DockerImageName name(String image) {
        try {
            DockerImageName name = DockerImageName.parse(image);
            name.assertValid();
            return name;
        } catch (IllegalArgumentException e) {
            throw new NumpyException("image '" + image + "': no name of an image, expected such as python:3.12", e);
        }
    }

    /** Not left to Testcontainers, which for two minutes would try again and again to reach a registry. */
    private static void pull(DockerClient engine, String image) {
        try {
            engine.inspectImageCmd(image).exec();
            return;
        } catch (NotFoundException e) {
            // As it is with an image that is used for the first time.
        }
        try {
            String tagged = DockerImageName.parse(image).asCanonicalNameString();
            if (!engine.pullImageCmd(tagged)
                    .exec(new Pull())
                    .awaitCompletion(PULL_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new DockerClientException("it took longer than " + PULL_PATIENCE.toMinutes() + " minutes");
            }
            engine.inspectImageCmd(image).exec();
        } catch (RuntimeException e) {
            throw new NumpyException(
                    "image " + image + ": not on this machine, and it cannot be pulled (" + root(e)
                            + "): build it first (`make images` builds the project's own), or correct the name",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NumpyException("image " + image + ": interrupted while it was pulled", e);
        }
    }

    /** Docker-java's own takes each message for one of progress, where Podman's last is an error and nothing else. */
    private static final class Pull extends ResultCallback.Adapter<PullResponseItem> {
        @Override
        public void onNext(PullResponseItem item) {
            ResponseItem.ErrorDetail error = item.getErrorDetail();
            if (error != null) {
                onError(new DockerClientException(error.getMessage() + ""));
            }
        }
    }

    /** What killed JVMs have left: stopped containers, too old to be those of a worker that is just being asked why. */
    private static void removeLeftovers(DockerClient engine) {
        long old = System.currentTimeMillis() / 1000 - LEFTOVER_AGE.toSeconds();
        engine
                .listContainersCmd()
                .withLabelFilter(List.of(LABEL))
                .withStatusFilter(List.of("exited", "created"))
                .exec()
                .stream()
                .filter(container -> container.getCreated() < old)
                .forEach(container -> {
                    try {
                        engine.removeContainerCmd(container.getId()).exec();
                    } catch (DockerException e) {
                        // Another start was quicker.
                    }
                });
    }

    private static boolean isWithoutPython(DockerException refusal) {
        String message = refusal.getMessage() + "";
        return message.contains("python3") && message.contains("not found");
    }

    private static String root(Throwable fault) {
        Throwable cause = fault;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return (cause.getMessage() + "").strip().replaceAll("\\s+", " ");
    }

    private String lastWords() {
        return container.lastWords("image " + image + ": its container");
    }

    @Override
    public Greeting greeting() {
        return connection.greeting();
    }

    /** The container's id. */
    public String containerId() {
        return container.getContainerId();
    }

    @Override
    public Emission emit(List<CaseSpec> cases, Path out, boolean skipUnfit) {
        return connection.emit(cases, out, skipUnfit);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed it is, and the container goes all the same.
        }
        container.stop();
    }

    /**
     * The container. Its port is asked for and looked up here: Testcontainers would wait five seconds for the port of a
     * container that has ended, and then not say why it has.
     */
    private static final class Worker extends GenericContainer<Worker> {
        private static final ExposedPort EXPOSED = ExposedPort.tcp(PORT);
        private static final Duration SECONDS_TO_END = Duration.ofSeconds(5);

        Worker(DockerImageName image, Path sources) {
            super(image);
            withImagePullPolicy(name -> false);
            withCopyFileToContainer(MountableFile.forHostPath(sources), SOURCES + "/npyparity");
            withEnv("PYTHONPATH", SOURCES);
            withLabel(LABEL, "");
            withStartupAttempts(1);
            withCreateContainerCmdModifier(Worker::configure);
            withStartupCheckStrategy(new NoCheck());
            waitingFor(new ForTheGreeting());
        }

        private static void configure(CreateContainerCmd command) {
            // Nobody else's business, where the engine runs on this machine.
            String host = DockerClientFactory.instance().dockerHostIpAddress();
            Ports.Binding binding =
                    host.equals("localhost") ? Ports.Binding.bindIp("127.0.0.1") : Ports.Binding.empty();
            HostConfig hostConfig = command.getHostConfig();
            command.withExposedPorts(EXPOSED)
                    .withHostConfig((hostConfig == null ? new HostConfig() : hostConfig)
                            .withPortBindings(new PortBinding(binding, EXPOSED)))
                    .withEntrypoint(
                            "python3", "-m", "npyparity", "serve", "--once", "--host", "0.0.0.0", "--port", "" + PORT)
                    .withCmd();
        }

        int port() {
            Ports.Binding[] bindings = getCurrentContainerInfo()
                    .getNetworkSettings()
                    .getPorts()
                    .getBindings()
                    .get(EXPOSED);
            if (bindings == null || bindings.length == 0) {
                throw new NumpyException(lastWords("its container"));
            }
            return Integer.parseInt(bindings[0].getHostPortSpec());
        }

        String lastWords(String who) {
            try {
                ContainerState state = getCurrentContainerInfo().getState();
                long deadline = System.nanoTime() + SECONDS_TO_END.toNanos();
                while (Boolean.TRUE.equals(state.getRunning()) && System.nanoTime() < deadline) {
                    pause();
                    state = getCurrentContainerInfo().getState();
                }
                if (Boolean.TRUE.equals(state.getRunning())) {
                    return who + " has closed its connection but not ended";
                }
                Long code = state.getExitCodeLong();
                String[] lines = getLogs(OutputType.STDERR).strip().split("\n");
                String lastLine = lines[lines.length - 1].strip();
                return WorkerConnection.ended(
                        who,
                        code == null ? -1 : code,
                        Boolean.TRUE.equals(state.getOOMKilled()) ? ", out of memory" : "",
                        lastLine);
            } catch (NotFoundException e) {
                return who + " has been removed";
            } catch (RuntimeException e) {
                return who + " has ended, and the container engine no longer answers (" + root(e) + ")";
            }
        }

        private static void pause() {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NumpyException("interrupted while waiting for a container", e);
            }
        }

        /** Leaves it to {@link ForTheGreeting} to say why a container has ended. */
        private static final class NoCheck extends StartupCheckStrategy {
            @Override
            public StartupStatus checkStartupState(DockerClient engine, String containerId) {
                return StartupStatus.SUCCESSFUL;
            }
        }

        /** Until the worker says on its standard output where it listens, or has ended. */
        private static final class ForTheGreeting extends AbstractWaitStrategy {
            @Override
            protected void waitUntilReady() {
                Worker worker = (Worker) waitStrategyTarget;
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (!worker.getLogs().contains("\"port\"")) {
                    if (!Boolean.TRUE.equals(
                            worker.getCurrentContainerInfo().getState().getRunning())) {
                        throw new NumpyException(
                                worker.lastWords("image " + worker.getDockerImageName() + ": its container"));
                    }
                    if (System.nanoTime() > deadline) {
                        throw new NumpyException("image " + worker.getDockerImageName()
                                + ": its container has not greeted within " + PATIENCE.toSeconds() + " s");
                    }
                    pause();
                }
            }
        }
    }
}
