package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import java.util.List;
import java.util.Map;

/**
 * What one schedule did to one workload in one simulated run.
 *
 * @param workload name of the workload
 * @param policy name of the policy, for example {@code gerofi}
 * @param setting the policy's parameters in words, for example {@code pace 0.5, 8 packets}; empty when it has none
 * @param seed that the run was drawn from
 * @param simulatedNanos length of the run that was counted, warm-up excluded
 * @param usefulWorkRatio work done against the same workload without protection: the geometric mean over the workload's
 *     activities (requests answered, bytes transferred, background work); 1 is no loss
 * @param requestsPerSecond answered requests as the clients saw them
 * @param transferredBytesPerSecond bulk bytes that reached their receiver
 * @param backgroundRatio share of its unprotected speed at which background work went on; 1 where there is none
 * @param outputDelay how long frames were held, one count a frame
 * @param pause how long the guest stood still, one count a checkpoint
 * @param pausedRatio share of the time in which it stood still
 * @param checkpointsPerSecond committed ones
 * @param shippedBytesPerSecond bytes on the wire to the backup
 * @param dirtyPagesPerCheckpoint mean
 * @param slotRatio share of checkpoints made while the guest had nothing to do
 * @param planChangesPerSecond how often the plan in force was replaced by a different one
 * @param scoreRatio what a comparison ranks by: useful work, times target / p99 where the p99 output delay misses it
 * @param reasons how often each reason ended an epoch
 * @param epochs the last ones, at most {@link Simulation#KEPT_EPOCHS}
 */
public record RunResult(
        String workload,
        String policy,
        String setting,
        long seed,
        long simulatedNanos,
        double usefulWorkRatio,
        double requestsPerSecond,
        double transferredBytesPerSecond,
        double backgroundRatio,
        Delays outputDelay,
        Delays pause,
        double pausedRatio,
        double checkpointsPerSecond,
        double shippedBytesPerSecond,
        double dirtyPagesPerCheckpoint,
        double slotRatio,
        double planChangesPerSecond,
        double scoreRatio,
        Map<TriggerReason, Long> reasons,
        List<EpochPoint> epochs) {
    public RunResult {
        reasons = Map.copyOf(reasons);
        epochs = List.copyOf(epochs);
    }
}
