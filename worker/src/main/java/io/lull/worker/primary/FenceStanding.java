package io.lull.worker.primary;

/**
 * What a primary has from its fence, as far as it knows.
 *
 * <pre>
 *            GO_ALONE granted                       the backup's first commit
 *   NOTHING ──────────────────▶ ALONE ─────────────────────────────────────────┐
 *      ▲ │                        ▲                                             │
 *      │ └──PROTECT granted──▶ PROTECTED ──the backup is lost, GO_ALONE asked──▶│
 *      └────────────────────────────────────────────────────────────────────────┘
 *   any ──denied──▶ FENCED
 * </pre>
 *
 * ALONE is given up before anything is asked that would end it, so that the fence never has less than the primary uses.
 */
enum FenceStanding {
    /** Nothing is known to be granted: nothing may leave, but what the backup of a recorded session acknowledges. */
    NOTHING,
    /** All output may leave. */
    ALONE,
    /** The backup may take over, and only what it acknowledged may leave. */
    PROTECTED,
    /** The VM belongs to another: nothing may leave, for good. */
    FENCED
}
