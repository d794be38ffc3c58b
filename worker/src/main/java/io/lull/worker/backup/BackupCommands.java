package io.lull.worker.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What an operator tells a backup, and its answers, as JSON on its command socket. */
public final class BackupCommands {
    private static final String COMMAND = "command";
    private static final String TAKEOVER = "takeover";
    private static final String REASON = "reason";
    private static final String ERROR = "error";

    private BackupCommands() {}

    /** The request to take over. */
    public static JsonNode takeover(String reason) {
        return JsonNodeFactory.instance.objectNode().put(COMMAND, TAKEOVER).put(REASON, reason);
    }

    /** Why a request came to nothing; empty when it didn't. */
    public static Optional<String> errorOf(JsonNode answer) {
        return answer.has(ERROR) ? Optional.of(answer.path(ERROR).asText()) : Optional.empty();
    }

    /** Carries a request out, and says how that went. */
    public static JsonNode answer(Backup backup, JsonNode request) throws InterruptedException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (!request.path(COMMAND).asText().equals(TAKEOVER)) {
            return answer.put(ERROR, "a backup knows the command " + TAKEOVER + ", not " + request.path(COMMAND));
        }
        try {
            FailoverReport report = backup.takeOver(request.path(REASON).asText());
            return answer.put("epoch", report.epoch())
                    .put("hot", report.hot())
                    .put("decisionToStreamedNanos", report.decisionToStreamedNanos())
                    .put("decisionToResumeNanos", report.decisionToResumeNanos())
                    .put(REASON, report.reason());
        } catch (FailoverException e) {
            return answer.put(ERROR, e.getMessage());
        }
    }
}
