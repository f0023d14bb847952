package org.npyparity.fuzz;

import java.util.List;
import java.util.Optional;
import org.npyparity.audit.Judgement;
import org.npyparity.python.CaseSpec;

/**
 * One case that does not pass.
 *
 * @param spec what the case is made from
 * @param id of the case
 * @param engine that fails; empty if the case itself is refused, whatever the engine
 * @param kind how it fails
 * @param judgement the first that fails, locally where one does; empty if nothing was judged
 * @param sentence what is wrong
 * @param mistakes the known ones that the result matches
 */
public record Failure(
        CaseSpec spec,
        String id,
        String engine,
        Kind kind,
        Optional<Judgement> judgement,
        String sentence,
        List<String> mistakes) {
    public Failure {
        mistakes = List.copyOf(mistakes);
    }

    /** How a case fails. While a case is shrunk this stays as it is: another failure is another bug. */
    public enum Kind {
        /** An array is outside its bound. */
        MISMATCH,
        /** An array's bound proves nothing. */
        UNDECIDABLE,
        /** An engine threw. */
        THREW,
        /** NumPy's side emitted a case that this side refuses. */
        REFUSED
    }
}
