package io.lull.worker.disk;

/**
 * How far a disk's mirror is.
 *
 * <pre>
 *   IDLE ──▶ COPYING ──▶ READY
 *              │           │
 *              ▼           │
 *            FAILED ◀──────┘
 *
 *   each of them ──▶ CLOSED
 * </pre>
 */
public enum MirrorState {
    /** Not started. */
    IDLE,
    /** The old contents are being copied; the disk is unprotected. */
    COPYING,
    /** Target and disk are equal, and each write goes to both before the guest sees it completed. */
    READY,
    /** The job ended by itself; the disk is unprotected. */
    FAILED,
    /** Ended by request. */
    CLOSED;

    /** Whether a mirror may go from this state to {@code next}. */
    public boolean allows(MirrorState next) {
        return switch (this) {
            case IDLE -> next == COPYING || next == CLOSED;
            case COPYING -> next == READY || next == FAILED || next == CLOSED;
            case READY -> next == FAILED || next == CLOSED;
            case FAILED -> next == CLOSED;
            case CLOSED -> false;
        };
    }
}
