package io.lull.worker.primary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What an operator tells a primary, and its answers, as JSON on its command socket. */
public final class PrimaryCommands {
    private static final String COMMAND = "command";
    private static final String SWITCHOVER = "switchover";
    private static final String REASON = "reason";
    private static final String ERROR = "error";

    private PrimaryCommands() {}

    /** The request to hand the VM over to the backup. */
    public static JsonNode switchover(String reason) {
        return JsonNodeFactory.instance.objectNode().put(COMMAND, SWITCHOVER).put(REASON, reason);
    }

    /** Why a request came to nothing; empty when it didn't. */
    public static Optional<String> errorOf(JsonNode answer) {
        return answer.has(ERROR) ? Optional.of(answer.path(ERROR).asText()) : Optional.empty();
    }

    /** Carries a request out, and says how that went. */
    public static JsonNode answer(PrimaryAgent agent, JsonNode request) throws InterruptedException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (!request.path(COMMAND).asText().equals(SWITCHOVER)) {
            return answer.put(ERROR, "a primary knows the command " + SWITCHOVER + ", not " + request.path(COMMAND));
        }
        try {
            SwitchoverReport report = agent.switchOver(request.path(REASON).asText());
            return answer.put("epoch", report.epoch())
                    .put("standstillNanos", report.standstillNanos())
                    .put("backup", report.answer());
        } catch (SwitchoverException e) {
            return answer.put(ERROR, e.getMessage());
        }
    }
}
