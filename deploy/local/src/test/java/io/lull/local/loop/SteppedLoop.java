package io.lull.local.loop;

import io.lull.job.schedule.SchedulerSettings;
import io.lull.policy.HardLimits;
import io.lull.policy.Objectives;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.remus.FixedIntervalPolicy;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.policy.sim.ControlPath;
import io.lull.policy.sim.SimSettings;
import io.lull.worker.primary.Reporting;
import io.lull.worker.primary.SimulatedPrimary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Job and worker around one simulated guest, step by step in simulated time: at every tick of the worker's loop, what has
 * arrived from the job by then, then the tick, then what the job makes of what the tick reported.
 */
final class SteppedLoop implements Reporting, AutoCloseable {
    private static final VmId VM = new VmId("simulated");
    private static final long STALENESS_MICROS = 1_000_000;
    private static final long FORGET_MICROS = 60_000_000;

    private final Trial trial;
    private final SimSettings settings;
    private final Defect defect;
    private final SteppedJob job;
    private final SimulatedPrimary worker;
    private final ArrayDeque<Arrival> underWay = new ArrayDeque<>();
    private final List<EpochReport> reports = new ArrayList<>();
    private final ArrayDeque<VmSample> sampled = new ArrayDeque<>();
    private final ArrayDeque<EpochReport> reported = new ArrayDeque<>();
    private long nowNanos;
    private long samples;

    private record Arrival(long atNanos, WorkerCommand command) {}

    /** A mistake in the loop, made on purpose. */
    enum Defect {
        NONE,
        /** Plans never reach the trigger. */
        PLANS_IGNORED,
        /** Plans and commands are a tick later than they were. */
        TICK_LATE,
        /** What the policy is asked for differs by a tick. */
        OTHER_OBJECTIVES,
        /** No report reaches the job. */
        REPORTS_LOST,
        /** Every hundredth sample does not reach the job. */
        SAMPLES_LOST,
        /** The worker takes its own pauses for rest of the guest's. */
        PAUSES_UNSEEN
    }

    SteppedLoop(Trial trial, SimSettings settings, Defect defect) throws Exception {
        this.trial = trial;
        this.settings = settings;
        this.defect = defect;
        this.job = new SteppedJob(jobSettings(settings.control()));
        long telemetryNanos = settings.control().telemetryNanos();
        this.worker = new SimulatedPrimary(
                trial.guest(VM),
                new SimulatedPrimary.Means(
                        HardLimits.DEFAULT,
                        new SimulatedPrimary.Periods(settings.tickNanos(), telemetryNanos, telemetryNanos),
                        () -> nowNanos,
                        () -> nowNanos / 1000,
                        this,
                        defect != Defect.PAUSES_UNSEEN));
    }

    /** The job's own defaults, but for the times that the simulator knows of its way. */
    private static SchedulerSettings jobSettings(ControlPath path) {
        return new SchedulerSettings(
                FixedIntervalPolicy.NAME,
                Objectives.DEFAULT.intervalNanos(),
                Objectives.DEFAULT.maxEpochNanos(),
                TriggerPlacement.HOST,
                path.leaseNanos() / 1000,
                path.reassertNanos() / 1000,
                STALENESS_MICROS,
                FORGET_MICROS,
                path.commandExpiryNanos() / 1000);
    }

    /** The epochs that were committed in the time of the settings, as the worker reported them. */
    List<Epoch> run() throws Exception {
        job.take(trial.intent(VM, asked()));
        long endNanos = settings.warmUpNanos() + settings.runNanos();
        while (nowNanos < endNanos) {
            nowNanos += settings.tickNanos();
            worker.advance(nowNanos);
            while (!underWay.isEmpty() && underWay.peekFirst().atNanos() <= nowNanos) {
                worker.command(underWay.removeFirst().command());
            }
            worker.tick(nowNanos);
            letTheJobWork();
        }
        return reports.stream().map(Epoch::of).toList();
    }

    private Objectives asked() {
        Objectives objectives = trial.objectives();
        long off = defect == Defect.OTHER_OBJECTIVES ? settings.tickNanos() : 0;
        return new Objectives(
                objectives.intervalNanos() + off,
                objectives.maxEpochNanos() + off,
                objectives.placement(),
                objectives.targets());
    }

    private void letTheJobWork() throws Exception {
        job.at(nowNanos / 1000);
        while (!reported.isEmpty()) {
            job.take(reported.poll());
        }
        while (!sampled.isEmpty()) {
            job.take(sampled.poll());
        }
        long lateNanos = defect == Defect.TICK_LATE ? settings.tickNanos() : 0;
        for (WorkerCommand command : job.commands()) {
            if (!(defect == Defect.PLANS_IGNORED && command instanceof StandingPlan)) {
                underWay.add(new Arrival(nowNanos + settings.control().delayP50Nanos() + lateNanos, command));
            }
        }
    }

    @Override
    public void telemetry(VmSample sample, long mayWaitNanos) {
        samples++;
        if (isSilent()) {
            return;
        }
        if (defect != Defect.SAMPLES_LOST || samples % 100 != 0) {
            sampled.add(sample);
        }
    }

    /** Whether the way to the job is out of order, by the simulator's reckoning. */
    private boolean isSilent() {
        ControlPath path = settings.control();
        return path.silenceEveryNanos() > 0
                && nowNanos % path.silenceEveryNanos() >= path.silenceEveryNanos() - path.silenceNanos();
    }

    @Override
    public void report(EpochReport report) {
        reports.add(report);
        if (defect != Defect.REPORTS_LOST) {
            reported.add(report);
        }
    }

    @Override
    public void event(ReplicationEvent event) {
        throw new AssertionError("neither loop nor book has events of their own: " + event);
    }

    @Override
    public void close() throws Exception {
        worker.close();
        job.close();
    }
}
