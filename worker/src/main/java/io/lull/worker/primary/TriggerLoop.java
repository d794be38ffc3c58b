package io.lull.worker.primary;

import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.TriggerReason;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.VmSample;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import io.lull.producer.procfs.ProbeException;
import io.lull.worker.capture.SourceState;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's fast loop: every tick it samples the VM, looks for an idle slot, asks the trigger, and tells QEMU to
 * pause. It also publishes telemetry and gives up a checkpoint that stalls. One thread; never blocks on I/O but the
 * four bytes to QEMU.
 */
final class TriggerLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerLoop.class);
    private static final long JOIN_MILLIS = 2_000;
    private static final long SIGN_OF_LIFE_NANOS = 100_000_000;

    private final TriggerPorts ports;
    private final JobControl control;
    private final Current<OpenEpoch> open;
    private final TriggerInput input;
    private final Thread thread = new Thread(this::run, "lull-trigger");
    private final Current<Optional<Actuator>> actuator = new Current<>(Optional.empty());
    private volatile boolean closed;
    private final IdleState idle = new IdleState();
    private OptionalLong lastTelemetryNanos = OptionalLong.empty();
    private long nextSignNanos;

    /** A loop that fills {@code input}, which names the VM and its limits, anew at every tick. */
    TriggerLoop(TriggerPorts ports, JobControl control, Current<OpenEpoch> open, TriggerInput input) {
        this.ports = ports;
        this.control = control;
        this.open = open;
        this.input = input;
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
    }

    void start() {
        thread.start();
    }

    /** Sets what the trigger acts on; empty between sessions. */
    void actOn(Optional<Actuator> next) {
        actuator.set(next);
    }

    /** Looks now instead of at the next tick: a command has come. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            long startNanos = ports.nanoClock().getAsLong();
            try {
                tick(startNanos);
            } catch (IOException e) {
                LOG.debug("the order to pause could not be written; the session ends by itself", e);
            } catch (ProbeException e) {
                fail("the VM can't be sampled: " + e.getMessage());
            } catch (RuntimeException | Error e) {
                if (actuator.get().isPresent()) {
                    LOG.error("bug in the trigger loop: the session ends", e);
                }
                fail("bug in the trigger loop: " + e);
            }
            LockSupport.parkNanos(
                    this,
                    startNanos + ports.periods().tickNanos() - ports.nanoClock().getAsLong());
        }
    }

    private void fail(String reason) {
        // A session that begins meanwhile must not be taken for the one that failed.
        actuator.replace(Optional.empty()).ifPresent(failed -> failed.failed(reason));
    }

    /** Looks once. The loop's own thread calls; or, with a loop that is not started, whoever has a clock of his own. */
    void tick(long nowNanos) throws IOException, ProbeException {
        control.refresh();
        long nowMicros = ports.wallMicros().getAsLong();
        VmSample sample = ports.probe().sample(nowNanos, nowMicros);
        Optional<LeasedPlan> plan = control.leasedPlan();
        fill(sample, plan, nowMicros);
        Optional<Actuator> now = actuator.get();
        if (now.isPresent() && now.get().state() == SourceState.PENDING) {
            Optional<TriggerReason> reason = EpochTrigger.decide(input);
            if (reason.isPresent()) {
                now.get().pause(firing(sample, reason.get(), nowNanos, nowMicros));
            }
        }
        now.ifPresent(Actuator::watch);
        giveSignOfLife(nowNanos);
        boolean canPause =
                now.map(session -> session.state() == SourceState.PENDING).orElse(true);
        publishIfDue(nowNanos, nowMicros, plan, canPause);
    }

    private void fill(VmSample sample, Optional<LeasedPlan> plan, long nowMicros) {
        // The sample that reaches back over a pause counts for the new epoch: better a write twice than never.
        input.diskWrites = (input.sample.epoch == sample.epoch() ? input.diskWrites : 0)
                + sample.disk().writes();
        input.sample.load(sample);
        IdleRule rule = plan.isPresent() ? plan.get().plan().idleRule().orElse(IdleRule.DEFAULT) : IdleRule.DEFAULT;
        IdleSlotDetector.update(idle, input.sample, rule);
        OpenEpoch epoch = open.get();
        input.load(idle);
        input.plan = plan;
        input.command = control.command();
        input.nowMicros = nowMicros;
        input.lastPauseNanos = epoch.lastPauseNanos();
        input.dirtyPages = epoch.forecast().pagesAt(sample.elapsedNanos());
    }

    private Firing firing(VmSample sample, TriggerReason reason, long sampledAtNanos, long nowMicros) {
        long decisionId = 0;
        long signalToDecisionNanos = ports.nanoClock().getAsLong() - sampledAtNanos;
        if (reason == TriggerReason.COMMAND) {
            Optional<EndEpoch> command = control.command();
            decisionId = command.map(EndEpoch::decisionId).orElse(0L);
            signalToDecisionNanos = command.map(c -> Math.max(0, nowMicros - c.sampledAtMicros()) * 1000)
                    .orElse(signalToDecisionNanos);
        } else if (control.state() == ControlState.PLANNED) {
            decisionId = control.planDecisionId();
        }
        return new Firing(
                sample.epoch(),
                reason,
                decisionId,
                signalToDecisionNanos,
                ports.nanoClock().getAsLong(),
                sample.busyRatio());
    }

    private void giveSignOfLife(long nowNanos) {
        if (nowNanos >= nextSignNanos) {
            nextSignNanos = nowNanos + SIGN_OF_LIFE_NANOS;
            ports.signOfLife().run();
        }
    }

    private void publishIfDue(long nowNanos, long nowMicros, Optional<LeasedPlan> plan, boolean canPause)
            throws ProbeException {
        boolean inJob =
                plan.map(LeasedPlan::plan).filter(p -> p.placement().inJob()).isPresent();
        // A policy that weighs what waits learns from single conversations: it must see each of them, if not at once.
        boolean learns = plan.map(LeasedPlan::plan)
                .flatMap(p -> p.conditions().waiting())
                .isPresent();
        long slowNanos = ports.periods().telemetryNanos();
        // While a pause lasts the job could command nothing, and each sample costs a request.
        boolean fast = learns || (inJob && canPause);
        long periodNanos = fast ? ports.periods().fastTelemetryNanos() : slowNanos;
        if (lastTelemetryNanos.isPresent() && nowNanos < lastTelemetryNanos.getAsLong() + periodNanos) {
            return;
        }
        lastTelemetryNanos = OptionalLong.of(nowNanos);
        ports.telemetry()
                .sampled(
                        ports.telemetryProbe().sample(nowNanos, nowMicros),
                        inJob ? 0 : Math.max(0, slowNanos - periodNanos));
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
