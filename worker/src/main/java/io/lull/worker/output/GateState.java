package io.lull.worker.output;

/**
 * What a gate does with the guest's output.
 *
 * <pre>
 *   HOLDING ◀──▶ PASSING
 *      │            │
 *      ├────────────┤
 *      ▼            ▼
 *  DISCARDED      FAILED
 * </pre>
 *
 * Either of the upper two may end as either of the lower two, which are final: a gate that was given up never lets a
 * frame through again.
 */
public enum GateState {
    /** Output is held until its epoch is released. */
    HOLDING,
    /** Output leaves as it comes: the VM is not protected. */
    PASSING,
    /** Output is read and dropped, by request: failover, abort or close. */
    DISCARDED,
    /** Output is dropped because a socket was lost. */
    FAILED;

    /** Whether frames can still leave. */
    public boolean isOpen() {
        return this == HOLDING || this == PASSING;
    }

    /** Whether a gate may go from this state to {@code next}. */
    public boolean allows(GateState next) {
        return isOpen() && next != this;
    }
}
