package io.lull.worker.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.status.OperatorRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

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
            FailoverReport report = takenOver(backup, request.reason());
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

    /** On a thread of its own: the socket's is interrupted when the worker ends, and a takeover only where the backup says so. */
    private static FailoverReport takenOver(Backup backup, String reason)
            throws FailoverException, InterruptedException {
        CompletableFuture<FailoverReport> report = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        report.complete(backup.takeOver(reason));
                    } catch (FailoverException | InterruptedException | RuntimeException | Error e) {
                        report.completeExceptionally(e);
                    }
                },
                "lull-takeover");
        thread.setDaemon(true);
        thread.start();
        try {
            return report.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FailoverException why
                    ? why
                    : new FailoverException("the takeover was ended: " + e.getCause());
        }
    }
}
