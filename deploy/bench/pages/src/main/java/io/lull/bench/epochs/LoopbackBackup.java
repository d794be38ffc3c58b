package io.lull.bench.epochs;

import io.lull.policy.VmId;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.CommittedImage;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.Received;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.page.PageMemory;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A backup of this process without disk and standby, which says when an epoch is in its image. */
final class LoopbackBackup implements BackupListener, AutoCloseable {
    static final VmId VM = new VmId("bench");

    private static final long WAIT_LIMIT_MILLIS = 60_000;
    private static final BackupOptions.Timing TIMING =
            new BackupOptions.Timing(5_000_000_000L, 100_000_000L, 10_000_000_000L);

    private final Path folder;
    private final Backup backup;
    private long applied;
    private Optional<CommittedImage> image = Optional.empty();
    private Optional<String> lost = Optional.empty();

    /**
     * Listens.
     *
     * @param parent where a folder for the image is made, which goes with this
     */
    LoopbackBackup(Path parent, Wiring wiring) throws IOException {
        folder = Files.createTempDirectory(parent, "lull-bench-pages-");
        BackupOptions options = new BackupOptions(
                VM,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                BackupOptions.Store.defaults(folder, Optional.empty()),
                FailoverMode.MANUAL,
                TIMING);
        BackupParts parts = new BackupParts(wiring, Optional.empty(), StandbyOptions.DEFAULT, Optional.empty(), this);
        backup = Backup.start(options, parts, System::nanoTime);
    }

    InetSocketAddress address() throws IOException {
        return backup.address();
    }

    @Override
    public synchronized void committed(long epoch, Received received, CommittedImage to) {
        applied = epoch;
        image = Optional.of(to);
        notifyAll();
    }

    @Override
    public synchronized void sessionLost(LossKind kind, String why) {
        lost = Optional.of(kind + ", " + why);
        notifyAll();
    }

    /** Waits until an epoch is in the image. */
    synchronized void awaitApplied(long epoch) throws IOException, InterruptedException {
        long endMillis = System.currentTimeMillis() + WAIT_LIMIT_MILLIS;
        while (applied < epoch) {
            long leftMillis = endMillis - System.currentTimeMillis();
            if (lost.isPresent() || leftMillis <= 0) {
                throw new IOException("epoch " + epoch + " is not in the backup's image: "
                        + lost.orElse("nothing for " + WAIT_LIMIT_MILLIS + " ms"));
            }
            wait(leftMillis);
        }
    }

    /**
     * The image's pages; they hold still while no epoch is under way.
     *
     * @throws IllegalStateException before the first epoch
     */
    synchronized PageMemory memory() {
        return image.orElseThrow(() -> new IllegalStateException("no epoch was applied yet"))
                .memory();
    }

    @Override
    public void close() throws IOException {
        backup.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
