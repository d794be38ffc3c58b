package io.lull.worker.primary;

import io.lull.policy.VmId;
import io.lull.producer.probe.DiskCounters;
import io.lull.producer.probe.LinkCounters;
import io.lull.producer.probe.VmProbe;
import io.lull.producer.procfs.ProbeException;
import io.lull.producer.qemu.QemuQueries;
import io.lull.producer.qemu.QemuQueries.VcpuThread;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpEvent;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.capture.GuestStops;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.output.GateListener;
import io.lull.worker.output.OutputGate;
import io.lull.worker.qemu.DeviceQuery;
import io.lull.worker.qemu.QemuRun;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.qemu.TakerMark;
import io.lull.worker.sharedmemory.RamFile;
import io.lull.worker.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running VM as the worker is attached to it: its monitor, its probes, its output gate, its watchdog process. It
 * outlives sessions.
 */
final class ProtectedVm {
    private static final Logger LOG = LoggerFactory.getLogger(ProtectedVm.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /** QEMU's event when the guest powered off, or QEMU was told to end. */
    static final String SHUTDOWN = "SHUTDOWN";

    private final PrimaryConfig config;
    private final QmpClient monitor;
    private final VmSenses senses;
    private final LongSupplier nanoClock;
    private final VmLife life;
    private final QemuRun run;
    private final long ramBytes;
    private final Optional<RamFile> ramFile;
    private final Optional<GuestOutput> output;
    private final Optional<Watchdog> watchdog;
    private boolean watchdogLost;
    private final LiveCounters counters;

    private ProtectedVm(
            PrimaryConfig config,
            QmpClient monitor,
            Listeners listeners,
            Current<OpenEpoch> open,
            LongSupplier nanoClock)
            throws IOException, QmpException, ProbeException, InterruptedException {
        this.config = config;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
        List<VcpuThread> threads = new QemuQueries(monitor).vcpuThreads();
        QemuRun process = QemuRun.ofThread(threads.get(0).threadId());
        this.run = TakerMark.read(qmp()).map(process::takenBy).orElse(process);
        this.life = new VmLife(monitor, run.processId(), listeners.off());
        this.ramBytes =
                monitor.call("query-memory-size-summary").path("base-memory").asLong();
        ArmingCheck.notAStandby(monitor);
        // Before all that may be refused: a guest which an earlier worker left paused is to run. Whatever gate is
        // configured now, that worker may have had another.
        ArmingCheck.awaitOutOfColo(monitor, config.network().heldNetdev());
        this.ramFile = ArmingCheck.source(config, monitor, run.processId(), ramBytes);
        if (config.disk().used()) {
            DeviceQuery.diskBytes(qmp(), config.disk().node());
        }
        ArmingCheck.requireNothingLeftOut(config, monitor);
        this.counters = new LiveCounters(this::gate, open);
        this.senses = new VmSenses(
                new VmProbe.Identity(new VmId(config.vm()), config.host()), run.processId(), threads, counters.live());
        Optional<Watchdog> dog = Optional.empty();
        try {
            dog = startWatchdog();
            this.output = config.network().used()
                    ? Optional.of(GuestOutput.install(
                            config, qmp(), new GuestOutput.Ties(senses.tap(), listeners.gate()), nanoClock))
                    : Optional.empty();
        } catch (IOException | RuntimeException | Error e) {
            senses.close();
            dog.ifPresent(Watchdog::close);
            throw e;
        }
        this.watchdog = dog;
    }

    /**
     * Who hears of what happens to the VM.
     *
     * @param off set once the guest has shut down
     * @param gate told of the loss of its output gate
     */
    private record Listeners(AtomicBoolean off, GateListener gate) {}

    private Optional<Watchdog> startWatchdog() throws IOException {
        return config.qemu().watchdogQmp().isBlank()
                ? Optional.empty()
                : Optional.of(Watchdog.start(
                        Path.of(config.qemu().watchdogQmp()),
                        config.qemu().watchdogMillis(),
                        config.network().releasingNetdev(),
                        config.socket("watchdog.log")));
    }

    /**
     * Attaches to a running QEMU.
     *
     * @param events takes QEMU's events
     * @param onGateLost told when the guest's output can no longer be held and released
     * @throws IOException when it can't be reached or must not be armed; one line
     */
    static ProtectedVm attach(
            PrimaryConfig config,
            Current<OpenEpoch> open,
            LongSupplier nanoClock,
            Consumer<QmpEvent> events,
            GateListener onGateLost)
            throws IOException {
        Path socket = Path.of(config.qemu().qmp());
        Files.createDirectories(config.runDir());
        try {
            AtomicBoolean off = new AtomicBoolean();
            QmpClient monitor = QmpClient.connect(
                    socket,
                    event -> {
                        if (event.name().equals(SHUTDOWN)) {
                            off.set(true);
                        }
                        events.accept(event);
                    },
                    CONNECT_LIMIT);
            try {
                return new ProtectedVm(config, monitor, new Listeners(off, onGateLost), open, nanoClock);
            } catch (IOException | RuntimeException | Error | QmpException | ProbeException | InterruptedException e) {
                monitor.close();
                throw e;
            }
        } catch (QmpException | ProbeException e) {
            throw new IOException("can't attach to QEMU at " + socket + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while attaching to QEMU at " + socket, e);
        }
    }

    QmpClient monitor() {
        return monitor;
    }

    QmpCalls qmp() {
        return new QmpCalls(monitor);
    }

    /** Size of the guest's main memory. */
    long ramBytes() {
        return ramBytes;
    }

    /** The file that the guest's memory is captured from; empty where it is captured by COLO. */
    Optional<RamFile> ramFile() {
        return ramFile;
    }

    /** Has the watchdog process know when the guest stands still by this worker's order. */
    GuestStops stops() {
        return watchdog.<GuestStops>map(dog -> dog).orElse(GuestStops.NONE);
    }

    VmSenses senses() {
        return senses;
    }

    LongSupplier nanoClock() {
        return nanoClock;
    }

    /** The gate that holds the guest's output; empty for a guest without network. */
    Optional<OutputGate> gate() {
        return output.map(GuestOutput::gate);
    }

    QemuRun run() {
        return run;
    }

    /** Whether no worker has held this run's output before. */
    boolean isNewRun() {
        return output.map(GuestOutput::isFirst).orElse(true);
    }

    /** See {@link LiveCounters#inSession}. */
    void inSession(Optional<DiskCounters> sessionDisk, Optional<LinkCounters> sessionLink) {
        counters.inSession(sessionDisk, sessionLink);
    }

    /** What the trigger loop works with. */
    TriggerPorts triggerPorts(TriggerPorts.Telemetry telemetry, LongSupplier wallMicros) throws ProbeException {
        long nowNanos = nanoClock.getAsLong();
        return new TriggerPorts(
                senses.sampler(nowNanos),
                senses.sampler(nowNanos),
                telemetry,
                this::signOfLife,
                nanoClock,
                wallMicros,
                new TriggerPorts.Periods(
                        config.trigger().tickMicros() * 1000,
                        config.trigger().telemetryMicros() * 1000,
                        config.trigger().fastTelemetryMicros() * 1000));
    }

    /** One thread calls. */
    private void signOfLife() {
        if (watchdog.isPresent() && !watchdogLost && !watchdog.get().alive()) {
            watchdogLost = true;
            LOG.error(
                    "the watchdog process is gone: a worker that is killed inside a pause now leaves the guest"
                            + " paused; see {}, and restart this worker",
                    config.socket("watchdog.log"));
        }
    }

    /** What has become of the VM; see {@link VmLife#fate}. */
    VmFate fate() throws InterruptedException {
        return life.fate();
    }

    /** The guest stands still and may run elsewhere: whoever dies here, it is not freed. */
    void bar() {
        watchdog.ifPresent(Watchdog::guestIsBarred);
    }

    /** The guest runs here and nowhere else. */
    void unbar() {
        watchdog.ifPresent(Watchdog::guestIsUnbarred);
    }

    /** Ends QEMU, whose guest runs elsewhere. */
    void end() throws InterruptedException {
        life.end();
    }

    /** Completes with the reason when the monitor is closed, by either side. */
    CompletableFuture<QmpException> whenMonitorCloses() {
        return monitor.whenClosed();
    }

    /**
     * Lets go of the VM, which runs on if it is there.
     *
     * @param outputMayFlow whether the gate is taken out; else what the guest sends is dropped from now on
     */
    void release(boolean outputMayFlow) {
        boolean reachable = life.answersNow();
        if (outputMayFlow && !reachable && !monitor.whenClosed().isDone()) {
            LOG.warn(
                    "vm {}: QEMU doesn't answer, so the gate can't be taken out: its output is dropped from now on",
                    config.vm());
        }
        output.ifPresent(reachable && outputMayFlow ? GuestOutput::letGo : GuestOutput::cutOff);
        // Whom this worker can't reach, the watchdog may, by a monitor of its own.
        watchdog.ifPresent(reachable ? Watchdog::close : Watchdog::handOver);
        senses.close();
        monitor.close();
    }
}
