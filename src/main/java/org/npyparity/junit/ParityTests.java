package org.npyparity.junit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicNode;
import org.npyparity.audit.CaseAudit;
import org.npyparity.audit.CaseAuditor;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureDirectory;
import org.npyparity.operation.Operation.Engine;
import org.npyparity.report.Facts;

/**
 * Fixtures as JUnit tests: one container for each case and engine, one test for each array and scope.
 *
 * <pre>{@code
 * private static final ParityTests PARITY = new ParityTests(Path.of("fixtures/golden"));
 *
 * @TestFactory
 * Stream<DynamicNode> everyCaseIsEqual() {
 *     return PARITY.tests();
 * }
 *
 * @AfterAll
 * static void somethingWasCompared() {
 *     PARITY.requireCompared();
 * }
 * }</pre>
 *
 * <p>Cases are loaded one at a time, when their turn comes.
 */
public final class ParityTests {
    private final List<Path> directories;
    private final AtomicLong cases = new AtomicLong();
    private final AtomicLong elements = new AtomicLong();

    /** The cases of all these fixture directories, by every engine that can run here. */
    public ParityTests(Path... directories) {
        this.directories = List.of(directories);
    }

    /**
     * The tests.
     *
     * @throws org.npyparity.fixture.FixtureException if a directory holds no case
     */
    public Stream<DynamicNode> tests() {
        return directories.stream()
                .flatMap(d -> FixtureDirectory.caseDirectories(d).stream())
                .map(this::testsOf);
    }

    private DynamicNode testsOf(Path directory) {
        return dynamicContainer(
                directory.getFileName() + "", Stream.of(directory).flatMap(d -> {
                    Case subject = CaseReader.read(d);
                    CaseAuditor auditor = new CaseAuditor(subject, Optional.empty());
                    cases.incrementAndGet();
                    return auditor.engines().stream().map(engine -> testsOf(auditor, engine));
                }));
    }

    private DynamicNode testsOf(CaseAuditor auditor, Engine engine) {
        return dynamicContainer(engine.name(), Stream.of(engine).flatMap(e -> {
            CaseAudit audit = auditor.audit(e.name());
            elements.addAndGet(audit.elements());
            return audit.judgements().stream()
                    .map(judgement -> dynamicTest(audit.subject().family() + ": " + judgement, () -> {
                        if (!judgement.passes()) {
                            Assertions.fail("\n" + Facts.of(audit, judgement));
                        }
                    }));
        }));
    }

    /** How many cases were loaded so far. */
    public long cases() {
        return cases.get();
    }

    /** How many elements were compared so far, by all engines, local and end to end. */
    public long elements() {
        return elements.get();
    }

    /** Fails if no case was judged or no element compared. */
    public void requireCompared() {
        if (cases() == 0 || elements() == 0) {
            Assertions.fail(
                    cases() + " cases and " + elements() + " elements were compared: expected some in " + directories);
        }
    }
}
