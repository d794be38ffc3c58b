package io.lull.worker.sharedmemory;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what QEMU says of the guest's running. Written by the monitor's thread, in order with QEMU's answers. */
final class GuestEvents {
    private final AtomicInteger resumes = new AtomicInteger();
    private volatile boolean stoppedByOthers;
    private volatile boolean reset;

    /**
     * Takes an event.
     *
     * @param held whether the guest stands still by the worker's order
     */
    void take(String name, boolean held) {
        switch (name) {
            case "STOP" -> stoppedByOthers = !held;
            case "RESUME" -> {
                resumes.incrementAndGet();
                stoppedByOthers = false;
            }
            case "RESET" -> reset = true;
            default -> {
                // Says nothing of the guest's running.
            }
        }
    }

    /** How often the guest was let run so far, by whomever. */
    int resumes() {
        return resumes.get();
    }

    /** Whether the guest stands still by an order that wasn't the worker's. */
    boolean stoppedByOthers() {
        return stoppedByOthers;
    }

    /** Whether the guest was reset: its firmware may have changed memory that is not in the file. */
    boolean reset() {
        return reset;
    }
}
