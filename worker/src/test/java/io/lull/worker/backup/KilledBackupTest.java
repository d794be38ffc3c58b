package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Welcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at a random moment under load, again and again: what was acknowledged is there, whole, and nothing half. */
@Timeout(180)
class KilledBackupTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int KILLS = Integer.getInteger("lull.kills", 12);
    private static final long LONGEST_LIFE_MILLIS = 400;
    /** Epochs that are sent and not acknowledged. */
    private static final int MAX_AHEAD = 16;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final TestVm vm = new TestVm(SEED);
    private final TreeMap<Long, byte[]> images = new TreeMap<>();
    private final TreeMap<Long, byte[]> disks = new TreeMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean dead;
    private long epoch;
    private int redone;

    KilledBackupTest() {
        System.out.println("KilledBackupTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aBackupThatIsKilledStandsAtItsLastAcknowledgedEpochWhenItIsStartedAgain() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        try (RandomAccessFile disk =
                new RandomAccessFile(own.resolve("disk.raw").toFile(), "rw")) {
            disk.setLength(TestVm.DISK_BYTES);
        }
        OptionalLong committed = OptionalLong.of(0);
        int kill = 0;
        // Until one lived long enough to acknowledge an epoch; the test's time is limited.
        for (; kill < KILLS || acknowledged.get() == 0; kill++) {
            try (BackupProcess backup = BackupProcess.start(own)) {
                liveAndDie(backup, committed, own);
            }
            redone += promises(own);
            // The next process redoes what is left, or this one does, and the next finds nothing to do.
            committed = kill % 2 == 0 ? OptionalLong.of(resumedHere(own)) : OptionalLong.empty();
        }
        System.out.println(
                "KilledBackupTest: " + kill + " kills, " + epoch + " epochs, " + redone + " promises redone");
    }

    private void liveAndDie(BackupProcess backup, OptionalLong known, Path own) throws Exception {
        try (RawPrimary primary = new RawPrimary(backup.address)) {
            primary.send(TestVm.hello(epoch + 1, OnBackupLoss.HOLD_OUTPUT).frame());
            long committed = Welcome.decode(primary.await(FrameType.WELCOME).payload())
                    .lastCommittedEpoch()
                    .orElse(0);
            assertThat(committed).isEqualTo(known.orElse(committed));
            assertThat(committed).isGreaterThanOrEqualTo(acknowledged.get());
            // What was sent after it and died with the process before never comes back.
            images.keySet().removeIf(sent -> sent != committed);
            disks.keySet().removeIf(sent -> sent != committed);
            primary.send(TestVm.LAYOUT.frame());
            if (committed > 0) {
                assertHashesOf(primary, committed);
                assertThat(Files.readAllBytes(own.resolve("disk.raw"))).isEqualTo(disks.get(committed));
            } else {
                primary.await(FrameType.HASHES);
            }
            dead = false;
            Thread reader = new Thread(() -> readAcks(primary));
            reader.start();
            Thread killer = new Thread(() -> killAfter(backup, random.nextLong(LONGEST_LIFE_MILLIS)));
            killer.start();
            sendUntilItDies(primary);
            killer.join();
            reader.join();
        }
    }

    private void sendUntilItDies(RawPrimary primary) throws InterruptedException {
        long before = epoch;
        try {
            for (boolean first = true; !dead; first = false) {
                while (epoch - Math.max(before, acknowledged.get()) > MAX_AHEAD && !dead) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                epoch++;
                var frames = first ? vm.whole(epoch) : vm.epoch(epoch);
                images.put(epoch, vm.snapshot());
                disks.put(epoch, vm.disk.clone());
                images.headMap(acknowledged.get()).clear();
                disks.headMap(acknowledged.get()).clear();
                for (Frame frame : frames) {
                    primary.send(frame);
                }
            }
        } catch (IOException e) {
            assertThat(e).as("it was killed").isNotNull();
        }
    }

    private void readAcks(RawPrimary primary) {
        try {
            for (Optional<Frame> frame = primary.next(); frame.isPresent(); frame = primary.next()) {
                if (frame.get().header().type() == FrameType.ACK) {
                    acknowledged.set(frame.get().header().epoch());
                }
            }
        } catch (IOException e) {
            assertThat(e).as("it was killed").isNotNull();
        } finally {
            dead = true;
        }
    }

    private static void killAfter(BackupProcess backup, long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            backup.kill();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertHashesOf(RawPrimary primary, long committed) throws IOException {
        try (PageHashTable theirs = new PageHashTable(TestVm.PAGES, 42);
                PageHashTable mine = new PageHashTable(TestVm.PAGES, 42);
                PageMemory memory = PageMemory.anonymous(TestVm.PAGES);
                PageWorkers workers = new PageWorkers(1, "killed-backup-test")) {
            byte[] image = images.get(committed);
            for (int page = 0; page < TestVm.PAGES; page++) {
                memory.view(page).put(image, page * 4096, 4096);
            }
            mine.markAll();
            mine.refresh(memory, workers);
            for (int page = 0; page < TestVm.PAGES; ) {
                Hashes piece = Hashes.decode(primary.await(FrameType.HASHES).payload());
                PageRange range = new PageRange(piece.firstPage(), piece.pages());
                theirs.importFrom(piece.hashes(), range);
                page += range.count();
            }
            assertThat(mine.differences(theirs, 0, TestVm.PAGES))
                    .as("epoch " + committed)
                    .isEmpty();
        }
    }

    private static int promises(Path own) throws IOException {
        int sealed = 0;
        try (var all = Files.newDirectoryStream(own, RedoSlots::isSlot)) {
            for (Path file : all) {
                RedoSlot slot = RedoSlot.left(file);
                sealed += slot.found().isPresent() ? 1 : 0;
                slot.close();
            }
        }
        return sealed;
    }

    /** The epoch at which this process finds it. */
    private long resumedHere(Path own) throws IOException {
        try (KeptLife here = new KeptLife(own)) {
            long committed = here.committer.committedEpoch().orElse(0);
            assertThat(committed).isGreaterThanOrEqualTo(acknowledged.get());
            if (committed > 0) {
                assertThat(here.image()).isEqualTo(images.get(committed));
                assertThat(here.disk()).isEqualTo(disks.get(committed));
            }
            return committed;
        }
    }
}
