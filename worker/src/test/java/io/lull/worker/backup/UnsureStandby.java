package io.lull.worker.backup;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * A standby that runs when it is told to, and of which nobody hears that it does.
 *
 * @param fake what takes the stream
 * @param immortal whether it can't be ended
 */
record UnsureStandby(FakeStandby fake, boolean immortal) implements Standby {
    @Override
    public WritableByteChannel stream() {
        return fake.stream();
    }

    @Override
    public boolean isAlive() {
        return immortal || fake.isAlive();
    }

    @Override
    public CompletableFuture<String> ended() {
        return fake.ended();
    }

    @Override
    public void markTaken(UUID taker) {
        fake.markTaken(taker);
    }

    @Override
    public void run() {
        fake.run();
    }

    @Override
    public void awaitRunning(long limitNanos) throws IOException {
        throw new IOException("its monitor is gone");
    }

    @Override
    public void announceSelf() {
        throw new IllegalStateException("nobody knows that it runs");
    }

    @Override
    public void withdraw() {
        if (!immortal) {
            fake.withdraw();
        }
    }
}
