package io.lull.worker.backup;

import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides whether a backup takes over on its own when its session ends.
 *
 * <p>Take over when the mode is automatic, the primary may be dead (end of stream, reset, silence), the committed image is
 * fit to be run, and no second VM can come of it: either the primary holds its output until a backup acknowledges (it gets
 * no more acknowledgements from this one), or a fence decides.
 */
public final class FailoverRule {
    private FailoverRule() {}

    /**
     * What a takeover would start from.
     *
     * @param epoch the committed one, empty before the first commit
     * @param unfit why the VM must not be run from it, empty when it may
     */
    public record Basis(OptionalLong epoch, Optional<String> unfit) {
        public Basis {
            if (epoch.isEmpty() && unfit.isEmpty()) {
                throw new IllegalArgumentException("nothing to run is not fit to be run");
            }
        }
    }

    /**
     * What is known when a session ended.
     *
     * @param loss how it ended
     * @param basis what the VM would resume from
     * @param onBackupLoss what the primary said that it does without a backup
     * @param fenced whether a fence is asked before anything runs
     */
    public record Situation(FailoverMode mode, LossKind loss, Basis basis, OnBackupLoss onBackupLoss, boolean fenced) {}

    /** What to do, and why. */
    public record Verdict(boolean takeOver, String reason) {}

    public static Verdict decide(Situation situation) {
        if (situation.mode() == FailoverMode.MANUAL) {
            return no("failover is manual");
        }
        if (!situation.loss().suggestsDeath()) {
            return no("the session ended by " + situation.loss() + ", which doesn't mean that the primary is dead");
        }
        if (situation.basis().unfit().isPresent()) {
            return no(situation.basis().unfit().get());
        }
        if (situation.onBackupLoss() != OnBackupLoss.HOLD_OUTPUT && !situation.fenced()) {
            return no("the primary goes on without a backup and no fence is configured: both could run the VM");
        }
        return new Verdict(
                true,
                "primary lost by " + situation.loss() + ", epoch "
                        + situation.basis().epoch().getAsLong() + " is committed");
    }

    private static Verdict no(String reason) {
        return new Verdict(false, reason);
    }
}
