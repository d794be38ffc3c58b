package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Verified;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session's first epoch may be large and take long, and the guest goes on meanwhile. */
@Timeout(120)
class FirstEpochTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int BEHIND = 20;
    private static final int SECTOR_BYTES = 512;

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);

    FirstEpochTest() {
        System.out.println("FirstEpochTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aGuestThatWritesItsDiskAgainAndAgainDuringTheFirstCopyIsProtected() throws Exception {
        long redoBytes = RedoBudget.limitBytes(0, 0) + 2L * TestVm.PAGES * 4096 + TestVm.DISK_BYTES;
        try (BackupUnderTest host = BackupUnderTest.plain(directory);
                RawPrimary primary = session(host, 1)) {
            long writes = (redoBytes + DiskWrite.MAX_DATA_BYTES - 1) / DiskWrite.MAX_DATA_BYTES;
            for (Frame frame : withWrites(1, vm.whole(1), DiskWrite.MAX_DATA_BYTES, writes)) {
                primary.send(frame);
            }
            assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(1);
            assertThat(host.awaitCommit().image()).isEqualTo(vm.snapshot());
            assertThat(Files.readAllBytes(host.disk)).isEqualTo(vm.disk);
        }
    }

    @Test
    void epochsAreAcknowledgedWhileTheFirstIsStillBeingAppliedAndLaterOnesAreHeldBackAsEver() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(1);
        try (BackupUnderTest host = host();
                RawPrimary primary = session(host, 1)) {
            host.onCommit = epoch -> {
                if (epoch == 1 || epoch == BEHIND + 1) {
                    awaitQuietly(epoch == 1 ? first : later);
                }
            };
            primary.send(vm.whole(1));
            assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(1);
            for (long epoch = 2; epoch <= BEHIND; epoch++) {
                primary.send(vm.epoch(epoch));
                assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(epoch);
            }
            assertThat(host.commits).isEmpty();
            assertCanBeDoneWithout(primary);
            first.countDown();
            for (long epoch = 1; epoch <= BEHIND; epoch++) {
                assertThat(host.awaitCommit().epoch()).isEqualTo(epoch);
            }
            assertThat(host.imageFile()).isEqualTo(vm.snapshot());
            assertThat(Files.readAllBytes(host.disk)).isEqualTo(vm.disk);

            assertFourWaitAtMost(primary, later);
            long last = BEHIND + 3 + ApplyLoop.MAX_UNAPPLIED_EPOCHS;
            for (long epoch = BEHIND + 1; epoch <= last; epoch++) {
                assertThat(host.awaitCommit().epoch()).isEqualTo(epoch);
            }
            assertThat(host.imageFile()).isEqualTo(vm.snapshot());
            assertThat(slots()).as("those that waited are gone").isLessThan(BEHIND / 2);
        } finally {
            first.countDown();
            later.countDown();
        }
    }

    @Test
    void noMoreEpochsWaitThanAtOtherTimesWhereTheDisksCopyMayComeToNeedTheRoom() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        // What is free may grow while this runs, and never beyond all that there is.
        long diskBytes = Files.getFileStore(directory).getTotalSpace();
        try (RandomAccessFile disk =
                new RandomAccessFile(directory.resolve("disk.raw").toFile(), "rw")) {
            disk.setLength(diskBytes);
        }
        Hello like = TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT);
        Hello hello = new Hello(
                like.vmId(),
                like.hostId(),
                like.sessionId(),
                like.onBackupLoss(),
                diskBytes,
                like.firstEpoch(),
                like.hashSeed(),
                like.output());
        try (BackupUnderTest host = host();
                RawPrimary primary = RawPrimary.inSession(host.backup.address(), hello)) {
            host.onCommit = epoch -> awaitQuietly(first);
            int held = 2 + ApplyLoop.MAX_UNAPPLIED_EPOCHS;
            for (long epoch = 1; epoch <= held; epoch++) {
                primary.send(vm.epoch(epoch));
                if (epoch < held) {
                    assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(epoch);
                }
            }
            CompletableFuture<Long> last = CompletableFuture.supplyAsync(() -> nextAck(primary));
            TimeUnit.MILLISECONDS.sleep(300);
            assertThat(last).isNotDone();
            first.countDown();
            assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo(held);
        } finally {
            first.countDown();
        }
    }

    @Test
    void anEpochWhoseRecordsTakeMuchHeapIsNotOneOfTheManyThatWait() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        try (BackupUnderTest host = host();
                RawPrimary primary = session(host, 1)) {
            host.onCommit = epoch -> awaitQuietly(first);
            int usual = 2 + ApplyLoop.MAX_UNAPPLIED_EPOCHS;
            for (long epoch = 1; epoch <= usual; epoch++) {
                primary.send(epoch == 1 ? vm.whole(1) : vm.epoch(epoch));
                assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(epoch);
            }
            primary.send(withWrites(usual + 1, vm.epoch(usual + 1), SECTOR_BYTES, RecordIndex.OWN_RECORDS));
            CompletableFuture<Long> held = CompletableFuture.supplyAsync(() -> nextAck(primary));
            TimeUnit.MILLISECONDS.sleep(300);
            assertThat(held).isNotDone();
            first.countDown();
            assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo(usual + 1);
        } finally {
            first.countDown();
        }
    }

    /** The epoch with writes to the begin of the disk besides. */
    private List<Frame> withWrites(long epoch, List<Frame> records, int bytes, long writes) {
        records.remove(records.size() - 1);
        for (long i = 0; i < writes; i++) {
            byte[] data = new byte[bytes];
            vm.random.nextBytes(data);
            System.arraycopy(data, 0, vm.disk, 0, data.length);
            records.add(new DiskWrite(0, ByteBuffer.wrap(data)).frame(epoch, records.size()));
        }
        records.add(vm.end(epoch, records));
        return records;
    }

    private static long nextAck(RawPrimary primary) {
        try {
            return primary.await(FrameType.ACK).header().epoch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Neither waits behind what may take minutes. */
    private static void assertCanBeDoneWithout(RawPrimary primary) throws IOException {
        primary.send(new Digest(List.of(new Digest.Range(0, 1, 0, 0))).frame(BEHIND));
        assertThat(Verified.decode(primary.await(FrameType.VERIFIED).payload()).result())
                .isEqualTo(Verified.Result.STALE);
        primary.send(Handover.saying(BEHIND, "an operator's wish").frame());
        HandedOver answer = HandedOver.decode(primary.await(FrameType.HANDED_OVER));
        assertThat(answer.result()).isEqualTo(HandedOver.Result.REFUSED);
        assertThat(answer.text()).contains("first copy");
    }

    private void assertFourWaitAtMost(RawPrimary primary, CountDownLatch later) throws Exception {
        List<List<Frame>> epochs = new ArrayList<>();
        long last = BEHIND + 3 + ApplyLoop.MAX_UNAPPLIED_EPOCHS;
        for (long epoch = BEHIND + 1; epoch <= last; epoch++) {
            epochs.add(vm.epoch(epoch));
        }
        BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> {
            try {
                for (int i = 0; i < epochs.size(); i++) {
                    acks.add(primary.await(FrameType.ACK).header().epoch());
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        for (List<Frame> epoch : epochs) {
            primary.send(epoch);
        }
        long held = BEHIND + 2 + ApplyLoop.MAX_UNAPPLIED_EPOCHS;
        for (long epoch = BEHIND + 1; epoch < held; epoch++) {
            assertThat(BackupUnderTest.await(acks, "ACK")).isEqualTo(epoch);
        }
        assertThat(acks.poll(500, TimeUnit.MILLISECONDS)).as("one more waits").isNull();
        later.countDown();
        assertThat(BackupUnderTest.await(acks, "ACK")).isEqualTo(held);
        assertThat(BackupUnderTest.await(acks, "ACK")).isEqualTo(held + 1);
        reader.join();
    }

    private long slots() throws IOException {
        try (var all = Files.list(directory)) {
            return all.filter(RedoSlots::isSlot).count();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private BackupUnderTest host() throws IOException {
        return new BackupUnderTest(
                directory, FailoverMode.MANUAL, Optional.of(() -> new FakeStandby(false)), BackupUnderTest.COLD);
    }

    private static RawPrimary session(BackupUnderTest host, long firstEpoch) throws IOException {
        return RawPrimary.inSession(host.backup.address(), TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT));
    }
}
