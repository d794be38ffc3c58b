package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.fence.MemoryArbiter.Mood;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup runs nothing that the fence has not granted. */
@Timeout(60)
class FencedFailoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
    private final Fence primary = arbiter.fence();

    FencedFailoverTest() {
        System.out.println("FencedFailoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private BackupUnderTest host(FailoverMode mode, StandbyLauncher launcher) throws IOException {
        return BackupUnderTest.fenced(directory, mode, Optional.of(launcher), arbiter);
    }

    private BackupUnderTest host(FailoverMode mode) throws IOException {
        return host(mode, () -> new FakeStandby(false));
    }

    /** Goes on while the test looks on. */
    private static CompletableFuture<FailoverReport> takeover(BackupUnderTest host) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return host.backup.takeOver("test");
            } catch (FailoverException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void commitAndGo(BackupUnderTest host, boolean recorded) throws Exception {
        try (RawPrimary session = new RawPrimary(host.backup.address())) {
            session.send(TestVm.hello(1, OnBackupLoss.ASK_FENCE).frame());
            session.await(FrameType.WELCOME);
            session.send(TestVm.LAYOUT.frame());
            session.await(FrameType.HASHES);
            for (Frame frame : vm.epoch(1)) {
                session.send(frame);
            }
            host.awaitCommit();
            if (recorded) {
                UUID id = TestVm.hello(1, OnBackupLoss.ASK_FENCE).sessionId();
                assertThat(primary.claim(FenceClaim.protect(RUN, id, "epoch 1")).granted())
                        .isTrue();
            }
        }
    }

    private FenceState state() {
        return arbiter.last().orElseThrow().state();
    }

    @Test
    void aPrimaryThatMayGoOnAloneIsTakenOverOnceTheFenceGrantsItAndIsFencedByThat() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.AUTO)) {
            commitAndGo(host, true);
            assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                    .isEqualTo(1);
            assertThat(state()).isEqualTo(FenceState.TAKEN);
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "lost")).granted()).isFalse();
            assertThat(host.backup.fenceRecord()).isEqualTo(arbiter.last());
        }
    }

    @Test
    void aPrimaryThatIsAloneIsNotTakenOverAndIsServedAgain() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            commitAndGo(host, true);
            host.awaitVerdict();
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "lost")).granted()).isTrue();
            assertThatThrownBy(() -> host.backup.takeOver("test"))
                    .isInstanceOf(FailoverException.class)
                    .hasMessageContaining("stays a backup")
                    .hasMessageContaining("ALONE");
            assertThat(host.failoverStates).containsExactly(Failover.State.DECIDED, Failover.State.STANDBY);
            assertThat(host.marker()).doesNotExist();
            assertThat(host.backup.takenOver()).isNotDone();
            commitAndGo(host, false);
        }
    }

    @Test
    void aStandbyIsLoadedWhileTheFenceIsAskedAndRunsOnlyOnItsGrant() throws Exception {
        List<FakeStandby> started = new CopyOnWriteArrayList<>();
        try (BackupUnderTest host = host(FailoverMode.MANUAL, launcher(started))) {
            commitAndGo(host, true);
            host.awaitVerdict();
            int before = arbiter.asked();
            arbiter.mood(Mood.GONE);
            CompletableFuture<FailoverReport> takeover = takeover(host);
            Await.until(
                    "a standby is loaded and the fence was asked",
                    () -> !started.isEmpty() && started.get(0).isLoaded() && arbiter.asked() > before);
            assertThat(started.get(0).ran()).isFalse();
            assertThat(host.marker()).doesNotExist();
            arbiter.mood(Mood.ANSWERS);
            assertThat(takeover.get(30, TimeUnit.SECONDS).epoch()).isEqualTo(1);
            assertThat(started).singleElement().matches(FakeStandby::ran);
        }
    }

    @Test
    void theStandbyBearsTheIdThatTheFenceHasTheVmUnder() throws Exception {
        List<FakeStandby> started = new CopyOnWriteArrayList<>();
        try (BackupUnderTest host = host(FailoverMode.AUTO, launcher(started))) {
            commitAndGo(host, true);
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            assertThat(started.get(0).takenBy)
                    .isEqualTo(arbiter.last().orElseThrow().taker());
        }
    }

    @Test
    void aBackupWhoseVmHasEndedSaysSoInsteadOfFencingAPrimary() throws Exception {
        List<FakeStandby> started = new CopyOnWriteArrayList<>();
        try (BackupUnderTest host = host(FailoverMode.AUTO, launcher(started))) {
            commitAndGo(host, true);
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            assertThat(host.backup.vmEnded()).isNotDone();
            assertThat(host.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.FAILED_OVER);
            started.get(0).crash();
            assertThat(host.backup.vmEnded().get(20, TimeUnit.SECONDS)).contains("crashed");
            assertThat(host.refusal(OnBackupLoss.ASK_FENCE)).isEqualTo(RefusalReason.BROKEN);
        }
    }

    @Test
    void aStandbyThatWasLoadedForATakeoverThatIsDeniedIsGoneBeforeAPrimaryIsServed() throws Exception {
        List<FakeStandby> started = new CopyOnWriteArrayList<>();
        try (BackupUnderTest host = host(FailoverMode.MANUAL, launcher(started))) {
            commitAndGo(host, true);
            host.awaitVerdict();
            primary.claim(FenceClaim.goAlone(RUN, "lost"));
            assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("ALONE");
            assertThat(started).allMatch(standby -> !standby.isAlive() && !standby.ran());
            commitAndGo(host, true);
            host.awaitVerdict();
            assertThat(host.backup.takeOver("again").epoch()).isEqualTo(1);
            assertThat(started.get(started.size() - 1).ran()).isTrue();
        }
    }

    private static StandbyLauncher launcher(List<FakeStandby> started) {
        return () -> {
            FakeStandby standby = new FakeStandby(false);
            started.add(standby);
            return standby;
        };
    }

    @Test
    void anImageWhoseSessionIsNotRecordedIsNotRun() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            commitAndGo(host, false);
            host.awaitVerdict();
            assertThat(primary.claim(FenceClaim.protect(RUN, new UUID(8, 8), "another backup"))
                            .granted())
                    .isTrue();
            assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("another backup protects");
        }
    }

    @Test
    void whileTheFenceIsGoneItIsAskedAgainAndAPrimaryThatComesBackIsServed() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.AUTO)) {
            arbiter.mood(Mood.GONE);
            commitAndGo(host, false);
            Await.until("the fence was asked", () -> arbiter.asked() > 0);
            assertThat(refusal(host)).isEqualTo(RefusalReason.BUSY);
            Await.until("it is a backup again", () -> host.backup.status().failover() == Failover.State.STANDBY);
            commitAndGo(host, false);
        }
    }

    @Test
    void aGrantWhoseAnswerWasLostIsAskedForUntilItIsKnownAndNoPrimaryIsServedMeanwhile() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            commitAndGo(host, true);
            host.awaitVerdict();
            int before = arbiter.asked();
            arbiter.mood(Mood.LOSES_ANSWERS);
            CompletableFuture<FailoverReport> takeover = takeover(host);
            Await.until("the fence was asked twice", () -> arbiter.asked() >= before + 2);
            assertThat(refusal(host)).isEqualTo(RefusalReason.BUSY);
            int asked = arbiter.asked();
            Await.until("the fence is asked on", () -> arbiter.asked() > asked);
            arbiter.mood(Mood.ANSWERS);
            assertThat(takeover.get(30, TimeUnit.SECONDS).epoch()).isEqualTo(1);
        }
    }

    @Test
    void aTakeoverThatFailsGivesTheVmBack() throws Exception {
        StandbyLauncher none = () -> {
            throw new IOException("no such program");
        };
        try (BackupUnderTest host = host(FailoverMode.MANUAL, none)) {
            commitAndGo(host, true);
            host.awaitVerdict();
            assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("no such program");
            assertThat(state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "lost")).granted()).isTrue();
        }
    }

    @Test
    void aVmThatWasToldToRunIsNeverGivenBack() throws Exception {
        StandbyLauncher launcher = () -> new UnsureStandby(new FakeStandby(false), false);
        try (BackupUnderTest host = host(FailoverMode.MANUAL, launcher)) {
            commitAndGo(host, true);
            host.awaitVerdict();
            assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("may run here");
            assertThat(state()).isEqualTo(FenceState.TAKEN);
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "lost")).granted()).isFalse();
        }
    }

    @Test
    void aPrimaryThatAsksNoFenceIsSentAwayAndSoIsOneThatAsksWhereNoneIs() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.AUTO)) {
            assertThat(refusal(host, OnBackupLoss.HOLD_OUTPUT)).isEqualTo(RefusalReason.FENCE);
            assertThat(refusal(host, OnBackupLoss.GO_ON_UNPROTECTED)).isEqualTo(RefusalReason.FENCE);
        }
        try (BackupUnderTest host = BackupUnderTest.plain(directory)) {
            assertThat(refusal(host)).isEqualTo(RefusalReason.FENCE);
        }
    }

    private static RefusalReason refusal(BackupUnderTest host) throws IOException {
        return refusal(host, OnBackupLoss.ASK_FENCE);
    }

    private static RefusalReason refusal(BackupUnderTest host, OnBackupLoss onLoss) throws IOException {
        try (RawPrimary session = new RawPrimary(host.backup.address())) {
            session.send(TestVm.hello(7, onLoss).frame());
            return Refused.decode(session.await(FrameType.REFUSED).payload()).reason();
        }
    }
}
