package io.lull.policy;

/** A kind of measurement that a policy may need; where it is missing the policy is refused instead of guessing. */
public enum Signal {
    /** Run and wait time of each vCPU thread. */
    VCPU_TIME,
    /** Frames and bytes of the guest, in and out, and what is held. */
    NETWORK,
    /** TCP connections: requests pending, stalled and full windows. */
    TCP,
    /** Disk writes and requests in flight. */
    DISK,
    /** Dirty pages of each epoch. */
    DIRTY_PAGES,
    /** Frames that a second, executing VM did not produce; only hosts that run one have it. */
    DIVERGENCE
}
