package io.lull.worker.backup;

import java.nio.channels.WritableByteChannel;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A standby whose stream is the test's: what it is sent goes to {@link #write}. It ends when it is withdrawn. */
abstract class PlayedStandby implements Standby, WritableByteChannel {
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public WritableByteChannel stream() {
        return this;
    }

    @Override
    public boolean isAlive() {
        return !ended.isDone();
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public void markTaken(UUID taker) {}

    @Override
    public void run() {}

    @Override
    public void awaitRunning(long limitNanos) {}

    @Override
    public void announceSelf() {}

    @Override
    public void withdraw() {
        ended.complete("withdrawn");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
