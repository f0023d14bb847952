package org.npyparity.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.npyparity.array.DType;

/**
 * Something that NumPy computes and engines compute again.
 *
 * <p>A user's operation is a class that implements this and is named in
 * {@code META-INF/services/org.npyparity.operation.Operation}.
 */
public interface Operation {

    /** The name in case.json. */
    String name();

    /** The implementations, the default one first. */
    List<Engine> engines();

    /**
     * The operation with its sizes fixed.
     *
     * @param parameters as in case.json, by name
     * @param family of the case's data
     * @throws IllegalArgumentException with a sentence that names the parameter, what was found and what was expected
     */
    Problem problem(Map<String, Object> parameters, String family, DType dtype);

    /**
     * An implementation.
     *
     * @param name unique within the operation, for {@code --engine}
     * @param description one line on how it computes
     * @param fault why it cannot run in this JVM, empty when it can; asked only of an engine that is to run, for the
     *     answer may take loading a library
     */
    record Engine(String name, String description, Supplier<Optional<String>> fault) {
        /** Why it cannot run in this JVM; empty when it can. */
        public Optional<String> unavailable() {
            return fault.get();
        }
    }
}
