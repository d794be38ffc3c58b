package io.lull.worker.backup;

import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.util.OptionalLong;

/**
 * Decides whether a backup takes over on its own when its session ends.
 *
 * <p>Take over when the mode is automatic, the primary may be dead (end of stream, reset, silence), an epoch was
 * committed, and no second VM can come of it: either the primary holds its output until a backup acknowledges (it gets no
 * more acknowledgements from this one), or a fence decides.
 */
public final class FailoverRule {
    private FailoverRule() {}

    /**
     * What is known when a session ended.
     *
     * @param loss how it ended
     * @param committedEpoch what the VM would resume from
     * @param onBackupLoss what the primary said that it does without a backup
     * @param fenced whether a fence is configured
     */
    public record Situation(
            FailoverMode mode, LossKind loss, OptionalLong committedEpoch, OnBackupLoss onBackupLoss, boolean fenced) {}

    /** What to do, and why. */
    public record Verdict(boolean takeOver, String reason) {}

    public static Verdict decide(Situation situation) {
        if (situation.mode() == FailoverMode.MANUAL) {
            return no("failover is manual");
        }
        if (!situation.loss().suggestsDeath()) {
            return no("the session ended by " + situation.loss() + ", which doesn't mean that the primary is dead");
        }
        if (situation.committedEpoch().isEmpty()) {
            return no("no epoch was committed yet");
        }
        if (situation.onBackupLoss() == OnBackupLoss.GO_ON_UNPROTECTED && !situation.fenced()) {
            return no("the primary goes on without a backup and no fence is configured: both could run the VM");
        }
        return new Verdict(
                true,
                "primary lost by " + situation.loss() + ", epoch "
                        + situation.committedEpoch().getAsLong() + " is committed");
    }

    private static Verdict no(String reason) {
        return new Verdict(false, reason);
    }
}
