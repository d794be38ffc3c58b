package io.lull.local.fault;

import io.lull.local.Await;
import io.lull.policy.VmId;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.CommittedImage;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FenceSeat;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.Received;
import io.lull.worker.backup.StandbyLauncher;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A live backup on loopback that keeps what it hears. */
final class TestBackup implements BackupListener, AutoCloseable {
    private static final long COMMIT_MILLIS = 30_000;

    private final List<Hello> hellos = new CopyOnWriteArrayList<>();
    private final List<LossKind> losses = new CopyOnWriteArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private volatile HotStandby.State standbyState = HotStandby.State.IDLE;
    private final Backup backup;

    private TestBackup(
            Path directory,
            Path disk,
            int port,
            FailoverMode mode,
            Optional<StandbyLauncher> standby,
            Optional<FenceSeat> fence)
            throws IOException {
        this(directory, disk, port, mode, standby, fence, new PageWorkers(2, "test-backup-page"));
    }

    private TestBackup(
            Path directory,
            Path disk,
            int port,
            FailoverMode mode,
            Optional<StandbyLauncher> standby,
            Optional<FenceSeat> fence,
            PageWorkers workers)
            throws IOException {
        BackupOptions options = new BackupOptions(
                new VmId(FaultGuest.VM),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                BackupOptions.Store.defaults(Files.createDirectories(directory), Optional.of(disk)),
                mode,
                BackupOptions.Timing.DEFAULT);
        this.backup = Backup.start(
                options,
                new BackupParts(FaultCertificates.backup(), standby, StandbyOptions.DEFAULT, fence, this),
                workers,
                System::nanoTime);
    }

    /** A backup without a standby, which never takes over. */
    static TestBackup manual(Path directory, Path disk, int port) throws IOException {
        return new TestBackup(directory, disk, port, FailoverMode.MANUAL, Optional.empty(), Optional.empty());
    }

    /** A backup with a standby, which takes over when it is told to. */
    static TestBackup told(Path directory, Path disk, StandbyLauncher standby) throws IOException {
        return new TestBackup(directory, disk, 0, FailoverMode.MANUAL, Optional.of(standby), Optional.empty());
    }

    /** One of several backups of a process, which never takes over. */
    static TestBackup beside(Path directory, Path disk, PageWorkers workers) throws IOException {
        return new TestBackup(directory, disk, 0, FailoverMode.MANUAL, Optional.empty(), Optional.empty(), workers);
    }

    /** A backup that takes over by itself. */
    static TestBackup automatic(Path directory, Path disk, StandbyLauncher standby) throws IOException {
        return new TestBackup(directory, disk, 0, FailoverMode.AUTO, Optional.of(standby), Optional.empty());
    }

    /** A backup that asks a fence before it takes over. */
    static TestBackup fenced(Path directory, Path disk, FailoverMode mode, StandbyLauncher standby, FenceSeat fence)
            throws IOException {
        return new TestBackup(directory, disk, 0, mode, Optional.of(standby), Optional.of(fence));
    }

    @Override
    public void committed(long epoch, Received received, CommittedImage image) {
        commits.incrementAndGet();
    }

    @Override
    public void sessionOpened(Hello hello) {
        hellos.add(hello);
    }

    @Override
    public void sessionLost(LossKind kind, String why) {
        losses.add(kind);
    }

    @Override
    public void standby(HotStandby.State state, String why) {
        standbyState = state;
    }

    HotStandby.State standbyState() {
        return standbyState;
    }

    Backup backup() {
        return backup;
    }

    int port() throws IOException {
        return backup.address().getPort();
    }

    /** What the first primary said: the last epoch whose output it released, when it has held all output since. */
    OptionalLong heldSinceEpoch() {
        return hellos.get(0).output().heldSinceEpoch();
    }

    /** The seed of the page hashes of each session so far. */
    List<Long> hashSeeds() {
        return hellos.stream().map(Hello::hashSeed).toList();
    }

    List<LossKind> losses() {
        return List.copyOf(losses);
    }

    long commits() {
        return commits.get();
    }

    /** Waits for {@code count} commits more. */
    void awaitCommits(long count) throws IOException {
        long target = commits.get() + count;
        Await.until(count + " more commits", COMMIT_MILLIS, () -> commits.get() >= target);
    }

    @Override
    public void close() throws IOException {
        backup.close();
    }
}
