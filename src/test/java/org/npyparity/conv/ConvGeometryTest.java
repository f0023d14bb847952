package org.npyparity.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
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

    @Test
    void anyWindowSeesTheInputWhereTheMatrixOfAnImageOfOnesHoldsOne() {
        MatrixEngine engine = new EjmlEngine();
        int blind = 0;
        for (int height = 1; height <= 4; height++) {
            for (int width = 1; width <= 3; width++) {
                for (int stride = 1; stride <= 7; stride++) {
                    for (int padding = 0; padding <= 3; padding++) {
                        for (int filterSize = 1; filterSize <= Math.min(height, width) + 2 * padding; filterSize++) {
                            ConvGeometry g = new ConvGeometry(1, height, width, 1, 1, filterSize, stride, padding);
                            NdArray ones = NdArray.zeros(DType.FLOAT64, 1, height, width, 1);
                            Arrays.fill(ones.doubles(), 1);
                            boolean sees = Arrays.stream(engine.im2col(g, ones).doubles())
                                    .anyMatch(x -> x == 1);
                            assertEquals(sees, g.seesInput(), g::toString);
                            blind += sees ? 0 : 1;
                        }
                    }
                }
            }
        }
        assertEquals(true, blind > 20, blind + " geometries that see nothing");
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
