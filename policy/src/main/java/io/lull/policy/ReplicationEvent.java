package io.lull.policy;

/**
 * Something that happened to a VM's protection, for operators and for the record.
 *
 * @param vm whose
 * @param hostId where it was seen
 * @param kind what happened
 * @param atMicros when, host wall clock, microseconds since 1970
 * @param epoch the open epoch; 0 before the first
 * @param detail one line for a reader; may be empty
 */
public record ReplicationEvent(VmId vm, String hostId, Kind kind, long atMicros, long epoch, String detail) {
    public ReplicationEvent {
        Checks.notNegative("atMicros", atMicros);
        Checks.notNegative("epoch", epoch);
    }

    /** What can happen. */
    public enum Kind {
        /** The backup holds a whole epoch: a failover from here on loses nothing. */
        PROTECTED,
        /** The backup holds nothing that could be used. */
        UNPROTECTED,
        /** The worker runs on its safe interval, for want of a plan that holds. */
        FALLBACK,
        /** A plan of the job is in force again. */
        PLAN_CONTROL,
        /** The right to release output, or to take over, was not to be had from the fence: output is held. */
        LEASE_LOST,
        /** Another host has taken over: this one must not release output again. */
        FENCED,
        /** The connection to the backup is gone. */
        BACKUP_LOST,
        /** The connection to the backup is back. */
        BACKUP_BACK,
        /** The backup runs the VM now. */
        FAILOVER,
        /** Checkpoints can be taken. */
        ARMED,
        /** Checkpoints are no longer taken, on purpose. */
        DISARMED,
        /** Arming was refused; the detail says why. */
        REFUSED,
        /** The VM's disk is not replicated. */
        DISK_UNPROTECTED,
        /** The backup's image was found to differ from the primary's. */
        VERIFY_FAILED,
        /** The worker ends in good order. */
        SHUTDOWN
    }
}
