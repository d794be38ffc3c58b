package io.lull.policy.sim;

import io.lull.policy.Targets;
import io.lull.policy.TriggerReason;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Adds up one run, from the end of its warm-up on. */
final class Meter {
    private final Delays pause = new Delays();
    private final Map<TriggerReason, Long> reasons = new EnumMap<>(TriggerReason.class);
    private final ArrayDeque<EpochPoint> epochs = new ArrayDeque<>();
    private double pausedNanos;
    private double shippedBytes;
    private double dirtyPages;
    private long checkpoints;
    private long inSlots;
    private long planChanges;

    void committed(Checkpoint done, long releasedPackets) {
        pause.add((long) done.pauseNanos, 1);
        reasons.merge(done.reason, 1L, Long::sum);
        pausedNanos += done.pauseNanos;
        shippedBytes += done.shippedBytes;
        dirtyPages += done.dirtyPages;
        checkpoints++;
        inSlots += done.inSlot ? 1 : 0;
        if (epochs.size() == Simulation.KEPT_EPOCHS) {
            epochs.removeFirst();
        }
        epochs.add(new EpochPoint(
                done.epoch,
                done.reason,
                done.pausedAt,
                done.lengthNanos,
                (long) done.pauseNanos,
                done.commitAt - done.pausedAt,
                Math.round(done.dirtyPages),
                (long) done.shippedBytes,
                releasedPackets,
                done.inSlot));
    }

    void planChanged() {
        planChanges++;
    }

    RunResult result(Run run, SimulatedVm vm, Progress done, Progress unprotected) {
        double seconds = run.nanos() / 1e9;
        double useful = done.usefulRatio(unprotected);
        long p99 = vm.outputDelay.quantileNanos(0.99);
        OptionalLong target = run.targets().outputDelayP99Nanos();
        double miss = target.isPresent() && p99 > 0 ? Math.min(1, target.getAsLong() / (double) p99) : 1;
        Delays delays = new Delays();
        delays.copyFrom(vm.outputDelay);
        return new RunResult(
                vm.workload.name(),
                run.policy(),
                run.setting(),
                List.of(run.seed()),
                run.nanos(),
                useful,
                done.answers() / seconds,
                done.bytes() / seconds,
                done.backgroundRatio(unprotected),
                delays,
                pause,
                pausedNanos / run.nanos(),
                checkpoints / seconds,
                shippedBytes / seconds,
                checkpoints == 0 ? 0 : dirtyPages / checkpoints,
                checkpoints == 0 ? 0 : (double) inSlots / checkpoints,
                planChanges / seconds,
                useful * miss,
                reasons,
                List.copyOf(epochs));
    }

    /** Which run it was, and what it is measured by. */
    record Run(String policy, String setting, Targets targets, long seed, long nanos) {}
}
