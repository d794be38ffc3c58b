package io.lull.worker.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.status.OperatorRequest;

/** What an operator tells a backup, and its answers, as JSON on its command socket. */
public final class BackupCommands {
    /** The one command that there is. */
    public static final String TAKEOVER = "takeover";

    private BackupCommands() {}

    /** Carries a request out, and says how that went. */
    public static JsonNode answer(Backup backup, JsonNode sent) throws InterruptedException {
        OperatorRequest request = OperatorRequest.of(sent);
        if (!request.command().equals(TAKEOVER)) {
            return OperatorRequest.error(
                    "a backup knows the command " + TAKEOVER + ", not '" + request.command() + "'");
        }
        try {
            FailoverReport report = backup.takeOver(request.reason());
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("epoch", report.epoch())
                    .put("hot", report.hot())
                    .put("decisionToStreamedNanos", report.decisionToStreamedNanos())
                    .put("decisionToResumeNanos", report.decisionToResumeNanos())
                    .put("reason", report.reason());
        } catch (FailoverException e) {
            return OperatorRequest.error(String.valueOf(e.getMessage()));
        }
    }
}
