package io.lull.job.schedule;

import io.lull.policy.EpochPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import java.util.List;

/**
 * The plan that was sent last, as Flink keeps it: enough to tell whether the next one differs, and to send it again
 * without its policy.
 */
public final class SentPlan {
    public boolean present;
    public String policy = "";
    public long minEpochNanos;
    public long maxEpochNanos;
    public TriggerPlacement placement = TriggerPlacement.HOST;
    public SentConditions conditions = new SentConditions();

    /** The parts of its reason. */
    public String[] reasons = {};

    /** The decision behind it. */
    public long decisionId;

    /** When it was sent, the job's clock. */
    public long sentAtMicros;

    /** Whether it is no longer sent again: its lease runs out. */
    public boolean lapsed;

    /** Whether it was recorded as advice and never sent. */
    public boolean advice;

    static SentPlan of(EpochPlan plan, boolean advice, long decisionId, long sentAtMicros) {
        SentPlan sent = new SentPlan();
        sent.present = true;
        sent.policy = plan.policy();
        sent.minEpochNanos = plan.minEpochNanos();
        sent.maxEpochNanos = plan.maxEpochNanos();
        sent.placement = plan.placement();
        sent.conditions = SentConditions.of(plan.conditions());
        sent.reasons = plan.reason().parts().toArray(String[]::new);
        sent.advice = advice;
        sent.decisionId = decisionId;
        sent.sentAtMicros = sentAtMicros;
        return sent;
    }

    /** Whether it is kept in force, or standing as advice. */
    boolean stands() {
        return present && !lapsed;
    }

    /** Whether {@code plan}, as advice or not, does the same except for the thresholds of its conditions. */
    boolean sameButThresholds(EpochPlan plan, boolean asAdvice) {
        return stands()
                && advice == asAdvice
                && policy.equals(plan.policy())
                && minEpochNanos == plan.minEpochNanos()
                && maxEpochNanos == plan.maxEpochNanos()
                && placement == plan.placement()
                && conditions.sameButThresholds(plan.conditions());
    }

    /** Whether {@code plan}, as advice or not, does the same. */
    boolean same(EpochPlan plan, boolean asAdvice) {
        return sameButThresholds(plan, asAdvice) && conditions.value().equals(plan.conditions());
    }

    /** The plan itself; only when {@link #present}. */
    EpochPlan plan() {
        return new EpochPlan(
                policy, minEpochNanos, maxEpochNanos, conditions.value(), placement, new Reason(List.of(reasons)));
    }
}
