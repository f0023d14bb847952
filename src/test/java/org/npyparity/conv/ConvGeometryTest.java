package org.npyparity.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.npyparity.operation.conv.Conv2d;

/** Holds Java to fixtures/geometry.json, as Python's tests hold the reference to it. */
class ConvGeometryTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> aValidGeometryHasTheShapesThatPythonGivesIt() throws IOException {
        return entries("valid")
                .map(entry -> DynamicTest.dynamicTest(entry.get("why").asText(), () -> {
                    ConvGeometry geometry = Conv2d.geometry(parameters(entry));
                    assertEquals(entry.get("out_height").asInt(), geometry.outHeight(), "out_height");
                    assertEquals(entry.get("out_width").asInt(), geometry.outWidth(), "out_width");
                    assertEquals(ConvArray.values().length, entry.get("shapes").size(), "arrays");
                    for (ConvArray array : ConvArray.values()) {
                        assertArrayEquals(
                                JSON.convertValue(entry.get("shapes").get(array.toString()), int[].class),
                                array.shape(geometry),
                                array.toString());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> anInvalidGeometryIsRefusedWithPythonsSentence() throws IOException {
        return entries("invalid")
                .map(entry -> DynamicTest.dynamicTest(entry.get("message").asText(), () -> {
                    IllegalArgumentException refusal =
                            assertThrows(IllegalArgumentException.class, () -> Conv2d.geometry(parameters(entry)));
                    assertEquals(entry.get("message").asText(), refusal.getMessage());
                }));
    }

    private static Stream<JsonNode> entries(String kind) throws IOException {
        JsonNode entries =
                JSON.readTree(Path.of("fixtures/geometry.json").toFile()).get(kind);
        assertEquals(true, entries.size() > 10, kind + " geometries");
        return StreamSupport.stream(entries.spliterator(), false);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parameters(JsonNode entry) {
        return JSON.convertValue(entry.get("parameters"), Map.class);
    }
}
