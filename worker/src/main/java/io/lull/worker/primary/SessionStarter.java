package io.lull.worker.primary;

import io.lull.policy.VmId;
import io.lull.producer.probe.LinkCounters;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.colo.ColoSource;
import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.OnBackupLoss;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.disk.DiskSink;
import io.lull.worker.output.OutputGate;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.qemu.DeviceQuery;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.sharedmemory.SharedMemorySource;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Begins sessions: connect to the backup, make ready for the disk's mirror, arm QEMU. */
final class SessionStarter {
    /** A checkpoint may take as much as the guest's memory and this, for headers and the device state. */
    private static final long STAGING_SLACK_BYTES = 32L << 20;

    private final PrimaryConfig config;
    private final Means means;
    private final ProtectedVm machine;
    private final Current<OpenEpoch> open;
    private final LongSupplier wallMicros;
    private final UUID workerId = UUID.randomUUID();
    /** One for all sessions, so that the backup need not hash its image anew for each; the guest must not know it. */
    private final long hashSeed = UUID.randomUUID().getLeastSignificantBits();

    /** Those of the last session, of which no thread uses any; empty when they are to be made. */
    private List<StagingArea> staging = List.of();

    SessionStarter(PrimaryConfig config, Means means, Current<OpenEpoch> open, LongSupplier wallMicros) {
        this.config = config;
        this.means = means;
        this.machine = means.machine();
        this.open = open;
        this.wallMicros = wallMicros;
    }

    /**
     * What sessions are made with.
     *
     * @param machine the VM
     * @param workers encode its pages
     * @param comparers compare its pages in a pause, while others may be encoded; empty where it is captured by COLO
     * @param tap looks at what is captured
     * @param wiring how connections to the backup are protected
     */
    record Means(
            ProtectedVm machine, PageWorkers workers, Optional<PageWorkers> comparers, CaptureTap tap, Wiring wiring) {}

    EpochBook newBook() {
        return new EpochBook(new VmId(config.vm()), config.host());
    }

    /**
     * Brings a session up to where QEMU is being armed.
     *
     * @throws IOException when a step fails; the caller closes the session, which frees what was begun
     */
    Actuator start(PrimarySession session, EpochBook book) throws IOException, InterruptedException {
        makeStaging();
        // Something may have been plugged in since.
        ArmingCheck.requireNothingLeftOut(config, machine.monitor());
        OptionalLong diskBytes = config.disk().used()
                ? OptionalLong.of(
                        DeviceQuery.diskBytes(machine.qmp(), config.disk().node()))
                : OptionalLong.empty();
        BackupLink link = BackupLink.connect(
                linkOptions(), means.wiring(), hello(session.id(), diskBytes), session.linkListener());
        session.use(link);
        EpochRecords records = new EpochRecords();
        Optional<DiskReplica> disk = Optional.empty();
        if (diskBytes.isPresent()) {
            disk = Optional.of(replica(session, diskBytes.getAsLong(), new LinkDiskSink(link, records)));
        }
        machine.inSession(disk.map(DiskReplica::counters), Optional.of(counters(link)));
        PageShipper pages = new PageShipper(
                link,
                records,
                new PageShipper.Encoding(means.workers(), config.pipeline()),
                machine.nanoClock(),
                hashSeed);
        EpochPipeline pipeline = new EpochPipeline(ports(session, book, disk), open, pages);
        CheckpointSource source = new CutOffSource(
                source(session),
                new PausedFrames(config.network().releasingNetdev()),
                machine.qmp(),
                machine.nanoClock(),
                this::quietSince);
        session.start(source, pipeline);
        return new SessionActuator(
                source, pipeline, session.events(), config.qemu().watchdogMillis() * 1_000_000L);
    }

    private CheckpointSource source(PrimarySession session) {
        if (machine.ramFile().isEmpty()) {
            return new ColoSource(
                    machine.monitor(), config.socket("colo.sock"), machine.nanoClock(), session::isProtected);
        }
        return new SharedMemorySource(
                new SharedMemorySource.Machine(
                        machine.monitor(),
                        machine.ramFile().get(),
                        config.runDir(),
                        means.comparers().orElseThrow(),
                        machine.stops()),
                machine.nanoClock());
    }

    private LinkOptions linkOptions() {
        return LinkOptions.defaults(config.backup().socketAddress())
                .silentAtMost(config.backup().silenceMillis() * 1_000_000)
                .atMost(config.backup().ceilingBytesPerSecond());
    }

    private Hello hello(UUID session, OptionalLong diskBytes) {
        return new Hello(
                new VmId(config.vm()),
                config.host(),
                session,
                onBackupLoss(),
                diskBytes.orElse(0),
                open.get().number(),
                hashSeed,
                new OutputClaim(workerId, heldSinceEpoch()));
    }

    private io.lull.worker.protocol.OnBackupLoss onBackupLoss() {
        if (config.fence() == FenceChoice.KAFKA) {
            return io.lull.worker.protocol.OnBackupLoss.ASK_FENCE;
        }
        return config.onBackupLoss() == OnBackupLoss.STOP_OUTPUT
                ? io.lull.worker.protocol.OnBackupLoss.HOLD_OUTPUT
                : io.lull.worker.protocol.OnBackupLoss.GO_ON_UNPROTECTED;
    }

    private DiskReplica replica(PrimarySession session, long diskBytes, DiskSink sink) throws IOException {
        DiskReplica replica = DiskReplica.listen(
                config,
                machine.qmp(),
                new DiskReplica.Spec(
                        diskBytes, open.get().number(), means.tap().diskWrites(sink), session::diskFailed));
        session.use(replica);
        return replica;
    }

    /** Without a gate nobody holds anything. */
    private OptionalLong heldSinceEpoch() {
        return machine.gate().map(OutputGate::heldSinceEpoch).orElse(OptionalLong.empty());
    }

    private boolean quietSince(long nanos) {
        return machine.gate().map(gate -> gate.hasBeenQuietSince(nanos)).orElse(true);
    }

    private SessionPorts ports(PrimarySession session, EpochBook book, Optional<DiskReplica> disk) {
        return new SessionPorts(
                machine.gate(),
                disk.map(replica -> replica),
                book,
                machine.senses()::apportion,
                means.tap(),
                session.events(),
                machine.nanoClock(),
                wallMicros,
                staging);
    }

    /** After a session whose threads have all ended: other VMs may need the memory before the next one begins. */
    void giveStagingBack() {
        staging.forEach(StagingArea::shrink);
    }

    /** Has the next session use staging areas of its own: threads of the last one may still use the old ones. */
    void dropStaging() {
        staging = List.of();
    }

    private void makeStaging() {
        if (!staging.isEmpty()) {
            return;
        }
        long bytes = machine.ramBytes() + STAGING_SLACK_BYTES;
        List<StagingArea> areas = new ArrayList<>();
        for (int i = 0; i < EpochPipeline.STAGING_AREAS; i++) {
            areas.add(new StagingArea(bytes, (int) (bytes / PageMemory.PAGE_BYTES)));
        }
        staging = List.copyOf(areas);
    }

    private static LinkCounters counters(BackupLink link) {
        return () -> {
            OptionalDouble rate = link.bytesPerSecond();
            return new LinkCounters.Link(rate.isPresent(), (long) rate.orElse(0), link.backlogBytes());
        };
    }
}
