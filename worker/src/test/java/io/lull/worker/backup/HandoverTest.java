package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that its primary hands the VM over to. */
@Timeout(60)
class HandoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @TempDir
    Path directory;

    private FencedPrimary primary;

    @BeforeEach
    void begin() {
        primary = new FencedPrimary(directory, SEED);
        System.out.println("HandoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        primary.close();
    }

    private static HandedOver handOver(RawPrimary session, long epoch) throws IOException {
        session.send(Handover.saying(epoch, "test").frame());
        return HandedOver.decode(session.await(FrameType.HANDED_OVER));
    }

    @Test
    void runsTheVmFromExactlyTheEpochThatWasHandedOverAndSaysSo() throws Exception {
        try (BackupUnderTest host = primary.backup();
                RawPrimary session = primary.protectedBy(host)) {
            primary.commit(session, 2);
            HandedOver answer = handOver(session, 2);

            assertThat(answer.result()).as(answer.text()).isEqualTo(HandedOver.Result.RUNS);
            assertThat(answer.epoch()).isEqualTo(2);
            assertThat(host.backup.takenOver().get(1, TimeUnit.SECONDS).epoch()).isEqualTo(2);
            assertThat(primary.started).singleElement().matches(FakeStandby::ran);
            assertThat(primary.recorded()).isEqualTo(FenceState.TAKEN);
            assertThat(host.marker()).exists();
            assertThat(BackupUnderTest.await(host.losses, "end")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(refusal(host)).isEqualTo(RefusalReason.FAILED_OVER);
        }
    }

    @Test
    void refusesWhatItCantRunAndGoesOnAsABackup() throws Exception {
        try (BackupUnderTest host = primary.backup(Optional.empty());
                RawPrimary session = primary.protectedBy(host)) {
            HandedOver answer = handOver(session, 1);

            assertThat(answer.result()).isEqualTo(HandedOver.Result.REFUSED);
            assertThat(answer.text()).contains("no standby command");
            assertThat(primary.recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            primary.commit(session, 2);
            assertThat(host.failoverStates).isEmpty();
        }
    }

    @Test
    void anEpochThatIsNotTheLastAcknowledgedIsNoneToHandOver() throws Exception {
        try (BackupUnderTest host = primary.backup();
                RawPrimary session = primary.protectedBy(host)) {
            primary.commit(session, 2);
            session.send(Handover.saying(1, "test").frame());
            session.await(FrameType.BYE);

            assertThat(BackupUnderTest.await(host.losses, "end")).isEqualTo(LossKind.PROTOCOL_ERROR);
            assertThat(primary.started).isEmpty();
        }
    }

    @Test
    void aDigestThatComesAfterTheHandoverDoesNotBreakIt() throws Exception {
        try (BackupUnderTest host = primary.backup();
                RawPrimary session = primary.protectedBy(host)) {
            Frame digest = new Digest(List.of(new Digest.Range(0, 1, 1, 2))).frame(1);
            byte[] both = RawPrimary.bytes(List.of(Handover.saying(1, "test").frame(), digest));
            session.write(both, 0, both.length);

            assertThat(HandedOver.decode(session.await(FrameType.HANDED_OVER)).result())
                    .isEqualTo(HandedOver.Result.RUNS);
        }
    }

    @Test
    void nothingIsTakenInOrAcknowledgedOnceTheVmIsHandedOver() throws Exception {
        try (BackupUnderTest host = primary.backup();
                RawPrimary session = primary.protectedBy(host)) {
            primary.arbiter.mood(MemoryArbiter.Mood.GONE);
            session.send(Handover.saying(1, "test").frame());
            try {
                for (Frame frame : primary.vm.epoch(2)) {
                    session.send(frame);
                }
            } catch (IOException e) {
                assertThat(e).as("the backup hangs up at the first of them").isNotNull();
            }
            assertThat(BackupUnderTest.await(host.losses, "end")).isEqualTo(LossKind.PROTOCOL_ERROR);
            assertThat(host.backup.status().committedEpoch()).hasValue(1);
        }
    }

    @Test
    void aPrimaryThatTookItsVmBackIsToldThatNothingRunsHere() throws Exception {
        try (BackupUnderTest host = primary.backup();
                RawPrimary session = primary.protectedBy(host)) {
            primary.fence.claim(FenceClaim.goAlone(FencedPrimary.RUN, "too late"));
            HandedOver answer = handOver(session, 1);

            assertThat(answer.result()).isEqualTo(HandedOver.Result.FAILED);
            assertThat(answer.text()).contains("ALONE");
            assertThat(primary.started).noneMatch(FakeStandby::ran);
            assertThat(host.backup.status().failover()).isEqualTo(Failover.State.STANDBY);
        }
    }

    @Test
    void aPrimaryThatDiesAfterItsWordIsTakenOverByIt() throws Exception {
        try (BackupUnderTest host = primary.backup()) {
            try (RawPrimary session = primary.protectedBy(host)) {
                session.send(Handover.saying(1, "test").frame());
            }
            assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                    .isEqualTo(1);
            assertThat(primary.fence
                            .claim(FenceClaim.goAlone(FencedPrimary.RUN, "back"))
                            .granted())
                    .isFalse();
        }
    }

    private static RefusalReason refusal(BackupUnderTest host) throws IOException {
        try (RawPrimary session = new RawPrimary(host.backup.address())) {
            session.send(TestVm.hello(7, OnBackupLoss.ASK_FENCE).frame());
            return Refused.decode(session.await(FrameType.REFUSED).payload()).reason();
        }
    }
}
