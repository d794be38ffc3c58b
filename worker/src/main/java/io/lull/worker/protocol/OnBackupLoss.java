package io.lull.worker.protocol;

/** What a primary does when it loses its backup; the backup must know before it takes over on its own. */
public enum OnBackupLoss {
    /** It goes on running but releases no output until a backup acknowledges again. */
    HOLD_OUTPUT(0),
    /**
     * It releases its output and goes on without a backup. A backup that then takes over makes two VMs that both
     * speak: so it may not do so on its own without a fence.
     */
    GO_ON_UNPROTECTED(1),
    /**
     * It releases nothing that no backup acknowledged unless the fence grants it, which a backup that takes over must ask
     * as well.
     */
    ASK_FENCE(2);

    private final int code;

    OnBackupLoss(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static OnBackupLoss of(int code) throws ProtocolException {
        for (OnBackupLoss value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        throw new ProtocolException("HELLO frame: unknown behaviour on backup loss " + code);
    }
}
