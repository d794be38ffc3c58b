package io.lull.producer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A way to send QMP commands to one QEMU. */
public interface Qmp {
    /** How long a command may take unless said otherwise. */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Sends a command and returns at once.
     *
     * @return the value that QEMU returns, or a {@link QmpException} as the failure. It completes on the connection's
     *     reading thread or on a timer's: what is chained to it must not block, and must not wait for another command.
     */
    CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout);

    default CompletableFuture<JsonNode> execute(String command, JsonNode arguments) {
        return execute(command, arguments, DEFAULT_TIMEOUT);
    }

    default CompletableFuture<JsonNode> execute(String command, Map<String, ?> arguments) {
        return execute(command, QmpCodec.arguments(arguments));
    }

    default CompletableFuture<JsonNode> execute(String command) {
        return execute(command, JsonNodeFactory.instance.objectNode());
    }

    /** Sends a command and waits for its answer; never to be called by an event listener. */
    default JsonNode call(String command, Map<String, ?> arguments) throws QmpException, InterruptedException {
        return await(command, execute(command, arguments));
    }

    /** As {@link #call(String, Map)}, for at most {@code timeout}. */
    default JsonNode call(String command, Map<String, ?> arguments, Duration timeout)
            throws QmpException, InterruptedException {
        return await(command, execute(command, QmpCodec.arguments(arguments), timeout));
    }

    default JsonNode call(String command) throws QmpException, InterruptedException {
        return call(command, Map.of());
    }

    private static JsonNode await(String command, CompletableFuture<JsonNode> answer)
            throws QmpException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QmpException failure) {
                throw failure;
            }
            throw new IllegalStateException("QMP command " + command + " failed in an unknown way", e);
        }
    }
}
