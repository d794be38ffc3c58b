package io.lull.job.schedule;

import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.TriggerPlacement;

/** The plan that was sent last, as Flink keeps it: enough to tell whether the next one differs. */
public final class SentPlan {
    public boolean present;
    public String policy = "";
    public long minEpochNanos;
    public long maxEpochNanos;
    public TriggerPlacement placement = TriggerPlacement.HOST;
    public boolean hasIdleRule;
    public double busyRatio;
    public long idleNanos;
    public long quietNanos;
    public long weakIdleNanos;
    public long settleNanos;

    /** The decision behind it. */
    public long decisionId;

    /** When it was sent, the job's clock. */
    public long sentAtMicros;

    static SentPlan of(EpochPlan plan, long decisionId, long sentAtMicros) {
        SentPlan sent = new SentPlan();
        sent.present = true;
        sent.policy = plan.policy();
        sent.minEpochNanos = plan.minEpochNanos();
        sent.maxEpochNanos = plan.maxEpochNanos();
        sent.placement = plan.placement();
        plan.idleRule().ifPresent(sent::keep);
        sent.decisionId = decisionId;
        sent.sentAtMicros = sentAtMicros;
        return sent;
    }

    private void keep(IdleRule rule) {
        hasIdleRule = true;
        busyRatio = rule.busyRatio();
        idleNanos = rule.idleNanos();
        quietNanos = rule.quietNanos();
        weakIdleNanos = rule.weakIdleNanos();
        settleNanos = rule.settleNanos();
    }

    /** Whether {@code plan} does the same except for the thresholds of its idle rule. */
    boolean sameButThresholds(EpochPlan plan) {
        return present
                && policy.equals(plan.policy())
                && minEpochNanos == plan.minEpochNanos()
                && maxEpochNanos == plan.maxEpochNanos()
                && placement == plan.placement()
                && hasIdleRule == plan.idleRule().isPresent();
    }

    /** Whether {@code plan} does the same. */
    boolean same(EpochPlan plan) {
        return sameButThresholds(plan) && plan.idleRule().map(this::sameRule).orElse(true);
    }

    private boolean sameRule(IdleRule rule) {
        return rule.equals(new IdleRule(busyRatio, idleNanos, quietNanos, weakIdleNanos, settleNanos));
    }
}
