package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.SourceState;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a source is, as its threads see it: its thread moves on, others order a pause, give a checkpoint up, or close. Its
 * states are those of {@link SourceState}; it touches neither QEMU nor memory. Thread-safe.
 */
final class SourceProgress {
    private static final Logger LOG = LoggerFactory.getLogger(SourceProgress.class);

    private final LongSupplier nanoClock;
    private volatile SourceState state = SourceState.NEW;
    private volatile String reason = "created";
    private Optional<PauseOrder> order = Optional.empty();
    private long orderedAtNanos;
    private boolean gaveUp;

    SourceProgress(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    SourceState state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /**
     * Gives an order to pause, where one is waited for; whether it was given.
     *
     * @param giving makes it, of when it was ordered
     */
    synchronized boolean order(LongFunction<PauseOrder> giving) {
        if (state != SourceState.PENDING) {
            return false;
        }
        orderedAtNanos = nanoClock.getAsLong();
        transition(SourceState.STOPPING, "trigger");
        order = Optional.of(giving.apply(orderedAtNanos));
        notifyAll();
        return true;
    }

    /** Waits for the next order. */
    synchronized PauseOrder awaitOrder() throws CaptureException {
        try {
            while (order.isEmpty()) {
                if (state != SourceState.PENDING) {
                    throw new CaptureException("the source is " + state);
                }
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CaptureException("interrupted while waiting for the order to pause");
        }
        PauseOrder now = order.get();
        order = Optional.empty();
        return now;
    }

    /** Goes on; throws when it isn't there, or what it is at was given up. */
    synchronized void move(SourceState from, SourceState to, String why) throws CaptureException {
        requireValid(from);
        transition(to, why);
    }

    /** Throws when it isn't there, or what it is at was given up. */
    synchronized void requireValid(SourceState wanted) throws CaptureException {
        if (gaveUp) {
            throw new CaptureException("the checkpoint was given up, as it took too long");
        }
        require(wanted);
    }

    /** Throws when it isn't there. */
    void require(SourceState wanted) throws CaptureException {
        if (state != wanted) {
            throw new CaptureException("the source is " + state + ", not " + wanted + ": " + reason);
        }
    }

    /**
     * Gives up what keeps the guest standing still for too long: from here on nothing of it counts.
     *
     * @param fetching for how long the guest has stood still for the fetch
     * @return what it was at; empty when it isn't late, or was given up before
     */
    synchronized Optional<SourceState> giveUpAfter(long limitNanos, LongSupplier fetching) {
        boolean stopped = state == SourceState.STOPPING || state == SourceState.PAUSED;
        boolean late = stopped && nanoClock.getAsLong() - orderedAtNanos >= limitNanos
                || state == SourceState.ARMING && fetching.getAsLong() >= limitNanos;
        if (!late || gaveUp) {
            return Optional.empty();
        }
        gaveUp = true;
        return Optional.of(state);
    }

    /** Ends it by a failure; what it was at. */
    synchronized SourceState fail(String why) {
        SourceState before = state;
        transition(SourceState.FAILED, why);
        return before;
    }

    /** Ends it; what it was at, empty when it was closed before. */
    synchronized Optional<SourceState> close() {
        if (state == SourceState.CLOSED) {
            return Optional.empty();
        }
        SourceState before = state;
        transition(SourceState.CLOSED, "close");
        notifyAll();
        return Optional.of(before);
    }

    private void transition(SourceState next, String why) {
        if (LOG.isTraceEnabled()) {
            // Three arguments are an array, and this is called in pauses.
            LOG.trace("{} -> {}: {}", state, next, why);
        }
        reason = why;
        state = next;
    }
}
