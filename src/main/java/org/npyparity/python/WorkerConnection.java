package org.npyparity.python;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The client's side of the protocol that {@code python/npyparity/serve.py} writes down, on any pair of streams. */
final class WorkerConnection {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT_MAJOR = "1.";
    private static final int LONGEST_LINE = 1 << 24;
    /** Exit codes above it are signals. */
    private static final long KILLED = 128;

    private final InputStream answers;
    private final OutputStream requests;
    private final Supplier<String> lastWords;
    private final NumpyWorker.Greeting greeting;

    /**
     * Waits for the greeting.
     *
     * @param answers what the worker says
     * @param requests what the worker hears
     * @param lastWords a sentence on why the worker has ended, asked for when it has
     * @throws NumpyException if the worker ends instead, or is of another format
     */
    WorkerConnection(InputStream answers, OutputStream requests, Supplier<String> lastWords) {
        this.answers = new BufferedInputStream(answers, 1 << 16);
        this.requests = requests;
        this.lastWords = lastWords;
        try {
            this.greeting = greeting(line());
        } catch (IOException e) {
            throw new NumpyException(lastWords.get(), e);
        }
    }

    /**
     * The last words of a worker that has ended.
     *
     * @param circumstances what else is known, with a comma before it; or nothing
     * @param lastLine that it wrote to its standard error
     */
    static String ended(String who, long exitCode, String circumstances, String lastLine) {
        return who + " has ended with "
                + (exitCode > KILLED ? "signal " + (exitCode - KILLED) : "exit code " + exitCode)
                + circumstances
                + (lastLine.isEmpty() ? ", without a word" : ": " + lastLine);
    }

    private static NumpyWorker.Greeting greeting(JsonNode hello) {
        String format = hello.path("format").asText();
        if (!format.startsWith(FORMAT_MAJOR)) {
            throw new NumpyException("the worker's first line is " + shown(hello.toString())
                    + ": expected a greeting with format " + FORMAT_MAJOR + "x");
        }
        String blas = Stream.of("name", "version")
                .map(field -> hello.path("blas").path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.joining(" "));
        return new NumpyWorker.Greeting(
                hello.path("numpy").asText(),
                blas.isEmpty() ? "an unknown BLAS" : blas,
                hello.path("python").asText(),
                hello.path("pid").asLong());
    }

    NumpyWorker.Greeting greeting() {
        return greeting;
    }

    /** See {@link NumpyWorker#emit(List, Path, boolean)}. */
    synchronized NumpyWorker.Emission emit(List<CaseSpec> cases, Path out, boolean skipUnfit) {
        byte[] tar;
        Map<Integer, String> unfit = new HashMap<>();
        try {
            JsonNode answer = ask(cases, skipUnfit);
            for (Map.Entry<String, JsonNode> entry : answer.path("unfit").properties()) {
                unfit.put(Integer.valueOf(entry.getKey()), entry.getValue().asText());
            }
            tar = bytes(answer.path("bytes").asLong(-1));
        } catch (IOException e) {
            throw new NumpyException(lastWords.get(), e);
        }
        List<Path> written = CaseArchive.unpack(tar, out, cases.size() - unfit.size());
        return new NumpyWorker.Emission(written, unfit);
    }

    private JsonNode ask(List<CaseSpec> cases, boolean skipUnfit) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode list = request.putArray("cases");
        cases.forEach(c -> list.add(c.toJson()));
        request.put("skip_unfit", skipUnfit);
        requests.write((request + "\n").getBytes(StandardCharsets.UTF_8));
        requests.flush();
        JsonNode answer = line();
        if (!answer.path("ok").asBoolean()) {
            throw new NumpyException(
                    "the worker refuses: " + answer.path("error").asText(shown(answer.toString())));
        }
        return answer;
    }

    private byte[] bytes(long count) throws IOException {
        if (count < 0 || count > Integer.MAX_VALUE - 8) {
            throw new NumpyException("the worker announces " + count
                    + " bytes: expected at most 2 GiB for one list of cases, ask for fewer at a time");
        }
        byte[] bytes = answers.readNBytes((int) count);
        if (bytes.length < count) {
            throw new EOFException("the answer ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    private JsonNode line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = answers.read(); b != '\n'; b = answers.read()) {
            if (b < 0) {
                throw new EOFException("the worker ended");
            }
            if (line.size() == LONGEST_LINE) {
                throw new NumpyException("the worker's answer has no end: expected a line of JSON");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new NumpyException("the worker says " + shown(text) + ": expected a line of JSON", e);
        }
    }

    private static String shown(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }
}
