package org.npyparity.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.npyparity.conv.ConvGeometry;

/** The layers that are measured, from conv-shapes.json, which the drivers of the peers read too. */
final class ConvShapes {
    private ConvShapes() {}

    private static JsonNode read() throws IOException {
        try (InputStream json =
                Objects.requireNonNull(ConvShapes.class.getResourceAsStream("conv-shapes.json"), "conv-shapes.json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    /** What the parameter {@code layer} takes: each shape with each of its batches, such as {@code document-b8}. */
    static List<String> layers() throws IOException {
        List<String> layers = new ArrayList<>();
        for (JsonNode shape : read()) {
            for (JsonNode batch : shape.get("batches")) {
                layers.add(shape.get("shape").asText() + "-b" + batch.asInt());
            }
        }
        return layers;
    }

    static ConvGeometry geometry(String layer) throws IOException {
        int cut = layer.lastIndexOf("-b");
        for (JsonNode shape : read()) {
            if (cut > 0 && shape.get("shape").asText().equals(layer.substring(0, cut))) {
                return new ConvGeometry(
                        Integer.parseInt(layer.substring(cut + 2)),
                        shape.get("in_height").asInt(),
                        shape.get("in_width").asInt(),
                        shape.get("in_depth").asInt(),
                        shape.get("out_depth").asInt(),
                        shape.get("filter_size").asInt(),
                        shape.get("stride").asInt(),
                        shape.get("padding").asInt());
            }
        }
        throw new IllegalArgumentException("no layer is called " + layer + ": expected one of " + layers());
    }
}
