package io.lull.worker.primary;

/**
 * Where the protection of a VM is.
 *
 * <pre>
 *  UNPROTECTED ──connect──▶ CONNECTING ──welcome──▶ SYNCING ──first commit──▶ PROTECTED
 *      ▲                        │                      │                          │
 *      └──────refused, lost─────┴──────────lost────────┴───────────lost───────────┘
 *  any ──guest off, stop──▶ ENDED
 * </pre>
 */
enum SessionState {
    /** No backup holds this VM's state; what its output does, the configuration says. */
    UNPROTECTED,
    CONNECTING,
    /** Disk and memory are copied for the first time in this session. */
    SYNCING,
    /** The backup holds a committed checkpoint and gets each further one. */
    PROTECTED,
    ENDED
}
