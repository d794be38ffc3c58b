package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the end of a session means, and what the primary sees of it. */
@Timeout(60)
class SessionEndTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);

    SessionEndTest() {
        System.out.println("SessionEndTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aFullDiskOfTheBackupsEndsTheSessionAndNeverStartsATakeover() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        Path gone = directory.resolve("gone");
        try (BackupUnderTest host = host(own)) {
            try (RawPrimary primary = session(host)) {
                epoch(host, primary, 1);
                Files.move(own, gone);
                openMore(primary);
                assertThat(Bye.decode(primary.await(FrameType.BYE).payload()).why())
                        .contains("the backup's own fault");
            }
            assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(host.awaitVerdict().takeOver()).isFalse();
            Files.move(gone, own);
            try (RawPrimary primary = session(host)) {
                epoch(host, primary, 2);
            }
        }
    }

    /** Opens more epochs than the backup has files for. */
    private static void openMore(RawPrimary primary) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(DiskWrite.MAX_DATA_BYTES);
        try {
            for (int i = 0; i < RedoLog.MAX_OPEN_EPOCHS; i++) {
                primary.send(new DiskWrite(0, data).frame(2 + i, 0));
            }
        } catch (IOException e) {
            assertThat(e).as("the backup may have hung up by now").isNotNull();
        }
    }

    @Test
    void aTornImageIsNeverRunAndItsPrimaryKeepsItsOutput() throws Exception {
        try (BackupUnderTest host = host(directory)) {
            try (RawPrimary primary = session(host)) {
                epoch(host, primary, 1);
                try (RandomAccessFile disk = new RandomAccessFile(host.disk.toFile(), "rw")) {
                    disk.setLength(4096);
                }
                Frame zero = new DiskZero(0, TestVm.DISK_BYTES).frame(2, 0);
                primary.send(zero);
                primary.send(new EpochEnd(
                                1,
                                EpochEnd.rollingCrc(new int[] {zero.header().crc32c()}, 1),
                                1,
                                0,
                                zero.payload().remaining())
                        .frame(2));
                assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(1);
                assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(2);
            }
            FailoverRule.Verdict verdict = host.awaitVerdict();
            assertThat(verdict.takeOver()).isFalse();
            assertThat(verdict.reason()).contains("cannot be applied");
            assertThat(host.refusal()).isEqualTo(RefusalReason.BROKEN);
            assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("cannot be applied");
            assertThat(host.failoverStates).isEmpty();
        }
    }

    @Test
    void aByeIsAnsweredWithACleanEndOnceItWasActedOn() throws Exception {
        try (BackupUnderTest host = host(directory);
                RawPrimary primary = session(host)) {
            for (Frame frame : vm.epoch(1)) {
                primary.send(frame);
            }
            primary.send(Bye.saying("moved away").frame());
            for (int i = 0; i < 20; i++) {
                primary.send(Frame.control(FrameType.HEARTBEAT, 0));
            }
            while (primary.next().isPresent()) {
                // A reset instead of an end would be an exception.
            }
            assertThat(host.losses.poll()).as("known before the end").isEqualTo(LossKind.BYE);
            assertThat(host.commits.poll()).as("applied before the end").isNotNull();
            assertThat(host.backup.status().unfit())
                    .hasValueSatisfying(why -> assertThat(why).contains("moved away"));
        }
    }

    @Test
    void aByeThatIsNotFollowedByAnEndHoldsNothingUp() throws Exception {
        try (BackupUnderTest host = host(directory);
                RawPrimary primary = session(host)) {
            primary.send(Bye.saying("moved away").frame());
            assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.BYE);
            try (RawPrimary next = session(host)) {
                epoch(host, next, 1);
            }
        }
    }

    @Test
    void aFrameThatTakesLongerThanTheLimitOfSilenceIsNoSilence() throws Exception {
        try (BackupUnderTest host = host(directory);
                RawPrimary primary = session(host)) {
            byte[] large = RawPrimary.bytes(
                    List.of(new DiskWrite(0, ByteBuffer.allocate(DiskWrite.MAX_DATA_BYTES)).frame(1, 0)));
            int parts = 30;
            for (int part = 0; part < parts; part++) {
                primary.write(large, part * (large.length / parts), (part + 1) * (large.length / parts));
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(host.losses).isEmpty();
            assertThat(BackupUnderTest.await(host.losses, "loss"))
                    .as("then no more of it comes")
                    .isEqualTo(LossKind.SILENCE);
        }
    }

    @Test
    void aPrimaryThatIsGivenUpForItsSilenceSeesNoCleanEnd() throws Exception {
        try (BackupUnderTest host = host(directory);
                RawPrimary primary = session(host)) {
            assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.SILENCE);
            assertThatThrownBy(() -> {
                        while (primary.next().isPresent()) {
                            // Up to the reset.
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aPrimaryOfAnotherVmIsNotToldToBeSilentForGood() throws Exception {
        try (BackupUnderTest host = host(directory)) {
            try (RawPrimary primary = session(host)) {
                epoch(host, primary, 1);
            }
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            try (RawPrimary stranger = new RawPrimary(host.backup.address())) {
                stranger.send(TestVm.helloOf(new VmId("stranger")).frame());
                assertThat(Refused.decode(stranger.await(FrameType.REFUSED).payload())
                                .reason())
                        .isEqualTo(RefusalReason.OTHER_VM);
            }
        }
    }

    private BackupUnderTest host(Path own) throws IOException {
        return new BackupUnderTest(
                own, FailoverMode.AUTO, Optional.of(() -> new FakeStandby(false)), BackupUnderTest.COLD);
    }

    private static RawPrimary session(BackupUnderTest host) throws IOException {
        RawPrimary primary = new RawPrimary(host.backup.address());
        for (Frame frame : List.of(TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT).frame(), TestVm.LAYOUT.frame())) {
            primary.send(frame);
        }
        primary.await(FrameType.HASHES);
        return primary;
    }

    private void epoch(BackupUnderTest host, RawPrimary primary, long epoch) throws Exception {
        for (Frame frame : vm.epoch(epoch)) {
            primary.send(frame);
        }
        assertThat(host.awaitCommit().epoch()).isEqualTo(epoch);
    }
}
