package io.lull.worker.primary;

import io.lull.policy.HardLimits;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.sim.CostModel;
import io.lull.policy.sim.SimulatedHost;
import io.lull.policy.sim.SimulatedHost.Captured;
import io.lull.policy.sim.SimulatedHost.Released;
import io.lull.policy.sim.SimulatedProbe;
import io.lull.policy.sim.Workload;
import io.lull.policy.trigger.TriggerInput;
import io.lull.producer.procfs.ProbeException;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A worker's control code around a simulated VM: {@link TriggerLoop}, {@link JobControl}, {@link OpenEpoch} and
 * {@link EpochBook}, put together as {@link PrimaryAgent} and {@link EpochPipeline} put them around QEMU. Here, in their
 * package, because they are nobody's business outside of it.
 *
 * <p>The guest lives in the trigger loop's thread: time passes for it as the loop samples it. The simulator's order to
 * pause takes effect when the guest stands still, so its {@code orderNanos} lie before the reply to QEMU.
 */
public final class SimulatedPrimary implements AutoCloseable {
    private static final String HOST = "host-simulated";
    private static final int HELD_BYTES_PER_PACKET = 100;
    private static final int PAGE_BYTES = 4096;

    /** Of no checkpoint: the simulated guest has numbers of pages and no pages. */
    private static final StagingArea NOTHING = new StagingArea(1, 1);

    private final Means means;
    private final Current<OpenEpoch> open = new Current<>(new OpenEpoch(1, 0, 0, 0, true, DirtyForecast.NONE));
    private final EpochBook book;
    private final JobControl control;
    private final SimulatedHost host;
    private final TriggerLoop loop;
    private Optional<Firing> firing = Optional.empty();

    /**
     * Which guest.
     *
     * @param seed what it does
     */
    public record Guest(VmId vm, Workload workload, CostModel cost, long seed) {}

    /**
     * How often the worker looks.
     *
     * @param tickNanos of the loop
     * @param telemetryNanos of telemetry while the trigger is on the host
     * @param fastTelemetryNanos of telemetry while it is in the job, or the plan weighs what waits
     */
    public record Periods(long tickNanos, long telemetryNanos, long fastTelemetryNanos) {}

    /**
     * What the worker works with.
     *
     * @param limits its hard limits
     * @param reporting takes samples and reports
     * @param nanoClock simulated time
     * @param wallMicros the host's wall clock, which must go with it
     * @param seesPauses whether samples say that the guest stands still; without it a pause looks like rest
     */
    public record Means(
            HardLimits limits,
            Periods periods,
            LongSupplier nanoClock,
            LongSupplier wallMicros,
            Reporting reporting,
            boolean seesPauses) {}

    /** A worker whose loop does not run yet: {@link #start} it, or {@link #tick} it. */
    public SimulatedPrimary(Guest guest, Means means) {
        this.means = means;
        this.book = new EpochBook(guest.vm(), HOST);
        this.control = new JobControl(guest.vm(), means.wallMicros(), (state, reason) -> {});
        this.host = new SimulatedHost(guest.workload(), guest.cost(), guest.seed(), new Turns());
        TriggerPorts ports = new TriggerPorts(
                probe(guest.vm()),
                probe(guest.vm()),
                means.reporting()::telemetry,
                () -> {},
                means.nanoClock(),
                means.wallMicros(),
                new TriggerPorts.Periods(
                        means.periods().tickNanos(),
                        means.periods().telemetryNanos(),
                        means.periods().fastTelemetryNanos()));
        this.loop = new TriggerLoop(ports, control, open, new TriggerInput(guest.vm(), means.limits()));
        loop.actOn(Optional.of(new Hypervisor()));
    }

    /** Which epoch is open and for how long, the worker says itself, as in {@code ProtectedVm}; the rest the guest. */
    private TriggerPorts.Probe probe(VmId vm) {
        SimulatedProbe guest = host.probe(vm, HOST);
        return (nowNanos, nowMicros) -> {
            host.runUntil(nowNanos);
            OpenEpoch epoch = open.get();
            return guest.sample(epoch.number(), epoch.elapsedNanos(nowNanos), nowMicros);
        };
    }

    /** Lets the loop run on a thread of its own. */
    public void start() {
        loop.start();
    }

    /** Lets the guest, but not the loop, come up to {@code nowNanos}. */
    public void advance(long nowNanos) {
        host.runUntil(nowNanos);
    }

    /** Looks once; for a loop that is not started. */
    public void tick(long nowNanos) {
        try {
            loop.tick(nowNanos);
        } catch (IOException | ProbeException e) {
            throw new AssertionError("a simulated VM can always be sampled and paused", e);
        }
    }

    /** Takes a command in, as {@link PrimaryAgent#command} does; from any thread. */
    public void command(WorkerCommand command) {
        if (control.accept(command, open.get().number())) {
            loop.wake();
        }
    }

    @Override
    public void close() {
        loop.close();
    }

    private final class Hypervisor implements Actuator {
        @Override
        public SourceState state() {
            if (host.isPaused()) {
                return SourceState.PAUSED;
            }
            return host.isReady() ? SourceState.PENDING : SourceState.RUNNING;
        }

        @Override
        public void pause(Firing next) {
            firing = Optional.of(next);
            host.checkpoint(next.reason(), next.busyRatio());
        }

        @Override
        public void watch() {}

        @Override
        public void failed(String reason) {
            throw new AssertionError(reason);
        }
    }

    /** What {@link EpochPipeline} and {@link PrimarySession} do at each turn of a checkpoint. */
    private final class Turns implements SimulatedHost.Listener {
        @Override
        public void paused(long atNanos) {
            if (means.seesPauses()) {
                open.set(open.get().paused());
            }
        }

        @Override
        public void resumed(Captured checkpoint) {
            OpenEpoch ended = open.get();
            Capture capture = capture(checkpoint);
            book.captured(new EpochBook.Captured(
                    ended.number(),
                    firing.orElseThrow(),
                    capture,
                    ended.lengthNanos(capture),
                    wallMicrosAt(checkpoint.pausedAtNanos()),
                    List.of(),
                    0));
            firing = Optional.empty();
            open.set(ended.next(capture));
        }

        @Override
        public void committed(Captured checkpoint, Released released) {
            book.shipped(checkpoint.epoch(), shipped(checkpoint));
            EpochReport report = book.acknowledged(
                    checkpoint.epoch(),
                    released.atNanos(),
                    Optional.of(new io.lull.worker.output.Released(
                            released.packets(),
                            released.packets() * HELD_BYTES_PER_PACKET,
                            released.oldestHeldNanos())));
            means.reporting().report(report);
        }

        private long wallMicrosAt(long atNanos) {
            long behindNanos = means.nanoClock().getAsLong() - atNanos;
            return means.wallMicros().getAsLong() - behindNanos / 1000;
        }
    }

    private static Capture capture(Captured checkpoint) {
        long pausedAtNanos = checkpoint.pausedAtNanos();
        long resumedAtNanos = checkpoint.resumedAtNanos();
        return new Capture(
                NOTHING,
                (int) checkpoint.dirtyPages(),
                0,
                pausedAtNanos,
                pausedAtNanos,
                resumedAtNanos,
                resumedAtNanos,
                resumedAtNanos,
                0);
    }

    private static EpochBook.Shipped shipped(Captured checkpoint) {
        long pages = checkpoint.dirtyPages();
        return new EpochBook.Shipped(
                new EpochReport.Pages(pages, 0, 0, pages, 0),
                pages * PAGE_BYTES,
                checkpoint.shippedBytes(),
                checkpoint.shippedBytes(),
                0,
                0,
                0,
                checkpoint.shippedAtNanos(),
                "simulated",
                1);
    }
}
