package io.lull.worker.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A standby that takes the stream apart instead of running a VM. */
final class FakeStandby implements Standby {
    final StandbyImage image = new StandbyImage();
    volatile boolean announced;
    volatile Optional<UUID> takenBy = Optional.empty();
    private final Pipe pipe;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private final CountDownLatch reading;

    /**
     * Starts.
     *
     * @param hangs whether it never reads its stream
     */
    FakeStandby(boolean hangs) throws IOException {
        this.pipe = Pipe.open();
        this.reading = new CountDownLatch(hangs ? 1 : 0);
        Thread thread = new Thread(this::receive, "fake-standby");
        thread.setDaemon(true);
        thread.start();
    }

    private void receive() {
        try {
            reading.await();
            InputStream stream = Channels.newInputStream(pipe.source());
            image.read(stream, TestVm.LAYOUT);
            loaded.complete(null);
        } catch (IOException | InterruptedException e) {
            loaded.completeExceptionally(e);
            ended.complete("fake standby: " + e);
        }
    }

    /** Ends as a crashed process would. */
    void crash() throws IOException {
        ended.complete("fake standby crashed");
        pipe.source().close();
    }

    @Override
    public WritableByteChannel stream() {
        return pipe.sink();
    }

    @Override
    public boolean isAlive() {
        return !ended.isDone();
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    /** Whether it has all of its stream. */
    boolean isLoaded() {
        return loaded.isDone();
    }

    /** Whether it runs, or did. */
    boolean ran() {
        return told.isDone();
    }

    @Override
    public void markTaken(UUID taker) {
        takenBy = Optional.of(taker);
    }

    @Override
    public void run() {
        told.complete(null);
    }

    @Override
    public void awaitRunning(long limitNanos) throws IOException, InterruptedException {
        try {
            CompletableFuture.allOf(loaded, told).get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void announceSelf() {
        announced = true;
    }

    @Override
    public void withdraw() {
        try {
            crash();
            pipe.sink().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
