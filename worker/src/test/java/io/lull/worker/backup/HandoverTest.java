package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.Fence;
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
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that its primary hands the VM over to. */
@Timeout(60)
class HandoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
    private final Fence primary = arbiter.fence();
    private final List<FakeStandby> started = new CopyOnWriteArrayList<>();

    HandoverTest() {
        System.out.println("HandoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private BackupUnderTest host(Optional<StandbyLauncher> launcher) throws IOException {
        return BackupUnderTest.fenced(directory, FailoverMode.MANUAL, launcher, arbiter);
    }

    private BackupUnderTest host() throws IOException {
        return host(Optional.of(() -> {
            FakeStandby standby = new FakeStandby(false);
            started.add(standby);
            return standby;
        }));
    }

    private RawPrimary protectedBy(BackupUnderTest host) throws Exception {
        RawPrimary session = new RawPrimary(host.backup.address());
        session.send(TestVm.hello(1, OnBackupLoss.ASK_FENCE).frame());
        session.await(FrameType.WELCOME);
        session.send(TestVm.LAYOUT.frame());
        session.await(FrameType.HASHES);
        commit(session, 1);
        UUID id = TestVm.hello(1, OnBackupLoss.ASK_FENCE).sessionId();
        primary.claim(FenceClaim.protect(RUN, id, "epoch 1"));
        return session;
    }

    private void commit(RawPrimary session, long epoch) throws IOException {
        for (Frame frame : vm.epoch(epoch)) {
            session.send(frame);
        }
        session.await(FrameType.ACK);
    }

    private static HandedOver handOver(RawPrimary session, long epoch) throws IOException {
        session.send(Handover.saying(epoch, "test").frame());
        return HandedOver.decode(session.await(FrameType.HANDED_OVER));
    }

    private FenceState fence() {
        return arbiter.last().orElseThrow().state();
    }

    @Test
    void runsTheVmFromExactlyTheEpochThatWasHandedOverAndSaysSo() throws Exception {
        try (BackupUnderTest host = host();
                RawPrimary session = protectedBy(host)) {
            commit(session, 2);
            HandedOver answer = handOver(session, 2);

            assertThat(answer.result()).as(answer.text()).isEqualTo(HandedOver.Result.RUNS);
            assertThat(answer.epoch()).isEqualTo(2);
            assertThat(host.backup.takenOver().get(1, TimeUnit.SECONDS).epoch()).isEqualTo(2);
            assertThat(started).singleElement().matches(FakeStandby::ran);
            assertThat(fence()).isEqualTo(FenceState.TAKEN);
            assertThat(host.marker()).exists();
            assertThat(BackupUnderTest.await(host.losses, "end")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(refusal(host)).isEqualTo(RefusalReason.FAILED_OVER);
        }
    }

    @Test
    void refusesWhatItCantRunAndGoesOnAsABackup() throws Exception {
        try (BackupUnderTest host = host(Optional.empty());
                RawPrimary session = protectedBy(host)) {
            HandedOver answer = handOver(session, 1);

            assertThat(answer.result()).isEqualTo(HandedOver.Result.REFUSED);
            assertThat(answer.text()).contains("no standby command");
            assertThat(fence()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            commit(session, 2);
            assertThat(host.failoverStates).isEmpty();
        }
    }

    @Test
    void anEpochThatIsNotTheLastAcknowledgedIsNoneToHandOver() throws Exception {
        try (BackupUnderTest host = host();
                RawPrimary session = protectedBy(host)) {
            commit(session, 2);
            session.send(Handover.saying(1, "test").frame());
            session.await(FrameType.BYE);

            assertThat(BackupUnderTest.await(host.losses, "end")).isEqualTo(LossKind.PROTOCOL_ERROR);
            assertThat(started).isEmpty();
        }
    }

    @Test
    void aDigestThatComesAfterTheHandoverDoesNotBreakIt() throws Exception {
        try (BackupUnderTest host = host();
                RawPrimary session = protectedBy(host)) {
            Frame digest = new Digest(List.of(new Digest.Range(0, 1, 1, 2))).frame(1);
            byte[] both = RawPrimary.bytes(List.of(Handover.saying(1, "test").frame(), digest));
            session.write(both, 0, both.length);

            assertThat(HandedOver.decode(session.await(FrameType.HANDED_OVER)).result())
                    .isEqualTo(HandedOver.Result.RUNS);
        }
    }

    @Test
    void nothingIsTakenInOrAcknowledgedOnceTheVmIsHandedOver() throws Exception {
        try (BackupUnderTest host = host();
                RawPrimary session = protectedBy(host)) {
            arbiter.mood(MemoryArbiter.Mood.GONE);
            session.send(Handover.saying(1, "test").frame());
            for (Frame frame : vm.epoch(2)) {
                session.send(frame);
            }
            assertThat(BackupUnderTest.await(host.losses, "end")).isEqualTo(LossKind.PROTOCOL_ERROR);
            assertThat(host.backup.status().committedEpoch()).hasValue(1);
        }
    }

    @Test
    void aPrimaryThatTookItsVmBackIsToldThatNothingRunsHere() throws Exception {
        try (BackupUnderTest host = host();
                RawPrimary session = protectedBy(host)) {
            primary.claim(FenceClaim.goAlone(RUN, "too late"));
            HandedOver answer = handOver(session, 1);

            assertThat(answer.result()).isEqualTo(HandedOver.Result.FAILED);
            assertThat(answer.text()).contains("ALONE");
            assertThat(started).noneMatch(FakeStandby::ran);
            assertThat(host.backup.status().failover()).isEqualTo(Failover.State.STANDBY);
        }
    }

    @Test
    void aPrimaryThatDiesAfterItsWordIsTakenOverByIt() throws Exception {
        try (BackupUnderTest host = host()) {
            try (RawPrimary session = protectedBy(host)) {
                session.send(Handover.saying(1, "test").frame());
            }
            assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                    .isEqualTo(1);
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "back")).granted()).isFalse();
        }
    }

    private static RefusalReason refusal(BackupUnderTest host) throws IOException {
        try (RawPrimary session = new RawPrimary(host.backup.address())) {
            session.send(TestVm.hello(7, OnBackupLoss.ASK_FENCE).frame());
            return Refused.decode(session.await(FrameType.REFUSED).payload()).reason();
        }
    }
}
