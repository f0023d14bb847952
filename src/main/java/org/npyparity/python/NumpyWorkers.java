package org.npyparity.python;

import java.nio.file.Path;
import java.util.Optional;

/** Starts the worker that a command line asks for. */
public final class NumpyWorkers {
    private NumpyWorkers() {}

    /**
     * In a container of {@code image} if there is one, else on this machine.
     *
     * @param home the project's root
     * @param python the interpreter, see {@link LocalNumpy#start}; without a meaning in a container
     * @throws NumpyException as the worker's own start
     */
    public static NumpyWorker start(Path home, Optional<String> python, Optional<String> image) {
        if (image.isPresent()) {
            return NumpyContainer.start(home, image.get());
        }
        return LocalNumpy.start(home, python);
    }
}
