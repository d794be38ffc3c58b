package io.lull.worker.primary;

import io.lull.policy.TriggerReason;

/**
 * One firing of the trigger.
 *
 * @param epoch the epoch that it ends
 * @param decisionId of the plan or command behind it; 0 when the worker decided alone
 * @param signalToDecisionNanos from the end of the sample that decided until the firing
 * @param firedAtNanos monotonic
 * @param busyRatio busy share of the vCPUs in the trigger's last sample, 0..1
 */
record Firing(
        long epoch,
        TriggerReason reason,
        long decisionId,
        long signalToDecisionNanos,
        long firedAtNanos,
        double busyRatio) {}
