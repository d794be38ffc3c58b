package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What one schedule did to one workload in one simulated run, or in several of different seeds.
 *
 * @param workload name of the workload
 * @param policy name of the policy, for example {@code gerofi}
 * @param setting the policy's parameters in words, for example {@code pace 0.5, 8 packets}; empty when it has none
 * @param seeds that it was drawn from; of {@link #over several runs} all of theirs
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
        List<Long> seeds,
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
        seeds = List.copyOf(seeds);
        reasons = Map.copyOf(reasons);
        epochs = List.copyOf(epochs);
    }

    /**
     * Several runs of one schedule on one workload, from different seeds, as one: scores and useful work are geometric
     * means, other figures means, durations and reasons are counted together, and the epochs are those of the first.
     */
    public static RunResult over(List<RunResult> runs) {
        if (runs.size() == 1) {
            return runs.get(0);
        }
        RunResult first = runs.get(0);
        return new RunResult(
                first.workload,
                first.policy,
                first.setting,
                runs.stream().flatMap(run -> run.seeds.stream()).toList(),
                first.simulatedNanos,
                geometricMean(runs, RunResult::usefulWorkRatio),
                mean(runs, RunResult::requestsPerSecond),
                mean(runs, RunResult::transferredBytesPerSecond),
                mean(runs, RunResult::backgroundRatio),
                together(runs, RunResult::outputDelay),
                together(runs, RunResult::pause),
                mean(runs, RunResult::pausedRatio),
                mean(runs, RunResult::checkpointsPerSecond),
                mean(runs, RunResult::shippedBytesPerSecond),
                mean(runs, RunResult::dirtyPagesPerCheckpoint),
                mean(runs, RunResult::slotRatio),
                mean(runs, RunResult::planChangesPerSecond),
                geometricMean(runs, RunResult::scoreRatio),
                reasonsOf(runs),
                first.epochs);
    }

    /** The same run with other epochs, for example none. */
    public RunResult withEpochs(List<EpochPoint> others) {
        return new RunResult(
                workload,
                policy,
                setting,
                seeds,
                simulatedNanos,
                usefulWorkRatio,
                requestsPerSecond,
                transferredBytesPerSecond,
                backgroundRatio,
                outputDelay,
                pause,
                pausedRatio,
                checkpointsPerSecond,
                shippedBytesPerSecond,
                dirtyPagesPerCheckpoint,
                slotRatio,
                planChangesPerSecond,
                scoreRatio,
                reasons,
                others);
    }

    private static double mean(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
        return runs.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static double geometricMean(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
        return Comparison.geometricMean(
                runs.stream().mapToDouble(figure).boxed().toList());
    }

    private static Delays together(List<RunResult> runs, Function<RunResult, Delays> which) {
        Delays all = new Delays();
        runs.forEach(run -> all.addAll(which.apply(run)));
        return all;
    }

    private static Map<TriggerReason, Long> reasonsOf(List<RunResult> runs) {
        Map<TriggerReason, Long> all = new EnumMap<>(TriggerReason.class);
        runs.forEach(run -> run.reasons.forEach((reason, times) -> all.merge(reason, times, Long::sum)));
        return all;
    }
}
