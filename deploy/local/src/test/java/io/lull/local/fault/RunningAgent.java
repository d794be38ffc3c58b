package io.lull.local.fault;

import io.lull.worker.config.ConfigException;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.Wirings;
import io.lull.worker.fence.Fence;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** A primary worker's agent on a thread of this JVM. */
final class RunningAgent implements AutoCloseable {
    private static final long END_SECONDS = 30;

    private final SeenEvents events = new SeenEvents();
    private final PrimaryAgent agent;
    private final CompletableFuture<Optional<String>> ended = new CompletableFuture<>();
    private boolean closed;

    RunningAgent(PrimaryConfig config) throws IOException {
        this(config, Optional.empty());
    }

    RunningAgent(PrimaryConfig config, Optional<Fence> fence) throws IOException {
        this(config, fence, granted -> new PageWorkers(granted, "test-page"));
    }

    RunningAgent(PrimaryConfig config, Optional<Fence> fence, IntFunction<PageWorkers> workers) throws IOException {
        this.agent = new PrimaryAgent(config, wiring(config), events, CaptureTap.NONE, fence, workers);
        Thread thread = new Thread(this::run, "agent");
        thread.setDaemon(true);
        thread.start();
    }

    private static Wiring wiring(PrimaryConfig config) throws IOException {
        try {
            return Wirings.of(config);
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void run() {
        try {
            agent.run();
            ended.complete(Optional.empty());
        } catch (IOException e) {
            ended.complete(Optional.of(String.valueOf(e.getMessage())));
        } catch (InterruptedException | RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    SeenEvents events() {
        return events;
    }

    PrimaryAgent agent() {
        return agent;
    }

    /** Waits for the end of the agent's run; why it failed, empty when it ended well. */
    Optional<String> awaitEnd() throws IOException {
        try {
            return ended.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IOException("the agent does not end well: " + e, e);
        }
    }

    /** The end in good order, as at SIGTERM. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            agent.stop();
            try {
                awaitEnd();
            } finally {
                agent.close();
            }
        }
    }
}
