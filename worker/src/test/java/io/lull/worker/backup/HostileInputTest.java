package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.ChunkCodec;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HostileInputTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int ROUNDS = 300;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final TestVm vm = new TestVm(SEED);
    private BackupUnderTest host;
    private long epoch = 1;
    private byte[] good = new byte[0];

    @BeforeEach
    void startWithACommittedEpoch() throws Exception {
        System.out.println("HostileInputTest: -Dlull.seed=" + SEED);
        host = BackupUnderTest.plain(directory);
        goodSession(nextSession());
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        vm.close();
    }

    @Test
    void dropsGarbageWithAReasonAndGoesOn() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            assertDropped(garbage);
        }
        assertUntouchedAndAlive();
    }

    @Test
    void dropsASessionInWhichAnyOneBitIsWrong() throws Exception {
        // What is compressed may have bits that make no difference.
        byte[] session = nextSession(vm.epoch(epoch, ChunkCodec.NONE));
        for (int i = 0; i < ROUNDS; i++) {
            byte[] wrong = session.clone();
            int at = i < 2 * FrameHeader.BYTES ? i : random.nextInt(wrong.length);
            wrong[at] ^= (byte) (1 << random.nextInt(8));
            assertDropped(wrong);
        }
        assertUntouched();
        goodSession(session);
    }

    @Test
    void dropsHeadersWithHugeLengthsWithoutWaitingForTheirPayload() throws Exception {
        byte[] hello = RawPrimary.bytes(
                List.of(TestVm.hello(9, OnBackupLoss.HOLD_OUTPUT).frame()));
        for (int offset : new int[] {20, 24}) {
            byte[] wrong = hello.clone();
            wrong[offset + 3] = 0x7f;
            assertDropped(wrong);
        }
        assertUntouchedAndAlive();
    }

    @Test
    void dropsAPeerThatSaysNothing() throws Exception {
        try (RawPrimary silent = new RawPrimary(host.backup.address())) {
            assertThat(silent.next()).isEmpty();
        }
        assertThat(BackupUnderTest.await(host.endings, "drop")).contains("handshake limit");
        assertUntouchedAndAlive();
    }

    @Test
    void dropsASessionWhoseOpenEpochGrowsWithoutEnd() throws Exception {
        try (RawPrimary primary = new RawPrimary(host.backup.address())) {
            primary.send(TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame());
            primary.send(TestVm.LAYOUT.frame());
            ByteBuffer data = ByteBuffer.allocate(DiskWrite.MAX_DATA_BYTES);
            sendUntilDropped(primary, data);
        }
        assertThat(BackupUnderTest.await(host.endings, "drop")).contains("open epochs hold");
        assertUntouchedAndAlive();
    }

    private void sendUntilDropped(RawPrimary primary, ByteBuffer data) {
        int sequence = 0;
        try {
            while (sequence < FrameHeader.MAX_RECORDS) {
                primary.send(new DiskWrite(0, data).frame(epoch, sequence++));
            }
        } catch (IOException dropped) {
            assertThat(sequence).isPositive();
        }
        assertThat(sequence).isLessThan(1000);
    }

    @Test
    void refusesASecondPrimaryAndOneOfAnotherVersion() throws Exception {
        try (RawPrimary first = new RawPrimary(host.backup.address())) {
            first.send(TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame());
            first.await(FrameType.WELCOME);
            assertThat(refusalOf(RawPrimary.bytes(List.of(
                            TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame()))))
                    .isEqualTo(RefusalReason.BUSY);
            byte[] other = RawPrimary.bytes(
                    List.of(TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame()));
            other[4] = FrameHeader.VERSION - 1;
            assertThat(refusalOf(other)).isEqualTo(RefusalReason.VERSION);
        }
    }

    private RefusalReason refusalOf(byte[] hello) throws IOException {
        try (RawPrimary second = new RawPrimary(host.backup.address())) {
            second.write(hello, 0, hello.length);
            return Refused.decode(second.await(FrameType.REFUSED).payload()).reason();
        }
    }

    private void assertDropped(byte[] bytes) throws Exception {
        try (RawPrimary peer = new RawPrimary(host.backup.address())) {
            peer.write(bytes, 0, bytes.length);
            peer.endOfStream();
            while (peer.next().isPresent()) {
                // Until the backup closes.
            }
        } catch (IOException reset) {
            assertThat(reset).isNotNull();
        }
        assertThat(BackupUnderTest.await(host.endings, "end of the connection")).isNotBlank();
    }

    private void assertUntouchedAndAlive() throws Exception {
        assertUntouched();
        goodSession(nextSession());
    }

    private void assertUntouched() throws Exception {
        assertThat(host.commits).isEmpty();
        assertThat(host.imageFile()).isEqualTo(good);
        // What an epoch took of the budget is given back after its commit was heard of.
        Await.until("no redo log is left", () -> host.backup.status().redoBytes() == 0);
    }

    private byte[] nextSession() {
        return nextSession(vm.epoch(epoch));
    }

    private byte[] nextSession(List<Frame> epochs) {
        List<Frame> frames = new ArrayList<>();
        frames.add(TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame());
        frames.add(TestVm.LAYOUT.frame());
        frames.addAll(epochs);
        epoch++;
        return RawPrimary.bytes(frames);
    }

    private void goodSession(byte[] session) throws Exception {
        try (RawPrimary primary = new RawPrimary(host.backup.address())) {
            primary.write(session, 0, session.length);
            assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(epoch - 1);
            primary.endOfStream();
            while (primary.next().isPresent()) {
                // Until the backup has let go of the session.
            }
        }
        good = host.awaitCommit().image();
        assertThat(good).isEqualTo(vm.snapshot());
        assertThat(BackupUnderTest.await(host.endings, "end of the good session"))
                .contains("closed");
    }
}
