package io.lull.bench.fuzz.siege;

import io.lull.bench.fuzz.parser.Target;
import io.lull.bench.fuzz.parser.TargetKind;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.CommittedImage;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.Received;
import io.lull.worker.backup.SmallVm;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.wire.Wired;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The backup's port: hostile peers while a good primary commits epochs, hostile sessions while there is none, and a good
 * primary after them. All of its epochs must commit, and nobody else may get more than a refusal.
 */
final class BackupSiege implements Siege, BackupListener {
    /** The warm-up, and the quiet stretches before and after a siege: a millisecond for each connection, within these. */
    private static final long SHORTEST_NANOS = 500_000_000L;

    private static final long LONGEST_NANOS = 5_000_000_000L;

    private static final long HANDSHAKE_NANOS = 2_000_000_000L;
    private static final long HEARTBEAT_NANOS = 100_000_000L;
    private static final long SILENCE_NANOS = 15_000_000_000L;
    private static final long MAX_IMAGE_BYTES = 4 << 20;
    private static final long REDO_BYTES = 2 << 20;
    private static final long EPOCHS_OF_THE_LAST = 50;
    private static final int ATTEMPTS = 20;
    private static final int RETRY_MILLIS = 250;
    private static final int COMMIT_LOOKS = 100;
    private static final int COMMIT_LOOK_MILLIS = 50;

    private final Path folder;
    private final Wired wired;
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final StringBuilder report = new StringBuilder();

    BackupSiege(Path folder, Wired wired) {
        this.folder = folder;
        this.wired = wired;
    }

    @Override
    public Outcome run(long seed, int connections) throws Exception {
        Path disk = folder.resolve("disk.raw");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(SmallVm.DISK_BYTES);
        }
        BackupOptions options = new BackupOptions(
                SmallVm.ID,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new BackupOptions.Store(folder, Optional.of(disk), false, MAX_IMAGE_BYTES, REDO_BYTES),
                FailoverMode.MANUAL,
                new BackupOptions.Timing(HANDSHAKE_NANOS, HEARTBEAT_NANOS, SILENCE_NANOS));
        BackupParts parts =
                new BackupParts(wired.backup(), Optional.empty(), StandbyOptions.DEFAULT, Optional.empty(), this);
        Leftovers leftovers = new Leftovers("lull-backup-");
        try (Target sessions = TargetKind.BACKUP.open(Files.createDirectories(folder.resolve("corpus")));
                SmallVm vm = new SmallVm(seed);
                Backup backup = Backup.start(options, parts, System::nanoTime)) {
            long next = beside(backup, sessions, vm, seed, connections);
            alone(backup, sessions, seed + 1, connections);
            after(backup, vm, next);
        }
        violations.addAll(leftovers.look());
        report.append("; ").append(leftovers.text()).append("; dropped ").append(dropped);
        return new Outcome(report.toString(), violations);
    }

    /** Hostile peers beside a good primary. */
    private long beside(Backup backup, Target sessions, SmallVm vm, long seed, int connections) throws Exception {
        try (GoodPrimary primary = connected(backup, vm, 1)) {
            long stretchNanos = Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, connections * 1_000_000L));
            primary.commitWhile(until(stretchNanos));
            Delays quiet = primary.commitWhile(until(stretchNanos));
            Besiegers hostile = new Besiegers(
                    backup.address(), wired, sessions, seed, connections, Besiegers.Judges.serving(BackupSiege::fault));
            Delays siege = primary.commitWhile(hostile::atWork);
            quiet.add(primary.commitWhile(until(stretchNanos)));
            violations.addAll(hostile.faults());
            report.append("attacks beside a primary ").append(hostile.text());
            report.append("; its commits in quiet ").append(quiet.text());
            report.append("; under siege ").append(siege.text());
            report.append(String.format("; p99 ratio %.2f", siege.millis(0.99) / quiet.millis(0.99)));
            checkCommits(primary.nextEpoch() - 1);
            return primary.nextEpoch();
        }
    }

    private static BooleanSupplier until(long nanos) {
        long endNanos = System.nanoTime() + nanos;
        return () -> System.nanoTime() < endNanos;
    }

    private void checkCommits(long wanted) throws InterruptedException {
        for (int i = 0; i < COMMIT_LOOKS && commits.get() < wanted; i++) {
            Thread.sleep(COMMIT_LOOK_MILLIS);
        }
        if (commits.get() != wanted) {
            violations.add(wanted + " epochs were acknowledged, " + commits + " committed");
        }
    }

    /** What is wrong with an answer to someone who is not to be served: all that Lull may say is a refusal. */
    static String fault(byte[] answer) {
        boolean said = new String(answer, StandardCharsets.ISO_8859_1).contains("LULL");
        return !said || GoodPrimary.isRefusal(answer) ? "" : "got " + answer.length + " bytes that are no refusal";
    }

    /** Hostile sessions while there is no primary: over plaintext they are let in, and go on as far as they get. */
    private void alone(Backup backup, Target sessions, long seed, int connections) throws Exception {
        Besiegers.Judge none = answer -> "";
        Besiegers.Judges judges = new Besiegers.Judges(wired == Wired.TLS ? BackupSiege::fault : none, none);
        Besiegers hostile = new Besiegers(backup.address(), wired, sessions, seed, connections, judges);
        hostile.join();
        violations.addAll(hostile.faults());
        report.append("; alone ").append(hostile.text());
    }

    /** A good primary is served as if nothing had been. */
    private void after(Backup backup, SmallVm vm, long firstEpoch) throws Exception {
        commits.set(0);
        try (GoodPrimary primary = connected(backup, vm, firstEpoch)) {
            primary.commitWhile(() -> primary.nextEpoch() < firstEpoch + EPOCHS_OF_THE_LAST);
            checkCommits(primary.nextEpoch() - firstEpoch);
        }
        if (backup.status().redoBytes() != 0) {
            violations.add("the redo log keeps " + backup.status().redoBytes() + " bytes");
        }
        backup.status().broken().ifPresent(why -> violations.add("the backup is broken: " + why));
    }

    /** The first connection of a JVM may take longer than the limit, and the last hostile session be on its way out. */
    private GoodPrimary connected(Backup backup, SmallVm vm, long firstEpoch) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return new GoodPrimary(backup.address(), wired.primary(), vm, firstEpoch);
            } catch (IOException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    @Override
    public void committed(long epoch, Received received, CommittedImage image) {
        commits.incrementAndGet();
    }

    @Override
    public void sessionLost(LossKind kind, String why) {
        ended(why);
    }

    @Override
    public void connectionDropped(String why) {
        dropped.incrementAndGet();
        ended(why);
    }

    private void ended(String why) {
        if (why.startsWith("bug") || why.contains("the backup's own fault")) {
            synchronized (violations) {
                violations.add("a session ended by a " + why);
            }
        }
    }
}
