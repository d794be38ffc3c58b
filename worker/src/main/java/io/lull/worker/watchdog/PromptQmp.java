package io.lull.worker.watchdog;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A monitor that is to answer soon: no command may take longer than a limit, and that one did is remembered, also where
 * whoever sent it makes nothing of its failure. Thread-safe.
 */
final class PromptQmp implements Qmp {
    private final Qmp monitor;
    private final Duration limit;
    private volatile boolean late;

    PromptQmp(Qmp monitor, Duration limit) {
        this.monitor = monitor;
        this.limit = limit;
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
        Duration shorter = timeout.compareTo(limit) < 0 ? timeout : limit;
        // What is given out fails only when that is remembered.
        return monitor.execute(command, arguments, shorter).whenComplete((answer, error) -> {
            if (error instanceof QmpException failure && failure.kind() == QmpException.Kind.TIMEOUT) {
                late = true;
            }
        });
    }

    /** Whether any command was not answered in time. */
    boolean wasLate() {
        return late;
    }
}
