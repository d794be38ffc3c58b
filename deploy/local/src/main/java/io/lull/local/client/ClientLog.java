package io.lull.local.client;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client process has said: one JSON document a line, {@code {"replies":n}} at each reply and {@code {"end":…}}
 * with its report as the last. Other lines are messages for a reader.
 */
public record ClientLog(Path file) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
    private static final String REPLIES = "replies";
    private static final String END = "end";

    static String repliesLine(long replies) {
        return "{\"" + REPLIES + "\":" + replies + "}";
    }

    static String endLine(Object report) throws IOException {
        return JSON.writeValueAsString(Map.of(END, report));
    }

    /** How many replies the client has got so far; empty before the first, and for a client that does not count any. */
    public Optional<Long> replies() throws IOException {
        return newest(REPLIES).map(JsonNode::asLong);
    }

    /** Whether the client has said its last. */
    public boolean ended() throws IOException {
        return newest(END).isPresent();
    }

    /**
     * The report at the client's end.
     *
     * @throws IOException when there is none, or it lacks a field
     */
    public <T> T report(Class<T> type) throws IOException {
        JsonNode end = newest(END)
                .orElseThrow(() -> new IOException("a client ended without its report; what it said is in " + file));
        return JSON.treeToValue(end, type);
    }

    /** The newest value under a key; a line that is only half written does not count yet. */
    private Optional<JsonNode> newest(String key) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("{\"" + key + "\"")) {
                return Optional.of(JSON.readTree(lines.get(i)).path(key));
            }
        }
        return Optional.empty();
    }
}
