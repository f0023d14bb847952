package org.npyparity.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.AuditResult;
import org.npyparity.audit.Auditor;

/**
 * Reports from audits, on disk.
 *
 * <pre>{@code
 * Path directory = Files.createDirectories(Path.of("target/parity-report"));
 * Report report = Reports.audit(request, progress, directory);
 * Reports.write(report, directory);
 * System.out.print(ConsoleReport.render(report, colour));
 * }</pre>
 */
public final class Reports {
    /** For a browser: one file, no request leaves it. */
    public static final String HTML = "index.html";
    /** The report itself, which {@link #read} takes. */
    public static final String JSON = "report.json";
    /** For CI servers. */
    public static final String JUNIT = "junit.xml";
    /** For a GitHub job summary. */
    public static final String SUMMARY = "summary.md";

    /** What writes a file's content. */
    private interface Content {
        void writeTo(Writer out) throws IOException;
    }

    private record Part(Path file, Path beside, Content content) {
        static Part of(Path directory, String name, Content content) {
            return new Part(
                    directory.resolve(name), directory.resolve("." + name + "." + UUID.randomUUID() + ".tmp"), content);
        }

        /** Writes it beside its place; what went wrong, if something did. */
        Optional<RuntimeException> written() {
            // For who ends the process by a signal: nothing else would.
            beside.toFile().deleteOnExit();
            try (Writer out = Files.newBufferedWriter(beside, StandardCharsets.UTF_8)) {
                content.writeTo(out);
                return Optional.empty();
            } catch (FileSystemException e) {
                return Optional.of(new UncheckedIOException(e));
            } catch (IOException e) { // what the system says of a full disk names no file
                return Optional.of(
                        new UncheckedIOException(new FileSystemException(file.toString(), null, e.getMessage())));
            } catch (RuntimeException e) {
                return Optional.of(e);
            }
        }
    }

    private Reports() {}

    /**
     * Audits, and reports on it. The cases are in files from the moment that they are done, so memory does not grow with
     * their number.
     *
     * @param scratch the directory for these files, which are gone with the process: the best is where the reports will go
     */
    public static Report audit(AuditRequest request, Auditor.Progress progress, Path scratch) {
        Instant started = Instant.now();
        ReportBuilder builder = new ReportBuilder(request, scratch);
        AuditResult result = Auditor.audit(request, progress, builder::add);
        return builder.build(result, started, Duration.between(started, Instant.now()));
    }

    /**
     * Reads a report.json.
     *
     * @throws ReportException if it cannot be read, is of a newer format or against the schema
     */
    public static Report read(Path file) {
        return ReportJson.read(file, Texts.TEMPORARY);
    }

    /**
     * Reads the reports of an audit's shards and adds them up, the ledger included.
     *
     * @param scratch as in {@link #audit}
     * @throws ReportException if one cannot be read, or if they are not of one audit: other fixtures, engines or policy
     */
    public static Report merge(List<Path> files, Path scratch) {
        List<Merge.Part> parts = new ArrayList<>();
        for (Path file : files) {
            parts.add(new Merge.Part(file.toString(), ReportJson.read(file, scratch)));
        }
        return Merge.of(parts, scratch);
    }

    /**
     * Writes {@value #HTML}, {@value #JSON}, {@value #JUNIT} and {@value #SUMMARY} to a directory, made if need be; side
     * by side, for a short audit takes as long as its reports. Nobody ever sees half a file, or files of an earlier audit
     * beside these: all are whole beside their places before the earlier ones go, and all of these are gone before the
     * first is moved there. Two audits that end in one directory at the same moment may mix theirs.
     */
    public static void write(Report report, Path directory) throws IOException {
        Files.createDirectories(directory);
        ReportView view = new ReportView(report);
        List<Part> parts = List.of(
                Part.of(directory, HTML, out -> Templates.html(view, out)),
                Part.of(directory, JUNIT, out -> Templates.junit(view, out)),
                Part.of(directory, SUMMARY, out -> Templates.summary(view, out)),
                Part.of(directory, JSON, out -> ReportJson.write(report, out)));
        try {
            // Thrown only after all have ended: whoever still wrote would leave a file.
            List<Optional<RuntimeException>> faults =
                    parts.parallelStream().map(Part::written).toList();
            for (Optional<RuntimeException> fault : faults) {
                if (fault.isPresent()) {
                    throw fault.get();
                }
            }
            // A process that is killed in between leaves too few files, which is seen, and not files of two audits.
            for (Part part : parts) {
                Files.deleteIfExists(part.file);
            }
            for (Part part : parts) {
                move(part.beside, part.file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (Part part : parts) {
                Files.deleteIfExists(part.beside);
            }
        }
    }

    private static void move(Path beside, Path file) throws IOException {
        try {
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
