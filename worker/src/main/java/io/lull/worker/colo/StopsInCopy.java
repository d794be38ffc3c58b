package io.lull.worker.colo;

import java.util.concurrent.CompletableFuture;

/**
 * The stops of a guest while its memory is first copied. QEMU stops it once, at the end, and lets it run when COLO begins: also one
 * that somebody else has stopped meanwhile, and then says nothing of a stop of its own.
 */
final class StopsInCopy {
    private final ColoControl control;
    private volatile CompletableFuture<Boolean> byOthers = CompletableFuture.completedFuture(false);

    StopsInCopy(ColoControl control) {
        this.control = control;
    }

    /** There is one: asks whose it is. For the thread of events. */
    void add() {
        byOthers = byOthers.thenCombine(control.askWhetherOthersStopped(), Boolean::logicalOr);
    }

    /** @throws ColoStreamException when it is known that somebody else stopped the guest */
    void requireOwn() throws ColoStreamException {
        if (byOthers.getNow(false)) {
            throw new ColoStreamException("the guest was stopped by somebody else while its memory was first copied");
        }
    }

    /**
     * Waits for what isn't known yet, and no longer than a call to QEMU may take.
     *
     * @throws ColoStreamException when somebody else stopped the guest
     */
    void requireOwnAtEnd() throws ColoStreamException {
        byOthers.join();
        requireOwn();
    }
}
