package io.lull.worker.primary;

/**
 * Who decides when a VM is checkpointed.
 *
 * <pre>
 *   FALLBACK ──a plan in lease──▶ PLANNED
 *      ▲                             │
 *      └────────lease over───────────┘
 * </pre>
 */
enum ControlState {
    /** No plan holds: the safe fixed interval. */
    FALLBACK,
    /** The job's plan holds. */
    PLANNED
}
