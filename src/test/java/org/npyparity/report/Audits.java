package org.npyparity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Diagnosis.Explanation;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Matrix;
import org.npyparity.audit.Scope;
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
        return report(request, NOON, Duration.ofMillis(1234));
    }

    /** The report of an audit at a time of its own. */
    static Report report(AuditRequest request, Instant started, Duration took) {
        ReportBuilder builder = new ReportBuilder(request, Texts.TEMPORARY);
        AuditResult result = Auditor.audit(request, Auditor.Progress.NONE, builder::add);
        return builder.build(result, started, took);
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
        return with(r, "verdict", r.verdict().and(matrix.verdict()), "exitCode", 1, "matrix", matrix);
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
        int size = report.cases().size();
        List<Report.CaseEntry> many = IntStream.range(0, cases)
                .mapToObj(i -> {
                    Report.CaseEntry c = report.cases().get(i % size);
                    return i < size ? c : with(withoutPictures(c), "id", c.id() + "-" + i, "seed", c.seed() + i);
                })
                .toList();
        Ledger l = report.ledger();
        long factor = cases / size;
        Ledger ledger = with(
                with(l, "cases", cases, "left", 0, "judged", cases),
                "arraysExpected",
                l.arraysExpected() * factor,
                "arraysJudged",
                l.arraysJudged() * factor,
                "comparisons",
                l.comparisons() * factor,
                "elements",
                l.elements() * factor);
        return withCases(with(report, "ledger", ledger), many);
    }

    /** That report with other cases, and the coverage of these. */
    static Report withCases(Report report, List<Report.CaseEntry> entries) {
        Cases cases = Cases.of(report.command(), entries);
        return with(report, "coverage", cases.totals().coverage(), "cases", cases);
    }

    private static Report.CaseEntry withoutPictures(Report.CaseEntry c) {
        return c.with(c.runs().stream()
                .map(r -> r.with(r.judgements().stream()
                        .map(j -> with(j, "picture", null))
                        .toList()))
                .toList());
    }

    /** That report with another equality of all engines. */
    static Report withEquality(Report r, Equality equality) {
        return with(
                r, "engines", r.engines().stream().map(e -> e.with(equality)).toList());
    }

    /** That report with a text where an attacker could put it: ids, sentences, names, parameters, sentences of faults. */
    static Report hostile(Report report, String text) {
        Arbitration who = new Arbitration(text, "dpadding_data", Scope.LOCAL, List.of(1, 2), text, 1, 2, 3, 0.1, 4, 5);
        Explanation what = new Explanation(text, text, text, List.of());
        List<Report.CaseEntry> cases = report.cases().stream()
                .map(c -> with(
                        c,
                        "id",
                        c.id() + text,
                        "why",
                        text,
                        "operation",
                        c.operation() + text,
                        "variant",
                        text,
                        "parameters",
                        Map.of("filter_size", 3, text, text),
                        "runs",
                        c.runs().stream()
                                .map(r -> with(r, "who", List.of(who), "what", List.of(what)))
                                .toList()))
                .toList();
        return withCases(
                with(
                        report,
                        "ledger",
                        with(report.ledger(), "refused", List.of(text), "gaps", List.of(text)),
                        "engines",
                        report.engines().stream()
                                .map(e -> with(e, "description", text))
                                .toList()),
                cases);
    }

    /**
     * That record with other values of some of its components.
     *
     * @param changes the names of components, each followed by its value
     */
    @SuppressWarnings("unchecked")
    static <R extends Record> R with(R record, @Nullable Object... changes) {
        Map<Object, Object> values = new HashMap<>();
        for (int i = 0; i < changes.length; i += 2) {
            values.put(changes[i], changes[i + 1]);
        }
        RecordComponent[] components = record.getClass().getRecordComponents();
        try {
            Object[] arguments = new Object[components.length];
            for (int i = 0; i < arguments.length; i++) {
                String name = components[i].getName();
                arguments[i] = values.containsKey(name)
                        ? values.remove(name)
                        : components[i].getAccessor().invoke(record);
            }
            assertEquals(Map.of(), values, () -> "no components of " + record.getClass());
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
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
