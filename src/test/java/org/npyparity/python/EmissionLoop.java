package org.npyparity.python;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.npyparity.array.DType;

/** A process that emits case after case until it is killed. Prints its worker's pid, then the ids that are in place. */
final class EmissionLoop {
    private EmissionLoop() {}

    public static void main(String... args) {
        Path out = Path.of(args[0]);
        try (NumpyWorker numpy = LocalNumpy.start(Path.of(""), Optional.empty())) {
            System.out.println(numpy.greeting().pid());
            for (int i = Integer.parseInt(args[1]); ; i++) {
                numpy.emit(list(i), out).forEach(p -> System.out.println(p.getFileName()));
            }
        }
    }

    /** Round i: three layers of their own. */
    static List<CaseSpec> list(int i) {
        return List.of(
                LocalNumpyTest.spec("conv2d", "exact", Optional.empty(), DType.FLOAT64, 2, 5, 4, 3, 2, 3, 1, 1, i),
                LocalNumpyTest.spec("conv2d", "chained", Optional.empty(), DType.FLOAT32, 3, 4, 6, 1, 2, 2, 2, 0, i),
                LocalNumpyTest.spec(
                        "conv2d_backward", "document", Optional.empty(), DType.FLOAT64, 1, 7, 5, 2, 3, 3, 2, 1, i));
    }
}
