package io.lull.cluster;

import io.lull.policy.LeasedPlan;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.trigger.CommandFilter;
import io.lull.policy.trigger.CommandFilter.Standing;
import io.lull.policy.trigger.CommandFilter.Verdict;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A VM and its worker, without a guest: it works for some samples of each epoch and then rests, with output held, until
 * a command that the worker's own {@link CommandFilter} lets through ends the epoch, or the epoch is too old.
 */
final class SimulatedVm {
    static final long PERIOD_NANOS = 20_000_000;
    private static final int BUSY_SAMPLES = 3;
    private static final int LONGEST_EPOCH_SAMPLES = 25;
    private static final double IDLE_NOISE_RATIO = 0.01;

    private final VmId vm;
    private final Random random;
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    private final Set<Long> endedByCommand = new HashSet<>();
    private int endedTwice;
    private long epoch = 1;
    private int sampleOfEpoch;
    private long heldPackets;
    private Optional<LeasedPlan> plan = Optional.empty();
    private long planTakenMicros;
    private long longestBetweenPlansMicros;
    private OptionalLong unplannedSinceMicros = OptionalLong.empty();
    private long longestUnplannedMicros;

    SimulatedVm(VmId vm, long seed) {
        this.vm = vm;
        this.random = new Random(seed);
    }

    VmId vm() {
        return vm;
    }

    /** What the VM's probe sees now. */
    synchronized VmSample sample(long nowMicros) {
        watchLease(nowMicros);
        boolean busy = sampleOfEpoch < BUSY_SAMPLES;
        int sent = busy ? 1 + random.nextInt(3) : 0;
        heldPackets += sent;
        sampleOfEpoch++;
        double busyRatio = busy ? 1 - random.nextDouble() / 2 : random.nextDouble() * IDLE_NOISE_RATIO;
        VmSample sample = new VmSample(
                vm,
                "host-1",
                epoch,
                nowMicros,
                PERIOD_NANOS,
                sampleOfEpoch * PERIOD_NANOS,
                List.of(new VcpuSample(0, random.nextInt(100), (long) (busyRatio * PERIOD_NANOS), 0)),
                DirtySource.KVM_STATS,
                new NetworkSample(sent, 100L * sent, 1, 60, heldPackets, 100 * heldPackets, PERIOD_NANOS),
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(2, 1, false, 0, 0));
        if (sampleOfEpoch >= LONGEST_EPOCH_SAMPLES) {
            nextEpoch();
        }
        return sample;
    }

    /** A command has come. */
    synchronized void take(WorkerCommand command, long nowMicros) {
        OptionalLong planId =
                plan.map(leased -> OptionalLong.of(leased.planId())).orElse(OptionalLong.empty());
        Verdict verdict = CommandFilter.judge(command, new Standing(vm, epoch, planId, nowMicros));
        verdicts.merge(verdict, 1, Integer::sum);
        if (verdict != Verdict.ACCEPTED) {
            return;
        }
        if (command instanceof EndEpoch end) {
            if (!endedByCommand.add(end.epoch())) {
                endedTwice++;
            }
            nextEpoch();
        } else if (command instanceof StandingPlan standing) {
            if (plan.isPresent()) {
                longestBetweenPlansMicros = Math.max(longestBetweenPlansMicros, nowMicros - planTakenMicros);
            }
            plan = Optional.of(standing.plan());
            planTakenMicros = nowMicros;
        }
    }

    private void nextEpoch() {
        epoch++;
        sampleOfEpoch = 0;
        heldPackets = 0;
    }

    private void watchLease(long nowMicros) {
        if (plan.isEmpty()) {
            return;
        }
        if (plan.get().holdsAt(nowMicros)) {
            unplannedSinceMicros = OptionalLong.empty();
            return;
        }
        if (unplannedSinceMicros.isEmpty()) {
            unplannedSinceMicros = OptionalLong.of(plan.get().leaseUntilMicros());
        }
        longestUnplannedMicros = Math.max(longestUnplannedMicros, nowMicros - unplannedSinceMicros.getAsLong());
    }

    /** How many epochs a command ended. */
    synchronized int endedByCommand() {
        return endedByCommand.size();
    }

    /** How many commands were let through although one had ended the same epoch before. */
    synchronized int endedTwice() {
        return endedTwice;
    }

    synchronized int count(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0);
    }

    /** When the newest plan was taken up; 0 before the first. */
    synchronized long planTakenMicros() {
        return planTakenMicros;
    }

    /** The longest time for which the VM, once planned, had no plan whose lease held, by its samples' times. */
    synchronized long longestUnplannedMicros() {
        return longestUnplannedMicros;
    }

    synchronized long longestBetweenPlansMicros() {
        return longestBetweenPlansMicros;
    }

    synchronized String policyInForce() {
        return plan.map(leased -> leased.plan().policy()).orElse("none");
    }
}
