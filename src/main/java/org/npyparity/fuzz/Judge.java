package org.npyparity.fuzz;

import java.nio.file.Path;
import java.util.List;
import org.npyparity.python.CaseSpec;

/** Judges cases as they come in. */
@FunctionalInterface
public interface Judge {
    /**
     * A case as it was emitted.
     *
     * @param spec what was asked for
     * @param directory where it is; its name is the case's id
     */
    record Emitted(CaseSpec spec, Path directory) {
        String id() {
            return directory.getFileName() + "";
        }
    }

    /**
     * All failures of these cases, in their order.
     *
     * @param cases all cases of one fixture directory
     * @param engine the name of one engine, or {@link org.npyparity.audit.AuditRequest#ALL_ENGINES}
     */
    List<Failure> failures(List<Emitted> cases, String engine);
}
