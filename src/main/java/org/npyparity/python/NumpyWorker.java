package org.npyparity.python;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * NumPy in a process that stays alive and emits fixtures: lists of cases in, case directories out. The process never
 * touches the directory that it emits into.
 *
 * <p>Safe for use by several threads; one emission runs at a time. Each method throws {@link NumpyException} if the
 * process has died or says what nobody understands, with its last words.
 */
public interface NumpyWorker extends AutoCloseable {

    /**
     * Who answers.
     *
     * @param numpy version
     * @param blas name and version
     * @param python version
     * @param pid of the process, where it runs
     */
    record Greeting(String numpy, String blas, String python, long pid) {
        @Override
        public String toString() {
            return "NumPy " + numpy + ", " + blas + ", Python " + python;
        }
    }

    /**
     * What was emitted.
     *
     * @param cases the directories, in the order asked for
     * @param unfit why cases were left out, by their index in the list: no draw of them is fit to be judged
     */
    record Emission(List<Path> cases, Map<Integer, String> unfit) {
        public Emission {
            cases = List.copyOf(cases);
            unfit = Map.copyOf(unfit);
        }
    }

    /** Who answers. */
    Greeting greeting();

    /**
     * Emits all of these cases, or none.
     *
     * <p>Each case is unpacked into a hidden scratch directory in {@code out} and moved into place whole, so that whoever
     * is killed leaves no case in part. A case that {@code out} holds already is left alone if all but its provenance is
     * the same.
     *
     * @param out the fixture directory; made if it is missing
     * @return the case directories, in the order of {@code cases}
     * @throws NumpyException also if a case is refused, or {@code out} holds another case of the same id
     * @throws java.io.UncheckedIOException if {@code out} cannot be written
     */
    default List<Path> emit(List<CaseSpec> cases, Path out) {
        return emit(cases, out, false).cases();
    }

    /**
     * As {@link #emit(List, Path)}, but with {@code skipUnfit} a case none of whose draws is fit is left out.
     */
    Emission emit(List<CaseSpec> cases, Path out, boolean skipUnfit);

    /** Ends the process. */
    @Override
    void close();
}
