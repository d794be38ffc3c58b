package io.lull.worker.capture;

/**
 * Where a {@link CheckpointSource} is in its life. The words at the arrows are COLO's; a source of another kind goes the same
 * way.
 *
 * <pre>
 *  NEW ──▶ ARMING ──▶ INITIAL_COPY ──▶ RUNNING ◀──────────────┐
 *                                        │ CHECKPOINT_REQUEST   │ LOADED
 *                                        ▼                      │
 *                                     PENDING ──reply──▶ STOPPING ──SEND──▶ PAUSED
 *                                              RUNNING ◀──LOADED── STANDING ◀──last──┘
 *  any ──▶ FAILED ──▶ CLOSED          any ──▶ CLOSED
 * </pre>
 */
public enum SourceState {
    NEW,
    /** QEMU is being made ready. */
    ARMING,
    INITIAL_COPY,
    /** The guest runs and the source is not yet ready for the next checkpoint. */
    RUNNING,
    /** The guest runs and the source waits for the order to pause it. */
    PENDING,
    /** The order is given; QEMU stops the guest. */
    STOPPING,
    /** The guest is paused; its dirty pages and device state arrive. */
    PAUSED,
    /** The guest is paused and its checkpoint captured; it runs on only if it isn't handed over. */
    STANDING,
    FAILED,
    CLOSED
}
