package io.lull.worker.primary;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.trigger.TriggerInput;
import io.lull.producer.procfs.ProbeException;
import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.fence.Fence;
import io.lull.worker.page.KernelChoice;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.wire.WireState;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Protects one VM for as long as it lives: one session after another, the trigger all the time. See the package's
 * description for its threads.
 */
public final class PrimaryAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrimaryAgent.class);

    private final PrimaryConfig config;
    private final VmId vm;
    private final LongSupplier nanoClock = System::nanoTime;
    private final LongSupplier wallMicros = PrimaryAgent::wallClockMicros;
    private final Current<OpenEpoch> open = new Current<>(OpenEpoch.first(System.nanoTime()));
    private final Current<Optional<PrimarySession>> session = new Current<>(Optional.empty());
    private final JobControl control;
    private final ProtectedVm machine;
    private final PageWorkers workers;
    private final Optional<PageWorkers> comparers;
    private final SessionRuns sessions;
    private final TriggerLoop trigger;
    private final Announcer announcer;
    private final RunEnd end;
    private final OutputKeeper output;
    private final Handing handing;
    /** Asked from the first event of QEMU's on, which may come while the VM is attached. */
    private volatile BooleanSupplier handedOver = () -> false;

    /** Attaches to the VM with page workers of its own; errors as for the other constructor. */
    public PrimaryAgent(PrimaryConfig config, Wiring wiring, Reporting reporting, CaptureTap tap, Optional<Fence> fence)
            throws IOException {
        this(config, wiring, reporting, tap, fence, granted -> new PageWorkers(granted, "lull-page"));
    }

    /**
     * Attaches to the VM.
     *
     * @param wiring how connections to the backup are protected, and who it must be
     * @param tap looks at what is captured
     * @param fence the arbiter, where the configuration names one; closed with this agent
     * @param workers makes its page workers, or its access to those that VMs share, of the number of threads that it is
     *     granted; closed with this agent
     * @throws IOException when QEMU can't be reached or must not be armed; the message is one line
     */
    public PrimaryAgent(
            PrimaryConfig config,
            Wiring wiring,
            Reporting reporting,
            CaptureTap tap,
            Optional<Fence> fence,
            IntFunction<PageWorkers> workers)
            throws IOException {
        if (fence.isPresent() != (config.fence() == FenceChoice.KAFKA)) {
            throw new IllegalArgumentException("the configuration says fence: " + config.fence());
        }
        this.config = config;
        this.vm = new VmId(config.vm());
        this.announcer = new Announcer(vm, config.host(), reporting, open, wallMicros);
        this.end =
                new RunEnd(announcer, config.qemu().qmp(), why -> session.get().ifPresent(now -> now.end(why)));
        this.control = new JobControl(vm, wallMicros, this::controlChanged);
        this.machine = ProtectedVm.attach(config, open, nanoClock, this::qemuEvent, end::gateLost);
        Deque<Runnable> letGo = new ArrayDeque<>();
        letGo.push(() -> machine.release(machine.isNewRun()));
        try {
            this.output = new OutputKeeper(
                    config,
                    machine.gate(),
                    announcer,
                    fence.map(arbiter ->
                            new OutputKeeper.Seat(arbiter, machine.run().id())),
                    fenceWords());
            letGo.push(output::close);
            this.handing = new Handing(machine, output, announcer.protection(), nanoClock);
            handedOver = () -> handing.done().isPresent();
            // Chosen and logged here, not when a backup is there.
            KernelChoice.kind();
            int granted = config.pipeline().threadsOn(Runtime.getRuntime().availableProcessors());
            this.workers = workers.apply(granted);
            letGo.push(this.workers::close);
            this.comparers = machine.ramFile().map(file -> workers.apply(granted));
            comparers.ifPresent(own -> letGo.push(own::close));
            PageThreads threads = new PageThreads(granted);
            this.workers.grant(threads::whileRunning);
            comparers.ifPresent(own -> own.grant(threads::whileStopped));
            this.trigger = new TriggerLoop(
                    machine.triggerPorts(
                            (sample, mayWaitNanos) -> {
                                threads.observe(sample, control.encodeThreads());
                                reporting.telemetry(sample, mayWaitNanos);
                            },
                            wallMicros),
                    control,
                    open,
                    new TriggerInput(vm, config.limits().hard()));
            SessionStarter starter = new SessionStarter(
                    config, new SessionStarter.Means(machine, this.workers, comparers, tap, wiring), open, wallMicros);
            this.sessions = new SessionRuns(
                    config, machine, starter, new SessionRuns.Around(trigger, announcer, end, output), open, session);
        } catch (ProbeException e) {
            letGo.forEach(Runnable::run);
            throw new IOException("the VM's threads can't be sampled: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            letGo.forEach(Runnable::run);
            // Of memory outside the heap, or the JVM would have ended: other VMs of the process have it.
            throw new IOException(
                    "no memory outside the heap for this VM; give the worker more (LULL_HEAP, -XX:MaxDirectMemorySize): "
                            + e.getMessage(),
                    e);
        } catch (RuntimeException | Error e) {
            letGo.forEach(Runnable::run);
            throw e;
        }
    }

    /**
     * Runs until the guest powers off or {@link #stop} is called.
     *
     * @throws IOException when the VM or its output gate is lost, or the VM runs on another host by now; one line
     */
    public void run() throws IOException, InterruptedException {
        machine.whenMonitorCloses().thenAccept(why -> end.monitorClosed(String.valueOf(why.getMessage())));
        trigger.start();
        announcer.event(
                ReplicationEvent.Kind.FALLBACK,
                "no plan yet: the safe interval of " + config.limits().safeIntervalMillis() + " ms holds");
        output.begin(machine.isNewRun());
        while (true) {
            String reason = sessions.run();
            Optional<SwitchoverReport> handed = handing.done();
            if (handed.isPresent()) {
                leaveToBackup(handed.get());
                return;
            }
            VmFate fate = machine.fate();
            Optional<IOException> loss = end.loss(fate);
            if (loss.isPresent()) {
                throw loss.get();
            }
            Optional<String> denied = end.fenceLoss();
            if (denied.isPresent() && fate == VmFate.RUNS) {
                throw sessions.fenced(denied.get());
            }
            if (fate == VmFate.OFF || end.isTold()) {
                return;
            }
            output.lost(reason);
            end.await(config.backup().retryMillis());
        }
    }

    /** The VM runs on the backup, and stands still here. */
    private void leaveToBackup(SwitchoverReport report) throws InterruptedException {
        output.handedOver();
        announcer.ended(
                ReplicationEvent.Kind.DISARMED,
                "handed over to the backup at epoch " + report.epoch() + ", after "
                        + report.standstillNanos() / 1_000_000 + " ms of standstill");
        machine.end();
    }

    /**
     * Hands the VM over to the backup; {@link #run} then ends QEMU and returns. From any thread, one at a time.
     *
     * @throws SwitchoverException when the VM doesn't run on the backup, or isn't known to
     */
    public SwitchoverReport switchOver(String reason) throws SwitchoverException, InterruptedException {
        SwitchoverReport report = handing.handOver(session.get(), reason);
        end.tell("handed over");
        return report;
    }

    private OutputKeeper.Told fenceWords() {
        return new OutputKeeper.Told() {
            @Override
            public void recorded(UUID of) {
                session.get().filter(now -> now.id().equals(of)).ifPresent(PrimarySession::protectionRecorded);
            }

            @Override
            public void fenced(String why) {
                end.fenceLost(why);
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
        announcer.event(
                next == ControlState.FALLBACK ? ReplicationEvent.Kind.FALLBACK : ReplicationEvent.Kind.PLAN_CONTROL,
                reason);
    }

    private void qemuEvent(QmpEvent event) {
        if (event.name().equals(ProtectedVm.SHUTDOWN) && !handedOver.getAsBoolean()) {
            String what = "the guest is off: " + event.data();
            announcer.ended(ReplicationEvent.Kind.SHUTDOWN, what);
            end.tell("the guest is off");
        } else {
            session.get().ifPresent(now -> now.onQemuEvent(event));
        }
    }

    /** What there is to show now. */
    public PrimaryStatus status() {
        return PrimaryStatus.of(announcer, control, open.get().number(), config, machine);
    }

    /** Who may release the VM's output, as the fence had it when this worker last asked; empty without a fence. */
    public Optional<FenceRecord> fenceRecord() {
        return output.record();
    }

    /** How the connection to the backup is protected; empty without one. */
    public Optional<WireState> wire() {
        return session.get().flatMap(PrimarySession::wire);
    }

    private static long wallClockMicros() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    /** Makes {@link #run} return soon; from any thread. */
    public void stop() {
        handing.stop();
        end.tell("the worker is told to end");
    }

    /**
     * Lets go of the VM after {@link #run}: QEMU is disarmed and the guest runs on. Its output flows, unless a backup
     * may take the VM over or has done so; then it is dropped, since two must never speak.
     */
    @Override
    public void close() {
        // The fence may take its time, in which the watchdog hears of the trigger that this worker lives.
        boolean outputMayFlow = output.flowsAtEnd(machine::fate);
        if (!outputMayFlow && !machine.whenMonitorCloses().isDone()) {
            LOG.warn("vm {}: its output is dropped from now on: {}", vm, output.whyDropped());
        }
        output.close();
        trigger.close();
        machine.release(outputMayFlow);
        workers.close();
        comparers.ifPresent(PageWorkers::close);
    }
}
