package io.lull.producer.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Turns the bytes of one QMP connection into messages, and commands into bytes.
 *
 * <p>QMP is one JSON object a line. A line that is too long, is no JSON object, or is none of the four messages that
 * QEMU sends is a {@link QmpException.Kind#PROTOCOL} error, after which the codec is of no further use. Not thread-safe.
 */
public final class QmpCodec {
    /** The longest line taken; the largest that QEMU sends (its schema) is about a quarter of it. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    private static final int QUOTED_CHARS = 80;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private byte[] line = new byte[4096];
    private int length;

    /** Arguments of plain values, maps and lists. Commands are given in pauses, and a mapper of its own is long in the making. */
    static JsonNode arguments(Map<String, ?> values) {
        return JSON.valueToTree(values);
    }

    /** The bytes of a command, line end included. */
    public static byte[] encode(long id, String command, JsonNode arguments) {
        ObjectNode message = JSON.createObjectNode().put("execute", command);
        if (!arguments.isEmpty()) {
            message.set("arguments", arguments);
        }
        message.put("id", id);
        try {
            byte[] json = JSON.writeValueAsBytes(message);
            byte[] bytes = Arrays.copyOf(json, json.length + 1);
            bytes[json.length] = '\n';
            return bytes;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("arguments of " + command + " cannot be written as JSON", e);
        }
    }

    /** Takes all of {@code bytes} and returns the messages that it completed, in order. */
    public List<QmpMessage> decode(ByteBuffer bytes) throws QmpException {
        List<QmpMessage> messages = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                if (!isBlank()) {
                    messages.add(message());
                }
                length = 0;
            } else {
                append(next);
            }
        }
        return messages;
    }

    private void append(byte next) throws QmpException {
        if (length == MAX_LINE_BYTES) {
            throw broken("a line longer than " + MAX_LINE_BYTES + " bytes");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(MAX_LINE_BYTES, line.length * 2));
        }
        line[length++] = next;
    }

    private boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\r' && line[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private QmpMessage message() throws QmpException {
        JsonNode json;
        try {
            json = JSON.readTree(line, 0, length);
        } catch (IOException e) {
            throw broken("a line that is not JSON");
        }
        if (json.path("QMP").isObject()) {
            return new QmpMessage.Greeting(version(json.path("QMP").path("version")));
        }
        if (json.path("event").isTextual()) {
            return new QmpMessage.Event(event(json));
        }
        if (json.has("return")) {
            return new QmpMessage.Return(id(json), json.get("return"));
        }
        if (json.path("error").isObject()) {
            JsonNode error = json.get("error");
            return new QmpMessage.Refusal(
                    id(json),
                    error.path("class").asText("GenericError"),
                    error.path("desc").asText("no description"));
        }
        throw broken("a line that is no greeting, event, return or error");
    }

    private QemuVersion version(JsonNode version) throws QmpException {
        JsonNode qemu = version.path("qemu");
        return new QemuVersion(
                number(qemu.path("major")),
                number(qemu.path("minor")),
                number(qemu.path("micro")),
                version.path("package").asText("").strip());
    }

    private int number(JsonNode node) throws QmpException {
        if (!node.isInt() || node.intValue() < 0) {
            throw broken("a greeting without a version");
        }
        return node.intValue();
    }

    private long id(JsonNode json) throws QmpException {
        JsonNode id = json.path("id");
        if (!id.isIntegralNumber() || !id.canConvertToLong()) {
            throw broken("an answer without the id of a command");
        }
        return id.longValue();
    }

    private static QmpEvent event(JsonNode json) {
        JsonNode seconds = json.path("timestamp").path("seconds");
        JsonNode micros = json.path("timestamp").path("microseconds");
        boolean known = seconds.canConvertToInt() || seconds.isLong();
        known &= seconds.asLong() >= 0 && seconds.asLong() < Long.MAX_VALUE / 2_000_000;
        known &= micros.isInt() && micros.intValue() >= 0;
        JsonNode data = json.path("data");
        return new QmpEvent(
                json.get("event").textValue(),
                data.isMissingNode() ? JSON.createObjectNode() : data,
                known ? OptionalLong.of(seconds.asLong() * 1_000_000 + micros.intValue()) : OptionalLong.empty());
    }

    private QmpException broken(String what) {
        StringBuilder quote = new StringBuilder();
        for (int i = 0; i < Math.min(length, QUOTED_CHARS); i++) {
            quote.append(line[i] >= ' ' && line[i] < 127 ? (char) line[i] : '?');
        }
        return QmpException.of(QmpException.Kind.PROTOCOL, "QMP peer sent " + what + ": '" + quote + "'");
    }
}
