package org.npyparity.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.CaseAuditor;
import org.npyparity.audit.CaseProblem;
import org.npyparity.conv.ConvGeometry.Field;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.operation.conv.mistakes.ConvMistakes;
import org.npyparity.operation.conv.mistakes.MistakenEngine;
import org.npyparity.python.LocalNumpy;
import org.npyparity.python.NumpyWorker;

/** With any mistake of the catalogue switched on in an engine, it is found soon and shrunk to next to nothing. */
@Tag("slow")
class FindsEveryMistakeTest {
    private static final int WITHIN = 200;
    private static final int SEED = 1;

    /**
     * Mistakes that mix up, skip or average over the images of a batch: with a batch of one they are no mistakes, and no
     * case with one can show them. They are shrunk to a batch of two.
     */
    private static final Set<String> NEED_TWO_IMAGES = Set.of(
            "image pitch without padding",
            "batch offset forgotten",
            "reversed images",
            "in_data batch last",
            "gradients averaged over the batch",
            "dout_data averaged over the batch",
            "last image only",
            "first image only");

    private static NumpyWorker numpy;

    @BeforeAll
    static void start() {
        numpy = LocalNumpy.start(Path.of(""), Optional.empty());
    }

    @AfterAll
    static void end() {
        numpy.close();
    }

    static Stream<String> catalogue() {
        return Stream.of(ConvMistakes.Group.values()).flatMap(g -> g.names().stream());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void everyMistakeIsFoundWithin200CasesAndShrunkTo4x4PixelsAnd2ChannelsAndOneImage(String mistake) {
        Fuzzer.Result result = fuzz(mistake);

        assertEquals(1, result.found().size(), () -> mistake + " was not found in " + result);
        Fuzzer.Found found = result.found().get(0);
        assertTrue(found.number() < WITHIN, () -> "found as number " + found.number());
        Shape smallest = Shape.of(found.smallest().spec().parameters());
        int images = NEED_TWO_IMAGES.contains(mistake) ? 2 : 1;
        String shown = mistake + ": " + found.smallest();
        assertEquals(images, smallest.get(Field.BATCH), shown);
        assertTrue(smallest.get(Field.IN_HEIGHT) <= 4 && smallest.get(Field.IN_WIDTH) <= 4, shown);
        assertTrue(smallest.get(Field.IN_DEPTH) <= 2 && smallest.get(Field.OUT_DEPTH) <= 2, shown);
    }

    private static Fuzzer.Result fuzz(String mistake) {
        if (mistake.endsWith("before the mask")) {
            // No engine can make it: it is not given dout_data there. The catalogue's stages can.
            return fuzz("mistake", (cases, engine) -> byStages(cases, mistake));
        }
        try (MistakenEngine.Switch on = MistakenEngine.switchOn(mistake)) {
            assertTrue(on != null);
            return fuzz(MistakenEngine.NAME, new AuditJudge(Auditor.Progress.NONE));
        }
    }

    private static Fuzzer.Result fuzz(String engine, Judge judge) {
        return Fuzzer.run(
                new Fuzzer.Request(new RandomCases(SEED), engine, WITHIN, Duration.ofHours(1)),
                numpy,
                judge,
                done -> {});
    }

    private static List<Failure> byStages(List<Judge.Emitted> cases, String mistake) {
        return cases.stream()
                .flatMap(emitted -> {
                    Case subject = CaseReader.read(emitted.directory());
                    return CaseProblem.of(subject).problem().mistakes().stream()
                            .filter(m -> m.name().equals(mistake))
                            .map(m -> new CaseAuditor(subject, Optional.empty()).audit("mistake", m.stages()))
                            .filter(audit -> !audit.verdict().passes())
                            .map(audit -> AuditJudge.failure(emitted, audit));
                })
                .toList();
    }
}
