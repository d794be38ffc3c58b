package io.lull.worker.backup;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby that is being filled for a takeover: it is marked as soon as it has all, awaited before it runs, and announced
 * when it does. Whether it runs, others decide.
 */
final class FilledStandby {
    private static final Logger log = LoggerFactory.getLogger(FilledStandby.class);
    /** How long acknowledged epochs may take to be applied, and an image to be streamed. */
    private static final long STREAM_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final CompletableFuture<Standby> filled;

    /**
     * It bears the mark before it is known whether it may run: one that may not is ended.
     *
     * @param filling done when it has all
     * @param taker whom the fence may have it by; empty without a fence, which asks for no mark
     */
    FilledStandby(CompletableFuture<Standby> filling, Optional<UUID> taker) {
        this.filled = filling.thenApply(standby -> {
            taker.ifPresent(id -> mark(standby, id));
            return standby;
        });
    }

    /** Without it the VM runs just as well; but no primary worker can show at the fence that it has it. */
    private static void mark(Standby standby, UUID taker) {
        try {
            standby.markTaken(taker);
        } catch (IOException e) {
            log.error(
                    "The VM can't be protected where it runs now until `lull fence --free` is said, since its QEMU takes no"
                            + " mark: {}",
                    e.getMessage());
        }
    }

    /** Returns it when it has all. */
    Standby await() throws IOException, InterruptedException {
        try {
            return filled.get(STREAM_LIMIT_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("the standby took more than " + STREAM_LIMIT_NANOS / 1_000_000_000 + " s", e);
        }
    }

    /** The VM runs already: switches that learn its place late are no reason to end it, nor is a call to end. */
    static void announce(Standby standby) {
        try {
            standby.announceSelf();
        } catch (IOException e) {
            log.warn("The VM runs, but did not announce its addresses: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
