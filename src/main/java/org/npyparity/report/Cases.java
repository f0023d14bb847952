package org.npyparity.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.npyparity.audit.Gallery;
import org.npyparity.audit.Picture;
import org.npyparity.audit.Scope;
import org.npyparity.report.Report.CaseEntry;
import org.npyparity.report.Report.Outcome;

/**
 * The cases of a report, whose number memory does not grow with: they are in files, as each report wants them, and an
 * entry is read when it is asked for. What all of them together come to is in memory, see {@link Totals}.
 */
public final class Cases extends AbstractList<CaseEntry> implements RandomAccess {
    private static final String PICTURE = "picture";

    private final Texts json;
    private final Map<String, Texts> tests;
    private final Totals totals;
    private final ReportData data;
    /** Those with pictures, by position: with them. */
    private final Map<Integer, String> pictured = new HashMap<>();
    /** By the place of their judgement. */
    private final Map<String, Picture> pictures = new TreeMap<>();

    private Cases(Builder builder, Map<Gallery.Subject, Picture> pictures) {
        this.json = builder.json;
        this.tests = builder.tests;
        this.totals = builder.totals;
        this.data = builder.data;
        Set<String> ids =
                pictures.keySet().stream().map(Gallery.Subject::caseId).collect(Collectors.toSet());
        for (int i = 0; i < json.size(); i++) {
            String id = totals.ids().get(i);
            if (ids.contains(id)) {
                hang(i, id, pictures);
            }
        }
    }

    /** Adds to a case its pictures: to the text itself, for to make objects of it takes the JVM longer than all else. */
    private void hang(int index, String id, Map<Gallery.Subject, Picture> all) {
        try {
            JsonNode entry = ReportJson.JSON.readTree(json.get(index));
            for (int r = 0; r < entry.path("runs").size(); r++) {
                JsonNode run = entry.path("runs").get(r);
                for (int j = 0; j < run.path("judgements").size(); j++) {
                    JsonNode judgement = run.path("judgements").get(j);
                    Picture picture = all.get(new Gallery.Subject(
                            id,
                            run.path("engine").asText(),
                            judgement.path("stage").asText(),
                            judgement.path("array").asText(),
                            Scope.valueOf(judgement.path("scope").asText().toUpperCase(Locale.ROOT))));
                    if (picture != null && judgement instanceof ObjectNode node) {
                        node.putPOJO(PICTURE, picture);
                        pictures.put(new Totals.Place(index, r, j).key(), picture);
                    }
                }
            }
            pictured.put(index, ReportJson.text(entry));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes cases one by one, in the order of the report. Each is written at once, and let go. */
    static final class Builder {
        private final Path directory;
        private final String command;
        private final Texts json;
        private final Map<String, Texts> tests = new TreeMap<>();
        private final Totals totals = new Totals();
        private final ReportData data;
        private final Gallery gallery = new Gallery();

        /**
         * @param directory for the files
         * @param command the line that repeats the audit
         */
        Builder(Path directory, String command) {
            this.directory = directory;
            this.command = command;
            this.json = new Texts(directory);
            this.data = new ReportData(new Texts(directory));
        }

        void add(CaseEntry entry) {
            List<Gallery.Exhibit> exhibits = entry.exhibits();
            exhibits.forEach(gallery::keep);
            json.add(exhibits.isEmpty() ? ReportJson.text(entry) : withoutPictures(entry));
            totals.add(entry);
            data.add(entry);
            for (Report.Run run : entry.runs()) {
                tests.computeIfAbsent(run.engine(), e -> new Texts(directory))
                        .add(Templates.tests(TestCase.of(new Outcome(entry, run), command)));
            }
        }

        private static String withoutPictures(CaseEntry entry) {
            JsonNode json = ReportJson.JSON.valueToTree(entry);
            json.path("runs").findParents(PICTURE).forEach(judgement -> ((ObjectNode) judgement).remove(PICTURE));
            return ReportJson.text(json);
        }

        /** With the best of the pictures that came with the entries. */
        Cases build() {
            return build(gallery.pictures());
        }

        Cases build(Map<Gallery.Subject, Picture> pictures) {
            return new Cases(this, pictures);
        }
    }

    /** No case. */
    static Cases none() {
        return of("", List.of());
    }

    /** Those of a list. */
    static Cases of(String command, List<CaseEntry> entries) {
        Builder builder = new Builder(Texts.TEMPORARY, command);
        entries.forEach(builder::add);
        return builder.build();
    }

    /**
     * Reads an entry.
     *
     * @throws UncheckedIOException if the disk fails
     */
    @Override
    public CaseEntry get(int index) {
        try {
            return ReportJson.JSON.readValue(text(index), CaseEntry.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its JSON. */
    String text(int index) {
        String hung = pictured.get(index);
        return hung == null ? json.get(index) : hung;
    }

    @Override
    public int size() {
        return json.size();
    }

    Totals totals() {
        return totals;
    }

    /** For index.html. */
    ReportData data() {
        return data;
    }

    /** For junit.xml: of each case the tests of that engine. */
    List<String> tests(String engine) {
        List<String> those = tests.get(engine);
        return those == null ? List.of() : those;
    }

    /** A failure and its case. */
    Outcome outcome(Totals.Failure failure) {
        CaseEntry entry = get(failure.position());
        return new Outcome(entry, entry.runs().get(failure.run()));
    }

    /** Failures and their cases, each read when it is asked for. */
    List<Outcome> outcomes(List<Totals.Failure> failures) {
        return new OutcomeList(failures);
    }

    private final class OutcomeList extends AbstractList<Outcome> implements RandomAccess {
        private final List<Totals.Failure> failures;

        OutcomeList(List<Totals.Failure> failures) {
            this.failures = failures;
        }

        @Override
        public Outcome get(int index) {
            return outcome(failures.get(index));
        }

        @Override
        public int size() {
            return failures.size();
        }
    }

    boolean isPictured(int index) {
        return pictured.containsKey(index);
    }

    /** The pictures, by the place of their judgement. */
    Map<String, Picture> pictures() {
        return pictures;
    }
}
