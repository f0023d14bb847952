package org.npyparity.python;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.npyparity.array.DType;
import org.npyparity.fixture.Case;

/**
 * A case that is to be emitted: one entry of a cases.json, but for a policy of its own.
 *
 * @param operation the name of the operation
 * @param family how the numbers are drawn
 * @param variant which kind of family special; in it, empty lets the seed choose
 * @param dtype what is computed in
 * @param parameters the operation's sizes, by name, in their order
 * @param seed of the numbers, 0 to 2^32 - 1
 * @param why one sentence on what the case is for; if empty, the emitter words it
 */
public record CaseSpec(
        String operation,
        String family,
        Optional<String> variant,
        DType dtype,
        Map<String, Integer> parameters,
        long seed,
        Optional<String> why) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public CaseSpec {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** A case whose why the emitter words. */
    public CaseSpec(
            String operation,
            String family,
            Optional<String> variant,
            DType dtype,
            Map<String, Integer> parameters,
            long seed) {
        this(operation, family, variant, dtype, parameters, seed, Optional.empty());
    }

    /** The same case, with a why. */
    public CaseSpec because(String sentence) {
        return new CaseSpec(operation, family, variant, dtype, parameters, seed, Optional.of(sentence));
    }

    /**
     * What a case was made from, but for its why.
     *
     * @throws IllegalArgumentException if a parameter of the case is not a whole number
     */
    public static CaseSpec of(Case made) {
        Map<String, Integer> parameters = new LinkedHashMap<>();
        made.parameters().forEach((name, value) -> {
            if (!(value instanceof Integer number)) {
                throw new IllegalArgumentException(name + " is " + value + ": expected a whole number");
            }
            parameters.put(name, number);
        });
        return new CaseSpec(made.operation(), made.family(), made.variant(), made.dtype(), parameters, made.seed());
    }

    /**
     * Reads one entry of a cases.json. Whether there is such an operation, family or geometry, the emitter says.
     *
     * @throws IllegalArgumentException with a sentence that names the field, what was found and what was expected
     */
    public static CaseSpec parse(String json) {
        JsonNode entry;
        try {
            entry = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a case is not JSON (" + e.getOriginalMessage() + "): expected such as {\"operation\": ...}", e);
        }
        if (!(entry instanceof ObjectNode object)) {
            throw new IllegalArgumentException("a case is " + entry + ": expected a JSON object");
        }
        String operation = text(object, "operation");
        String family = text(object, "family");
        Optional<String> variant = optional(object, "variant");
        Optional<String> why = optional(object, "why");
        String dtype = text(object, "dtype");
        JsonNode seed = object.path("seed");
        if (!seed.canConvertToLong() || !seed.isIntegralNumber()) {
            throw new IllegalArgumentException("seed is " + shown(seed) + ": expected a whole number");
        }
        Map<String, Integer> parameters = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            switch (field.getKey()) {
                case "operation", "family", "variant", "dtype", "seed", "why" -> {}
                case "policy" ->
                    throw new IllegalArgumentException("policy is " + field.getValue()
                            + ": expected none, as the case is judged by the policy of its family");
                default -> {
                    if (!field.getValue().isInt()) {
                        throw new IllegalArgumentException(
                                field.getKey() + " is " + field.getValue() + ": expected a whole number");
                    }
                    parameters.put(field.getKey(), field.getValue().intValue());
                }
            }
        });
        return new CaseSpec(
                operation,
                family,
                variant,
                DType.named(dtype)
                        .orElseThrow(() ->
                                new IllegalArgumentException("dtype is \"" + dtype + "\": expected " + DType.names())),
                parameters,
                seed.longValue(),
                why);
    }

    private static Optional<String> optional(ObjectNode entry, String field) {
        JsonNode value = entry.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(text(entry, field));
    }

    private static String text(ObjectNode entry, String field) {
        JsonNode value = entry.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is " + shown(value) + ": expected a string");
        }
        return value.textValue();
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }

    /** The entry of a cases.json. */
    public ObjectNode toJson() {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("operation", operation).put("family", family);
        variant.ifPresent(v -> entry.put("variant", v));
        entry.put("dtype", dtype.toString());
        parameters.forEach(entry::put);
        entry.put("seed", seed);
        why.ifPresent(w -> entry.put("why", w));
        return entry;
    }

    /** The entry in one line. */
    @Override
    public String toString() {
        return toJson().toString();
    }
}
