package io.lull.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What an operator tells a worker on its command socket: one command, and why. As JSON, {@code {"command":…,"reason":…}};
 * the answer is an object of the command's own, or {@code {"error":…}}.
 *
 * @param command its name, as of the {@code lull} verb
 * @param reason for the log and the event
 */
public record OperatorRequest(String command, String reason) {
    private static final String COMMAND = "command";
    private static final String REASON = "reason";
    private static final String ERROR = "error";

    /** What was sent; what is missing is empty. */
    public static OperatorRequest of(JsonNode sent) {
        return new OperatorRequest(
                sent.path(COMMAND).asText(), sent.path(REASON).asText());
    }

    /** As it is sent. */
    public JsonNode toJson() {
        return JsonNodeFactory.instance.objectNode().put(COMMAND, command).put(REASON, reason);
    }

    /** An answer that says why the request came to nothing. */
    public static ObjectNode error(String why) {
        return JsonNodeFactory.instance.objectNode().put(ERROR, why);
    }

    /** Why a request came to nothing; empty when it didn't. */
    public static Optional<String> errorOf(JsonNode answer) {
        return answer.has(ERROR) ? Optional.of(answer.path(ERROR).asText()) : Optional.empty();
    }
}
