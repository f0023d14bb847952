package org.npyparity.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Matrix;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Verdict;
import org.npyparity.conv.ConvEngine;

/** Reports to render: of audits that pass, that fail, and that are large. */
final class Audits {
    static final Path GOLDEN = Path.of("fixtures/golden");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Audits() {}

    /** A report of the golden set, in part. */
    static Report golden(String engine, String cases, Shard shard) {
        AuditRequest request =
                AuditRequest.of(GOLDEN).withEngine(engine).withCases(cases).withShard(shard);
        return Reports.of(
                Auditor.audit(request, Auditor.Progress.NONE), Invocation.of(request, NOON, Duration.ofMillis(1234)));
    }

    /** The golden set by the default engine. */
    static Report passing() {
        return golden("ejml", "*", Shard.WHOLE);
    }

    /** Part of the golden set, by the default engine and one with a bug. */
    static Report failing(Shard shard) {
        return withBrokenEngine(() -> golden(AuditRequest.ALL_ENGINES, "conv2d-*", shard));
    }

    /** That report with pairs: two that agree, one that does not, and a text where an attacker could put it. */
    static Report withPairs(Report r, String text) {
        Matrix matrix = new Matrix(
                List.of(
                        new Matrix.Party("golden", "NumPy 2.4.6, openblas"),
                        new Matrix.Party("theirs" + text, "NumPy 1.24.2, blas" + text),
                        new Matrix.Party("ejml", "")),
                List.of(
                        new Matrix.Pair(0, 1, Verdict.PARITY, 2, 18, 0, 1000, 963, 0.4567, "a, dbias"),
                        new Matrix.Pair(0, 2, Verdict.PARITY, 2, 18, 0, 1000, 1000, 0, "a, dbias"),
                        new Matrix.Pair(1, 2, Verdict.MISMATCH, 2, 18, 3, 1000, 17, 1234.5, "b, dweights" + text)));
        return new Report(
                r.format(),
                r.npyparity(),
                r.verdict().and(matrix.verdict()),
                1,
                r.command(),
                r.started(),
                r.seconds(),
                r.selection(),
                r.fixtures(),
                r.engines(),
                r.ledger(),
                r.coverage(),
                r.provenance(),
                r.cases(),
                matrix);
    }

    static AuditResult result(String engine, String cases, Optional<Policy> policy) {
        return Auditor.audit(
                AuditRequest.of(GOLDEN).withEngine(engine).withCases(cases).withPolicy(policy), Auditor.Progress.NONE);
    }

    /** Engines are found by the thread's class loader: this one finds another. */
    static <T> T withBrokenEngine(java.util.function.Supplier<T> body) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new ServiceLoading(before));
        try {
            return body.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static final class ServiceLoading extends ClassLoader {
        ServiceLoading(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> found = new ArrayList<>(Collections.list(super.getResources(name)));
            if (name.equals("META-INF/services/" + ConvEngine.class.getName())) {
                Path file = Files.createTempFile("services", ".txt");
                file.toFile().deleteOnExit();
                Files.writeString(file, BrokenEngine.class.getName() + "\n");
                found.add(file.toUri().toURL());
            }
            return Collections.enumeration(found);
        }
    }

    /** A report with so many cases: copies of its own under other ids. */
    static Report enlarged(Report report, int cases) {
        List<Report.CaseEntry> many = IntStream.range(0, cases)
                .mapToObj(i -> {
                    Report.CaseEntry c = report.cases().get(i % report.cases().size());
                    boolean copied = i >= report.cases().size();
                    return new Report.CaseEntry(
                            copied ? c.id() + "-" + i : c.id(),
                            c.why(),
                            c.directory(),
                            c.sha256(),
                            c.operation(),
                            c.family(),
                            c.variant(),
                            c.dtype(),
                            c.parameters(),
                            c.seed() + i,
                            c.policy(),
                            copied
                                    ? c.runs().stream()
                                            .map(r -> r.with(r.judgements().stream()
                                                    .map(j -> j.with(null))
                                                    .toList()))
                                            .toList()
                                    : c.runs());
                })
                .toList();
        Ledger l = report.ledger();
        long factor = cases / report.cases().size();
        return new Report(
                report.format(),
                report.npyparity(),
                report.verdict(),
                report.exitCode(),
                report.command(),
                report.started(),
                report.seconds(),
                report.selection(),
                report.fixtures(),
                report.engines(),
                new Ledger(
                        cases,
                        0,
                        cases,
                        l.refused(),
                        l.arraysExpected() * factor,
                        l.arraysJudged() * factor,
                        l.comparisons() * factor,
                        l.elements() * factor,
                        l.gaps()),
                Coverage.of(many),
                report.provenance(),
                many,
                report.matrix());
    }

    /** That report with another ledger. */
    static Report withLedger(Report report, Ledger ledger) {
        return changed(report, ledger, report.engines(), report.cases());
    }

    /** That report with a text where an attacker could put it: ids, sentences, names, parameters, sentences of faults. */
    static Report hostile(Report report, String text) {
        List<Report.CaseEntry> cases = report.cases().stream()
                .map(c -> new Report.CaseEntry(
                        c.id() + text,
                        text,
                        c.directory(),
                        c.sha256(),
                        c.operation() + text,
                        c.family(),
                        text,
                        c.dtype(),
                        java.util.Map.of("filter_size", 3, text, text),
                        c.seed(),
                        c.policy(),
                        c.runs().stream()
                                .map(r -> new Report.Run(
                                        r.engine(),
                                        r.verdict(),
                                        r.judgements(),
                                        List.of(new Report.Arbitrated(
                                                text,
                                                "dpadding_data",
                                                org.npyparity.audit.Scope.LOCAL,
                                                List.of(1, 2),
                                                text,
                                                1,
                                                2,
                                                3,
                                                0.1,
                                                4,
                                                5)),
                                        List.of(new Report.Explained(text, text, text))))
                                .toList()))
                .toList();
        Ledger l = report.ledger();
        return changed(
                report,
                new Ledger(
                        l.cases(),
                        l.left(),
                        l.judged(),
                        List.of(text),
                        l.arraysExpected(),
                        l.arraysJudged(),
                        l.comparisons(),
                        l.elements(),
                        List.of(text)),
                report.engines().stream()
                        .map(e -> new Report.Engine(e.name(), text))
                        .toList(),
                cases);
    }

    private static Report changed(Report r, Ledger ledger, List<Report.Engine> engines, List<Report.CaseEntry> cases) {
        return new Report(
                r.format(),
                r.npyparity(),
                r.verdict(),
                r.exitCode(),
                r.command(),
                r.started(),
                r.seconds(),
                r.selection(),
                r.fixtures(),
                engines,
                ledger,
                Coverage.of(cases),
                r.provenance(),
                cases,
                r.matrix());
    }

    static String render(Rendering rendering) {
        java.io.StringWriter out = new java.io.StringWriter();
        try {
            rendering.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    interface Rendering {
        void to(java.io.Writer out) throws IOException;
    }
}
