package io.lull.worker.colo;

/**
 * Where a {@link ColoSource} is in its life.
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
public enum ColoState {
    NEW,
    /** Capabilities set, {@code migrate} issued, waiting for QEMU to connect. */
    ARMING,
    INITIAL_COPY,
    /** The guest runs and QEMU has not yet asked for the next checkpoint. */
    RUNNING,
    /** The guest runs and QEMU waits for our reply. */
    PENDING,
    /** The reply is written; QEMU stops the guest. */
    STOPPING,
    /** The guest is paused; its dirty pages and device state arrive. */
    PAUSED,
    /** The guest is paused and its checkpoint captured; it runs on only if it isn't handed over. */
    STANDING,
    FAILED,
    CLOSED
}
