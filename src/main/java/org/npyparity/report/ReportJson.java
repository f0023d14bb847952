package org.npyparity.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.fixture.Schema;

/** report.json: the record tree, field by field, in snake_case. */
final class ReportJson {
    static final String SCHEMA = "report.schema.json";
    private static final String CASES = "cases";
    private static final int FORMAT_MAJOR = 1;
    private static final int FAULTS_SHOWN = 3;

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    // The shortest digits, in less code to warm up than the JDK's, and the same on all of them.
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .withConfigOverride(Difference.class, d -> d.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY)))
            .configure(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, true)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A newer minor version may add fields.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .build();

    private static final ObjectReader PART = JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ReportJson() {}

    /** The JSON of a value of a report, in one line. */
    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line for each field of the report, and for each element of those that are lists: a diff shows the case. */
    static void write(Report report, Writer out) throws IOException {
        ObjectNode fields = JSON.valueToTree(report.with(Cases.none()));
        String before = "{";
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            out.write(before + "\n \"" + field.getKey() + "\":");
            before = ",";
            JsonNode value = field.getValue();
            if (field.getKey().equals(CASES)) {
                write(report.cases().size(), report.cases()::text, out);
            } else if (value.isArray()) {
                write(value.size(), i -> text(value.get(i)), out);
            } else {
                out.write(text(value));
            }
        }
        out.write("\n}\n");
    }

    private static void write(int size, IntFunction<String> elements, Writer out) throws IOException {
        out.write('[');
        for (int i = 0; i < size; i++) {
            out.write(i == 0 ? "\n  " : ",\n  ");
            out.write(elements.apply(i));
        }
        out.write(size == 0 ? "]" : "\n ]");
    }

    /**
     * Reads a report, case by case.
     *
     * @param scratch the directory for the files in which its cases wait
     */
    static Report read(Path file, Path scratch) {
        try {
            Report head = head(file);
            return head.with(cases(file, new Cases.Builder(scratch, head.command())));
        } catch (JsonProcessingException e) {
            throw new ReportException(
                    file + ": is not JSON: " + e.getOriginalMessage() + " at line "
                            + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()),
                    e);
        } catch (IOException e) {
            throw new ReportException(file + ": cannot be read: expected the report.json of an audit", e);
        }
    }

    /** All but the cases: these may come before what their reports need of the rest. */
    private static Report head(Path file) throws IOException {
        try (JsonParser in = JSON.createParser(file.toFile())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw refusal(file, List.of("expected an object"));
            }
            ObjectNode head = JSON.createObjectNode();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String field = in.currentName();
                if (in.nextToken() == JsonToken.START_ARRAY && field.equals(CASES)) {
                    in.skipChildren();
                    head.putArray(field);
                } else {
                    head.set(field, PART.readTree(in));
                }
            }
            if (in.nextToken() != null) {
                throw new JsonParseException(in, "there is something behind its end");
            }
            requireFormat(file, head.path("format").asText());
            Schema schema = schema();
            List<String> faults = schema.faults(head);
            if (!faults.isEmpty()) {
                throw refusal(file, faults);
            }
            head.remove(CASES);
            return JSON.treeToValue(head, Report.class);
        }
    }

    private static Cases cases(Path file, Cases.Builder cases) throws IOException {
        Schema schema = schema().definition("case");
        try (MappingIterator<JsonNode> entries =
                JSON.readerFor(JsonNode.class).at("/" + CASES).readValues(file.toFile())) {
            for (int i = 0; entries.hasNextValue(); i++) {
                JsonNode entry = entries.nextValue();
                String prefix = CASES + "[" + i + "]: ";
                List<String> faults = schema.faults(entry);
                if (!faults.isEmpty()) {
                    throw refusal(file, faults.stream().map(prefix::concat).toList());
                }
                cases.add(JSON.treeToValue(entry, Report.CaseEntry.class));
            }
        }
        return cases.build();
    }

    private static ReportException refusal(Path file, List<String> faults) {
        return new ReportException(file + ": is no report of npyparity: "
                + faults.stream().limit(FAULTS_SHOWN).collect(Collectors.joining("; ")) + " (" + SCHEMA
                + "); expected the report.json of an audit");
    }

    private static void requireFormat(Path file, String format) {
        String major = format.split("\\.", 2)[0];
        if (major.matches("[0-9]{1,9}") && Integer.parseInt(major) > FORMAT_MAJOR) {
            throw new ReportException(file + ": format is " + format + ": this npyparity reads " + FORMAT_MAJOR
                    + ".x; a newer npyparity is needed");
        }
    }

    static Schema schema() {
        return new Schema(ReportJson.class, SCHEMA);
    }
}
