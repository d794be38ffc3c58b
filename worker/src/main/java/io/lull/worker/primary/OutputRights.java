package io.lull.worker.primary;

import io.lull.worker.config.OnBackupLoss;
import io.lull.worker.output.GateState;
import java.util.Optional;

/**
 * Decides what of a VM's output may leave while no backup protects it: between sessions, and after the last.
 *
 * <p>Two copies of a VM must never both speak. So once output was held, it flows without a backup only where the
 * operator chose so, or where the last backup took leave in peace, since one that was merely lost may have taken over.
 * A VM that is known to run elsewhere never speaks here again. One thread uses it.
 */
final class OutputRights {
    private final OnBackupLoss configured;
    private final boolean asksFence;
    private boolean backupAtPeace;
    private boolean fenced;

    /**
     * Nothing was held yet.
     *
     * @param configured what the operator chose
     * @param asksFence whether output that no backup protects waits for a fence's word as well
     */
    OutputRights(OnBackupLoss configured, boolean asksFence) {
        this.configured = configured;
        this.asksFence = asksFence;
    }

    /**
     * Notes how the last session with a backup ended.
     *
     * @param atPeace whether the backup has confirmed that it is no longer needed
     */
    void sessionEnded(boolean atPeace) {
        backupAtPeace = atPeace;
    }

    /** Notes that the VM runs on the backup; for good. */
    void fence() {
        fenced = true;
    }

    boolean isFenced() {
        return fenced;
    }

    /** Whether output is to flow from now until a backup is found again; where there is a fence, once that grants it. */
    boolean flowsWithoutBackup() {
        return configured == OnBackupLoss.GO_ON_UNPROTECTED;
    }

    /**
     * What the loss of the backup means for the output, for an operator.
     *
     * @param gate empty when no output is captured
     */
    String consequence(Optional<GateState> gate) {
        if (gate.isEmpty()) {
            return "the guest runs; no output of it is held (network.netdev is empty)";
        }
        if (flowsWithoutBackup() && asksFence && gate.get() == GateState.HOLDING) {
            return "the guest's output is held until the fence grants that it flows unprotected (onBackupLoss:"
                    + " go-on-unprotected, fence: kafka)";
        }
        if (flowsWithoutBackup()) {
            return "the guest's output flows unprotected (onBackupLoss: go-on-unprotected)";
        }
        return gate.get() == GateState.PASSING
                ? "the guest's output flows, since no checkpoint was taken yet"
                : "the guest runs and its output is held (onBackupLoss: stop-output)";
    }

    /**
     * Whether output may flow once this worker lets go of the VM.
     *
     * @param gate empty when no output is captured
     */
    boolean flowsAtEnd(Optional<GateState> gate) {
        boolean neverHeld = gate.isEmpty() || gate.get() == GateState.PASSING;
        return !fenced && (backupAtPeace || flowsWithoutBackup() || neverHeld);
    }

    /** Why output is dropped at the end; for an operator. */
    String whyDropped() {
        return fenced
                ? "it runs on the backup"
                : "its backup was lost and may have taken over; start a worker to protect it again";
    }
}
