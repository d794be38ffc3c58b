package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A live backup on loopback that keeps what it reports. */
final class BackupUnderTest implements BackupListener, AutoCloseable {
    private static final BackupOptions.Timing TIMING =
            new BackupOptions.Timing(1_000_000_000L, 50_000_000L, 2_000_000_000L);
    /** A committed epoch with the image at that moment. */
    record Commit(long epoch, byte[] image, Received received) {}

    /** How long a peer may take to say who it is; the first that speaks TLS loads all that is needed for that. */
    static final long HANDSHAKE_LIMIT_NANOS = 4_000_000_000L;

    private static final long STANDBY_LIMIT_NANOS = 5_000_000_000L;
    /** No standby before a takeover. */
    static final StandbyOptions COLD =
            new StandbyOptions(false, 3, 1_000_000, STANDBY_LIMIT_NANOS, STANDBY_LIMIT_NANOS);
    /** One at all times. */
    static final StandbyOptions HOT = new StandbyOptions(true, 3, 1_000_000, STANDBY_LIMIT_NANOS, STANDBY_LIMIT_NANOS);

    private static final long LIMIT_SECONDS = 20;

    final Path directory;
    final Path disk;
    final Backup backup;
    final BlockingQueue<Commit> commits = new LinkedBlockingQueue<>();
    final BlockingQueue<LossKind> losses = new LinkedBlockingQueue<>();
    /** One reason for each connection that ended, a session or not. */
    final BlockingQueue<String> endings = new LinkedBlockingQueue<>();

    final BlockingQueue<FailoverRule.Verdict> verdicts = new LinkedBlockingQueue<>();
    final BlockingQueue<HotStandby.State> standbyStates = new LinkedBlockingQueue<>();
    final List<Failover.State> failoverStates = new ArrayList<>();
    /** Called at once, by the thread that carries a takeover out. */
    volatile Consumer<Failover.State> onFailover = state -> {};
    /** Called by the apply thread, which goes on after it. */
    volatile LongConsumer onCommit = epoch -> {};

    /** Over plaintext, and without a standby. */
    static BackupUnderTest plain(Path directory) throws IOException {
        return new BackupUnderTest(
                directory, Wiring.UNSAFE_PLAINTEXT, FailoverMode.MANUAL, Optional.empty(), StandbyOptions.DEFAULT);
    }

    /** Without a standby, with time for TLS. */
    static BackupUnderTest manual(Path directory, Wiring wiring) throws IOException {
        return new BackupUnderTest(
                directory,
                wiring,
                FailoverMode.MANUAL,
                Optional.empty(),
                StandbyOptions.DEFAULT,
                Optional.empty(),
                new BackupOptions.Timing(HANDSHAKE_LIMIT_NANOS, TIMING.heartbeatNanos(), TIMING.silenceLimitNanos()));
    }

    /** Over plaintext, one that gives up when it could do nothing for so long. */
    static BackupUnderTest impatient(Path directory, long standstillNanos) throws IOException {
        return new BackupUnderTest(
                directory,
                Wiring.UNSAFE_PLAINTEXT,
                FailoverMode.MANUAL,
                Optional.empty(),
                StandbyOptions.DEFAULT,
                Optional.empty(),
                new BackupOptions.Timing(
                        TIMING.handshakeLimitNanos(),
                        TIMING.heartbeatNanos(),
                        TIMING.silenceLimitNanos(),
                        standstillNanos));
    }

    /** Over plaintext, at a fence, with a standby that is started when it is needed. */
    static BackupUnderTest fenced(
            Path directory, FailoverMode mode, Optional<StandbyLauncher> launcher, MemoryArbiter arbiter)
            throws IOException {
        FenceSeat seat = new FenceSeat(arbiter.fence(), new FenceClaim.Party(new UUID(2, 1), "host-b"));
        return new BackupUnderTest(directory, Wiring.UNSAFE_PLAINTEXT, mode, launcher, COLD, Optional.of(seat));
    }

    /** Over plaintext. */
    BackupUnderTest(Path directory, FailoverMode mode, Optional<StandbyLauncher> launcher, StandbyOptions standby)
            throws IOException {
        this(directory, Wiring.UNSAFE_PLAINTEXT, mode, launcher, standby, Optional.empty());
    }

    BackupUnderTest(
            Path directory,
            Wiring wiring,
            FailoverMode mode,
            Optional<StandbyLauncher> launcher,
            StandbyOptions standby)
            throws IOException {
        this(directory, wiring, mode, launcher, standby, Optional.empty());
    }

    BackupUnderTest(
            Path directory,
            Wiring wiring,
            FailoverMode mode,
            Optional<StandbyLauncher> launcher,
            StandbyOptions standby,
            Optional<FenceSeat> fence)
            throws IOException {
        this(directory, wiring, mode, launcher, standby, fence, TIMING);
    }

    private BackupUnderTest(
            Path directory,
            Wiring wiring,
            FailoverMode mode,
            Optional<StandbyLauncher> launcher,
            StandbyOptions standby,
            Optional<FenceSeat> fence,
            BackupOptions.Timing timing)
            throws IOException {
        this.directory = directory;
        this.disk = directory.resolve("disk.raw");
        if (!Files.exists(disk)) {
            try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
                file.setLength(TestVm.DISK_BYTES);
            }
        }
        BackupOptions.Store store = new BackupOptions.Store(directory, Optional.of(disk), true, 1L << 30, 2 << 20);
        BackupOptions options = new BackupOptions(
                TestVm.ID, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), store, mode, timing);
        this.backup = Backup.start(options, new BackupParts(wiring, launcher, standby, fence, this), System::nanoTime);
    }

    @Override
    public void committed(long epoch, Received received, CommittedImage image) {
        onCommit.accept(epoch);
        commits.add(new Commit(epoch, TestVm.bytes(image.memory(), TestVm.PAGES), received));
    }

    @Override
    public void sessionLost(LossKind kind, String why) {
        losses.add(kind);
        endings.add(why);
    }

    @Override
    public void judged(FailoverRule.Verdict verdict) {
        verdicts.add(verdict);
    }

    @Override
    public void connectionDropped(String why) {
        endings.add(why);
    }

    @Override
    public void standby(HotStandby.State state, String why) {
        standbyStates.add(state);
    }

    @Override
    public void failover(Failover.State state, String why) {
        failoverStates.add(state);
        onFailover.accept(state);
    }

    Commit awaitCommit() throws InterruptedException {
        return await(commits, "a commit");
    }

    void awaitStandby(HotStandby.State wanted) throws InterruptedException {
        HotStandby.State seen = await(standbyStates, "standby " + wanted);
        while (seen != wanted) {
            seen = await(standbyStates, "standby " + wanted);
        }
    }

    static <T> T await(BlockingQueue<T> queue, String what) throws InterruptedException {
        T value = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (value == null) {
            throw new AssertionError("no " + what + " within " + LIMIT_SECONDS + " s");
        }
        return value;
    }

    /** What came of the end of the last session. */
    FailoverRule.Verdict awaitVerdict() throws InterruptedException {
        return await(verdicts, "verdict");
    }

    /** Where it notes that it took over. */
    Path marker() {
        return directory.resolve("disk.raw.taken-over");
    }

    /** Why it sends a primary of its VM away. */
    RefusalReason refusal() throws IOException {
        return refusal(OnBackupLoss.HOLD_OUTPUT);
    }

    RefusalReason refusal(OnBackupLoss onLoss) throws IOException {
        try (RawPrimary primary = new RawPrimary(backup.address())) {
            primary.send(TestVm.hello(7, onLoss).frame());
            return Refused.decode(primary.await(FrameType.REFUSED).payload()).reason();
        }
    }

    /** The pages in the file of the image that counts. */
    byte[] imageFile() throws IOException {
        return pages(directory.resolve("image.ram"));
    }

    /** The pages in an image's file. */
    static byte[] pages(Path image) throws IOException {
        return Arrays.copyOf(
                Files.readAllBytes(image), (int) ImageTag.read(image).pageBytes());
    }

    @Override
    public void close() throws IOException {
        backup.close();
    }
}
