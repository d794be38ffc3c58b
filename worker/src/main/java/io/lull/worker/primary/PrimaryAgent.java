package io.lull.worker.primary;

import io.lull.policy.EpochPlan;
import io.lull.policy.LeasedPlan;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.EpochReport;
import io.lull.producer.procfs.ProbeException;
import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.config.OnBackupLoss;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.output.GateSnapshot;
import io.lull.worker.output.OutputGate;
import io.lull.worker.page.PageWorkers;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Protects one VM for as long as it lives: one session after another, the trigger all the time. See the package's
 * description for its threads.
 */
public final class PrimaryAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrimaryAgent.class);
    private static final long CLOSE_LIMIT_MILLIS = 10_000;

    private final PrimaryConfig config;
    private final VmId vm;
    private final Reporting reporting;
    private final CaptureTap tap;
    private final LongSupplier nanoClock = System::nanoTime;
    private final LongSupplier wallMicros = PrimaryAgent::wallClockMicros;
    private final Current<OpenEpoch> open = new Current<>(OpenEpoch.first(System.nanoTime()));
    private final Current<Optional<PrimarySession>> session = new Current<>(Optional.empty());
    private final Totals totals = new Totals();
    private final ControlPlane control;
    private final ProtectedVm machine;
    private final PageWorkers workers;
    private final SessionStarter starter;
    private final TriggerLoop trigger;
    private volatile SessionState state = SessionState.UNPROTECTED;
    private volatile String stateReason = "started";
    private volatile boolean closed;

    /** Attaches to the VM with nothing that looks at its captures; errors as for the other constructor. */
    public PrimaryAgent(PrimaryConfig config, Reporting reporting) throws IOException {
        this(config, reporting, CaptureTap.NONE);
    }

    /**
     * Attaches to the VM.
     *
     * @param tap looks at what is captured
     * @throws IOException when QEMU can't be reached or must not be armed; the message is one line
     */
    public PrimaryAgent(PrimaryConfig config, Reporting reporting, CaptureTap tap) throws IOException {
        this.config = config;
        this.vm = new VmId(config.vm());
        this.reporting = reporting;
        this.tap = tap;
        this.control = new ControlPlane(vm, wallMicros, this::controlChanged);
        this.machine = ProtectedVm.attach(config, open, nanoClock, this::qemuEvent);
        this.workers =
                new PageWorkers(config.pipeline().threadsOn(Runtime.getRuntime().availableProcessors()), "lull-page");
        try {
            this.trigger = new TriggerLoop(
                    machine.triggerPorts(reporting::telemetry, wallMicros),
                    control,
                    open,
                    config.limits().hard());
        } catch (ProbeException e) {
            machine.close();
            workers.close();
            throw new IOException("the VM's threads can't be sampled: " + e.getMessage(), e);
        }
        this.starter = new SessionStarter(config, machine, workers, open, wallMicros);
    }

    /** Runs until the guest powers off or the agent is closed. */
    public void run() throws InterruptedException {
        trigger.start();
        event(
                ReplicationEvent.Kind.FALLBACK,
                "no plan yet: the safe interval of " + config.limits().safeIntervalMillis() + " ms holds");
        while (!closed && state != SessionState.ENDED) {
            String reason = runSession();
            if (!closed && state != SessionState.ENDED) {
                afterLoss(reason);
                Thread.sleep(config.backup().retryMillis());
            }
        }
    }

    private String runSession() throws InterruptedException {
        transition(SessionState.CONNECTING, "connecting to " + config.backup().address());
        EpochBook book = starter.newBook();
        PrimarySession next = new PrimarySession(open, turns(), machine.gate(), book, nanoClock);
        try (next) {
            session.set(Optional.of(next));
            totals.session();
            Actuator actuator = starter.start(next, book);
            trigger.actOn(Optional.of(actuator));
            if (state == SessionState.CONNECTING) {
                transition(SessionState.SYNCING, "the backup accepted the session");
            }
            return next.ended().get();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("a session's end is never exceptional", e);
        } finally {
            trigger.actOn(Optional.empty());
            session.set(Optional.empty());
        }
    }

    private void afterLoss(String reason) {
        boolean wasProtected = state == SessionState.PROTECTED;
        transition(SessionState.UNPROTECTED, reason);
        boolean goOn = config.onBackupLoss() == OnBackupLoss.GO_ON_UNPROTECTED;
        if (goOn) {
            machine.gate().ifPresent(gate -> gate.passThrough(true));
        }
        String consequence = goOn
                ? "the guest's output flows unprotected (onBackupLoss: go-on-unprotected)"
                : "the guest runs and its output is held (onBackupLoss: stop-output)";
        if (wasProtected) {
            event(ReplicationEvent.Kind.BACKUP_LOST, reason + "; " + consequence);
        }
        event(ReplicationEvent.Kind.UNPROTECTED, reason + "; " + consequence);
    }

    private PrimarySession.Turns turns() {
        return new PrimarySession.Turns() {
            @Override
            public void isProtected(long epoch) {
                transition(SessionState.PROTECTED, "epoch " + epoch + " is committed");
                event(ReplicationEvent.Kind.PROTECTED, "epoch " + epoch + " is committed on the backup");
            }

            @Override
            public void committed(EpochReport report) {
                totals.add(report);
                reporting.report(report);
            }

            @Override
            public void verifyFailed(long epoch, String detail) {
                event(ReplicationEvent.Kind.VERIFY_FAILED, "after epoch " + epoch + ": " + detail + "; resyncing");
            }

            @Override
            public void diskFailed(String reason) {
                event(ReplicationEvent.Kind.DISK_UNPROTECTED, reason);
            }

            @Override
            public void copied(long pages, long wireBytes) {
                event(ReplicationEvent.Kind.ARMED, "initial copy: " + pages + " pages, " + wireBytes + " bytes sent");
            }

            @Override
            public CaptureTap tap() {
                return tap;
            }
        };
    }

    /** Takes a command of the job in; from any thread. */
    public void command(WorkerCommand command) {
        if (control.accept(command, open.get().number())) {
            trigger.wake();
        }
    }

    private void controlChanged(ControlState next, String reason) {
        event(
                next == ControlState.FALLBACK ? ReplicationEvent.Kind.FALLBACK : ReplicationEvent.Kind.PLAN_CONTROL,
                reason);
    }

    private void qemuEvent(QmpEvent event) {
        if (event.name().equals("SHUTDOWN")) {
            guestIsOff(event.data().toString());
        } else {
            session.get().ifPresent(now -> now.onQemuEvent(event));
        }
    }

    private void guestIsOff(String detail) {
        transition(SessionState.ENDED, "the guest is off: " + detail);
        event(ReplicationEvent.Kind.SHUTDOWN, "the guest is off: " + detail);
        session.get().ifPresent(now -> now.end("the guest is off"));
    }

    private synchronized void transition(SessionState next, String reason) {
        if (state == SessionState.ENDED) {
            return;
        }
        LOG.info("vm {}: {} -> {}: {}", vm, state, next, reason);
        state = next;
        stateReason = reason;
    }

    private void event(ReplicationEvent.Kind kind, String detail) {
        LOG.info("vm {}: {}: {}", vm, kind, detail);
        reporting.event(new ReplicationEvent(
                vm, config.host(), kind, wallMicros.getAsLong(), open.get().number(), detail));
    }

    /** What there is to show now. */
    public PrimaryStatus status() {
        Totals.View view = totals.view();
        Optional<EpochPlan> plan = control.leasedPlan().map(LeasedPlan::plan);
        Optional<GateSnapshot> gate = machine.gate().map(OutputGate::snapshot);
        return new PrimaryStatus(
                vm.value(),
                state.name(),
                stateReason,
                control.state().name(),
                plan.map(EpochPlan::policy).orElse(""),
                plan.map(p -> p.placement().name()).orElse(""),
                plan.map(p -> p.reason().toString()).orElse(""),
                open.get().number(),
                view.epochs(),
                view.sessions(),
                view.writtenBytes(),
                view.shippedBytes(),
                view.lastPauseNanos(),
                view.lastCommitNanos(),
                gate.map(g -> g.held().bytes()).orElse(0L),
                gate.map(GateSnapshot::droppedPackets).orElse(0L));
    }

    private static long wallClockMicros() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    /** The session disarms QEMU and takes the disk's mirror out by the monitor, which must stay open for so long. */
    private void endInOrder(PrimarySession now) {
        now.end("the worker is closed");
        if (!now.awaitFreed(CLOSE_LIMIT_MILLIS)) {
            LOG.warn("vm {}: the session is not over after {} ms; QEMU may keep its mirror", vm, CLOSE_LIMIT_MILLIS);
        }
    }

    /** Ends protection in order: output flows, QEMU is disarmed, the guest runs on. */
    @Override
    public void close() {
        closed = true;
        session.get().ifPresent(this::endInOrder);
        trigger.close();
        machine.close();
        workers.close();
    }
}
