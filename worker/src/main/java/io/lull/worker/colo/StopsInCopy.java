package io.lull.worker.colo;

import io.lull.worker.capture.GuestEvents;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * The stops of a guest while its memory is first copied. QEMU stops it once, at the end, and lets it run when COLO begins: also one
 * that somebody else has stopped meanwhile, and then says nothing of a stop of its own.
 */
final class StopsInCopy {
    private static final CompletableFuture<Boolean> NO = CompletableFuture.completedFuture(false);

    private final ColoControl control;
    private final GuestEvents events;
    private final LongSupplier nanoClock;
    private volatile boolean underWay;
    private volatile OptionalLong stoppedAtNanos = OptionalLong.empty();
    private volatile CompletableFuture<Boolean> byOthers = NO;

    StopsInCopy(ColoControl control, GuestEvents events, LongSupplier nanoClock) {
        this.control = control;
        this.events = events;
        this.nanoClock = nanoClock;
    }

    /** The copy begins, at the end of which QEMU stops the guest. */
    void begin() {
        // First: a RESUME that comes in between, of a session that has ended, leaves the stop expected.
        underWay = true;
        events.expectStop();
    }

    /** The guest was stopped: asks by whom; false, and does nothing, where no copy is under way. For the thread of events. */
    boolean stopped() {
        if (underWay) {
            stoppedAtNanos = OptionalLong.of(nanoClock.getAsLong());
            byOthers = control.askWhetherOthersStopped();
        }
        return underWay;
    }

    /** The guest runs: whoever had stopped it, QEMU's own stop is yet to come. For the thread of events. */
    void runs() {
        if (underWay) {
            byOthers = NO;
            stoppedAtNanos = OptionalLong.empty();
            events.expectStop();
        }
    }

    /** Whether the guest has stood still in the copy for as long as that. */
    boolean standsFor(long limitNanos) {
        OptionalLong since = stoppedAtNanos;
        return underWay && since.isPresent() && nanoClock.getAsLong() - since.getAsLong() >= limitNanos;
    }

    /** Whether it is known to stand still by somebody else's order. */
    boolean byOthers() {
        return byOthers.getNow(false);
    }

    /** @throws ColoStreamException when it is known to stand still by somebody else's order */
    void requireOwn() throws ColoStreamException {
        if (byOthers()) {
            throw new ColoStreamException("the guest was stopped by somebody else while its memory was first copied");
        }
    }

    /**
     * The copy has come to its end, and the guest is about to be let run. Waits for what isn't known yet, and no longer than a call to QEMU
     * may take.
     *
     * @throws ColoStreamException when it stands still by somebody else's order
     */
    void end() throws ColoStreamException {
        try {
            byOthers.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ColoStreamException("interrupted while QEMU was asked who stopped the guest");
        } catch (ExecutionException e) {
            throw new IllegalStateException("what isn't answered is answered with no", e);
        }
        requireOwn();
        underWay = false;
    }
}
