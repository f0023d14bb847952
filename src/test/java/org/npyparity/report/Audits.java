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
import org.npyparity.audit.Shard;
import org.npyparity.compare.Policy;
import org.npyparity.conv.ConvEngine;

/** Reports to render: of audits that pass, that fail, and that are large. */
final class Audits {
    static final Path GOLDEN = Path.of("fixtures/golden");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Audits() {}

    /** A report of the golden set, in part. */
    static Report golden(String engine, String cases, Shard shard) {
        AuditRequest request = new AuditRequest(List.of(GOLDEN), engine, cases, Optional.empty(), shard);
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

    static AuditResult result(String engine, String cases, Optional<Policy> policy) {
        return Auditor.audit(
                new AuditRequest(List.of(GOLDEN), engine, cases, policy, Shard.WHOLE), Auditor.Progress.NONE);
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
                Report.coverage(many),
                report.provenance(),
                many);
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
