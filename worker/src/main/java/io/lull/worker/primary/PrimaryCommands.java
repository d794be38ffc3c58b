package io.lull.worker.primary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.status.OperatorRequest;

/** What an operator tells a primary, and its answers, as JSON on its command socket. */
public final class PrimaryCommands {
    /** The one command that there is. */
    public static final String SWITCHOVER = "switchover";

    private PrimaryCommands() {}

    /** Carries a request out, and says how that went. */
    public static JsonNode answer(PrimaryAgent agent, JsonNode sent) throws InterruptedException {
        OperatorRequest request = OperatorRequest.of(sent);
        if (!request.command().equals(SWITCHOVER)) {
            return OperatorRequest.error(
                    "a primary knows the command " + SWITCHOVER + ", not '" + request.command() + "'");
        }
        try {
            SwitchoverReport report = agent.switchOver(request.reason());
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("epoch", report.epoch())
                    .put("standstillNanos", report.standstillNanos())
                    .put("backup", report.answer());
        } catch (SwitchoverException e) {
            return OperatorRequest.error(String.valueOf(e.getMessage()));
        }
    }
}
