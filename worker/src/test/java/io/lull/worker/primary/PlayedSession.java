package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.colo.ColoSource;
import io.lull.worker.colo.PlayedColo;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.qemu.Await;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wiring;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything that a worker has around a session, but for what looks at QEMU's process. */
final class PlayedSession implements SessionTurns, AutoCloseable {
    private static final VmId VM = new VmId("db");
    private static final int DISK_BYTES = 1 << 20;
    private static final int HASH_SEED = 42;

    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final PlayedColo qemu = new PlayedColo();
    private final PauseMeter meter = new PauseMeter();
    private final PageWorkers workers = new PageWorkers(1, "test-page");
    private final Backup backup;
    private final GateOnSockets output;
    private final Current<OpenEpoch> open = new Current<>(OpenEpoch.first(System.nanoTime()));
    private final EpochBook book = new EpochBook(VM, "host-a");
    private final PrimarySession session;
    private final CheckpointSource source;
    private final Actuator actuator;
    private volatile long committed;
    private long released;

    PlayedSession(Path folder, CaptureTap tap) throws Exception {
        Path disk = Files.write(folder.resolve("backup.raw"), new byte[DISK_BYTES]);
        backup = Backup.start(
                new BackupOptions(
                        VM,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BackupOptions.Store.defaults(Files.createDirectory(folder.resolve("image")), Optional.of(disk)),
                        FailoverMode.MANUAL,
                        BackupOptions.Timing.DEFAULT),
                new BackupParts(
                        Wiring.UNSAFE_PLAINTEXT,
                        Optional.empty(),
                        StandbyOptions.DEFAULT,
                        Optional.empty(),
                        new BackupListener() {}),
                System::nanoTime);
        output = new GateOnSockets(folder);
        session = new PrimarySession(UUID.randomUUID(), open, this, Optional.of(output.gate()), book, System::nanoTime);
        PrimaryConfig config = config(folder);
        BackupLink link = BackupLink.connect(
                LinkOptions.defaults(backup.address()),
                Wiring.UNSAFE_PLAINTEXT,
                new Hello(
                        VM,
                        "host-a",
                        session.id(),
                        OnBackupLoss.HOLD_OUTPUT,
                        DISK_BYTES,
                        open.get().number(),
                        HASH_SEED,
                        new OutputClaim(UUID.randomUUID(), OptionalLong.empty())),
                session.linkListener());
        session.use(link);
        EpochRecords records = new EpochRecords();
        DiskReplica replica = DiskReplica.listen(
                config,
                new QmpCalls(qemu),
                new DiskReplica.Spec(
                        DISK_BYTES, open.get().number(), new LinkDiskSink(link, records), session::diskFailed));
        session.use(replica);
        PageShipper pages = new PageShipper(
                link, records, new PageShipper.Encoding(workers, config.pipeline()), System::nanoTime, HASH_SEED);
        EpochPipeline pipeline = new EpochPipeline(ports(replica, tap), open, pages);
        source = source(folder);
        session.start(source, pipeline);
        actuator = new SessionActuator(source, pipeline, session.events(), Long.MAX_VALUE);
    }

    PauseMeter meter() {
        return meter;
    }

    /** Of a VM with a disk and a netdev, in plaintext and without a fence. */
    static PrimaryConfig config(Path folder) throws Exception {
        Path file = folder.resolve("primary.yaml");
        Files.writeString(file, """
                vm: db
                host: host-a
                runDir: %s
                fence: none
                qemu: {qmp: none}
                network: {netdev: net0}
                disk: {node: disk0}
                backup: {unsafePlaintext: true}
                """.formatted(folder));
        return ConfigLoader.primary(file);
    }

    private SessionPorts ports(DiskReplica replica, CaptureTap tap) {
        return new SessionPorts(
                Optional.of(output.gate()),
                Optional.of(replica),
                book,
                pages -> List.of((long) pages),
                tap,
                session.events(),
                System::nanoTime,
                () -> System.currentTimeMillis() * 1000,
                List.of(new StagingArea(1 << 20, 1000), new StagingArea(1 << 20, 1000)));
    }

    /** As a worker's, with a meter at what it hands on. */
    private CheckpointSource source(Path folder) {
        CheckpointSource colo = meter.around(new ColoSource(qemu, folder.resolve("colo.sock"), meter, () -> true));
        return new CutOffSource(
                colo, new PausedFrames(Optional.of("net0")), new QmpCalls(qemu), System::nanoTime, nanos -> false);
    }

    /** Takes one checkpoint of a guest that has sent a frame; returns when it is committed and the frame has left. */
    void checkpoint(int epoch) throws Exception {
        output.send();
        Await.until(
                "the gate has the frame, lost " + output.lost(),
                () -> output.gate().frames().orElseThrow().openPackets() == 1);
        Await.until("the source is ready, lost " + lost, () -> actuator.state() == SourceState.PENDING);
        long number = open.get().number();
        actuator.pause(new Firing(number, TriggerReason.T_MAX, 0, 0, System.nanoTime(), 0.5));
        Await.until("epoch " + epoch + " is committed, lost " + lost, () -> committed == number);
        qemu.requireWell();
        assertThat(meter.pauses()).isEqualTo(epoch);
        assertThat(released).as("frames released by a commit").isEqualTo(epoch);
    }

    @Override
    public void isProtected(long epoch) {}

    @Override
    public void committed(EpochReport report) {
        released += report.held().packets();
        committed = report.epoch();
    }

    @Override
    public void verifyFailed(long epoch, String detail) {
        lost.add(detail);
    }

    @Override
    public void diskFailed(String reason) {
        lost.add(reason);
    }

    @Override
    public void copied(long pages, long wireBytes) {}

    @Override
    public void close() throws Exception {
        session.close();
        backup.close();
        output.close();
        workers.close();
        qemu.close();
    }
}
