package io.lull.policy.sim;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.PolicyState;
import io.lull.policy.Signal;
import io.lull.policy.TriggerReason;
import io.lull.policy.rival.Candidate;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One run of one policy on one simulated VM: the loops of job and worker around the same pure code that they run.
 *
 * <p>The worker's side looks at every tick: sample, detector, {@link EpochTrigger}. The {@linkplain SimulatedJob job's
 * side} gets every sample of its telemetry period and every epoch report; its plans and commands travel, get lost and
 * come twice as {@link ControlPath} says. That job and worker do the same is shown by {@code ClosedLoopTest}.
 */
public final class Simulation {
    /** Epochs that a result keeps. */
    public static final int KEPT_EPOCHS = 4096;

    private final SimulatedVm vm;
    private final SimSettings settings;
    private final Sampler hostSampler;
    private final Sampler jobSampler;
    private final SimulatedJob job;
    private final TriggerInput input;
    private final IdleState idle = new IdleState();
    private final Mailbox mailbox;
    private final DirtyCurveState dirty = new DirtyCurveState();
    private final Meter meter = new Meter();
    private final Watcher watcher;
    private boolean counting;
    private long nextTelemetryAt;
    private long nextLinkStallAt;
    private long diskWritesBefore;

    private Simulation(SimulatedVm vm, RunningPolicy<?> policy, SimSettings settings, long seed, Watcher watcher) {
        this.vm = vm;
        this.watcher = watcher;
        this.settings = settings;
        this.hostSampler = new Sampler(vm);
        this.jobSampler = new Sampler(vm);
        this.input = new TriggerInput(Reports.VM, settings.limits());
        this.mailbox = new Mailbox(settings.control(), new Draws(seed ^ 0x6d61696c626f78L));
        this.job = new SimulatedJob(policy, settings, mailbox);
        this.nextLinkStallAt = settings.control().linkStallEveryNanos();
        vm.listen(new Checkpoints());
    }

    /** Runs {@code candidate} on {@code workload}; a workload that lacks a signal which the policy needs is refused. */
    public static RunResult run(
            Workload workload, CostModel cost, Candidate candidate, SimSettings settings, long seed) {
        refuseMissing(workload, candidate.instance());
        Progress unprotected = unprotected(workload, cost, settings, seed);
        return run(workload, cost, candidate, settings, seed, unprotected);
    }

    static RunResult run(
            Workload workload,
            CostModel cost,
            Candidate candidate,
            SimSettings settings,
            long seed,
            Progress unprotected) {
        return run(workload, cost, candidate, settings, seed, unprotected, Watcher.NONE);
    }

    static RunResult run(
            Workload workload,
            CostModel cost,
            Candidate candidate,
            SimSettings settings,
            long seed,
            Progress unprotected,
            Watcher watcher) {
        CheckpointPolicy<?> rule = candidate.instance();
        refuseMissing(workload, rule);
        SimulatedVm vm = new SimulatedVm(workload, cost, seed, false);
        Simulation simulation = new Simulation(vm, running(rule, candidate), settings, seed, watcher);
        simulation.runUntil(settings.warmUpNanos());
        vm.outputDelay.clear();
        simulation.counting = true;
        Progress before = Progress.of(vm.guest);
        simulation.runUntil(settings.warmUpNanos() + settings.runNanos());
        return simulation.meter.result(
                new Meter.Run(
                        candidate.policy(),
                        candidate.setting(),
                        candidate.objectives().targets(),
                        seed,
                        settings.runNanos()),
                vm,
                Progress.of(vm.guest).since(before),
                unprotected);
    }

    private static void refuseMissing(Workload workload, CheckpointPolicy<?> rule) {
        Set<Signal> missing = missing(workload, rule);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("policy " + rule.name() + " needs " + missing + ", which workload '"
                    + workload.name() + "' does not have");
        }
    }

    /** The signals that {@code policy} needs and {@code workload} lacks. */
    public static Set<Signal> missing(Workload workload, CheckpointPolicy<?> policy) {
        Set<Signal> missing = EnumSet.noneOf(Signal.class);
        missing.addAll(policy.requires());
        missing.removeAll(workload.signals());
        return missing;
    }

    private static <S extends PolicyState> RunningPolicy<S> running(CheckpointPolicy<S> rule, Candidate candidate) {
        return new RunningPolicy<>(rule, candidate.objectives());
    }

    /** What the same guest does when nothing is protected. */
    static Progress unprotected(Workload workload, CostModel cost, SimSettings settings, long seed) {
        SimulatedVm vm = new SimulatedVm(workload, cost, seed, true);
        vm.runUntil(settings.warmUpNanos());
        Progress before = Progress.of(vm.guest);
        vm.runUntil(settings.warmUpNanos() + settings.runNanos());
        return Progress.of(vm.guest).since(before);
    }

    private void runUntil(long endNanos) {
        while (vm.nowNanos() < endNanos) {
            vm.runUntil(vm.nowNanos() + settings.tickNanos());
            tick(vm.nowNanos());
        }
    }

    private void tick(long nowNanos) {
        mailbox.deliver(nowNanos, input);
        stallLinkIfDue(nowNanos);
        input.nowMicros = nowNanos / 1000;
        SampleView sample = hostSampler.sample();
        Optional<LeasedPlan> plan = input.plan;
        IdleRule rule = plan.isPresent() ? plan.get().plan().idleRule().orElse(IdleRule.DEFAULT) : IdleRule.DEFAULT;
        input.sample = sample;
        IdleSlotDetector.update(idle, sample, rule);
        input.load(idle);
        input.lastPauseNanos = vm.lastPauseNanos();
        input.dirtyPages = DirtyCurve.pagesAt(dirty, sample.elapsedNanos);
        input.diskWrites = vm.guest.diskWrites - diskWritesBefore;
        Optional<TriggerReason> reason = Optional.empty();
        if (vm.isReady() && sample.elapsedNanos > 0) {
            reason = EpochTrigger.decide(input);
            if (reason.isPresent()) {
                vm.checkpoint(reason.get(), sample.busyRatio);
                diskWritesBefore = vm.guest.diskWrites;
            }
        }
        watcher.ticked(vm, input, reason, mailbox);
        if (nowNanos >= nextTelemetryAt) {
            nextTelemetryAt = nowNanos + settings.control().telemetryNanos();
            telemetry(nowNanos);
        }
    }

    private void telemetry(long nowNanos) {
        SampleView sample = jobSampler.sample();
        if (settings.control().isSilentAt(nowNanos)) {
            return;
        }
        boolean changed = job.onSample(sample, nowNanos);
        if (changed && counting) {
            meter.planChanged();
        }
    }

    private void stallLinkIfDue(long nowNanos) {
        if (settings.control().linkStallEveryNanos() > 0 && nowNanos >= nextLinkStallAt) {
            nextLinkStallAt = nowNanos + settings.control().linkStallEveryNanos();
            vm.stallLink(nowNanos + settings.control().linkStallNanos());
        }
    }

    private final class Checkpoints implements SimulatedVm.CheckpointListener {
        @Override
        public void resumed(Checkpoint captured) {
            // The worker has counted the pages by now; it does not wait for the backup to learn of them.
            DirtyCurve.update(dirty, captured.lengthNanos, Math.round(captured.dirtyPages));
        }

        @Override
        public void committed(Checkpoint done, long releasedPackets, long oldestHeldNanos) {
            job.onReport(Reports.of(done, vm.cost, releasedPackets, oldestHeldNanos));
            if (counting) {
                meter.committed(done, releasedPackets);
            }
        }
    }
}
