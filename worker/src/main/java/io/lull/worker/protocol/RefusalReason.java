package io.lull.worker.protocol;

/** Why a backup sends a primary away. */
public enum RefusalReason {
    /** The backup runs the VM now: this primary must never release output again. */
    FAILED_OVER(1),
    /** The backup is there for another VM. */
    OTHER_VM(2),
    /**
     * Another primary is connected, or a takeover is under way whose outcome isn't known yet. Worth a retry: a dead
     * primary is noticed after the silence limit, and a takeover ends within minutes.
     */
    BUSY(3),
    /** Another protocol version. */
    VERSION(4),
    /** The backup's disk image has another size. */
    DISK_SIZE(5),
    /**
     * The backup can't do its work until it is restarted: it failed to apply an epoch that it had acknowledged, or to
     * take over. It doesn't run the VM. Worth a retry.
     */
    BROKEN(6),
    /** One of the two asks a fence and the other doesn't, so that neither could trust what it decides. */
    FENCE(7);

    private final int code;

    RefusalReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RefusalReason of(int code) throws ProtocolException {
        for (RefusalReason value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        throw new ProtocolException("REFUSED frame: unknown reason " + code);
    }
}
