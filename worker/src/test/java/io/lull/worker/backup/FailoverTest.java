package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.cli.LullCommand;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.status.CommandSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FailoverTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final StandbyOptions HOT = BackupUnderTest.HOT;

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final List<FakeStandby> started = new CopyOnWriteArrayList<>();

    FailoverTest() {
        System.out.println("FailoverTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aLostPrimaryIsTakenOverAtExactlyTheLastCompleteEpoch() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.AUTO, HOT)) {
            byte[] committed;
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 5);
                committed = vm.snapshot();
                host.awaitStandby(HotStandby.State.READY);
                List<Frame> open = vm.epoch(6);
                for (Frame frame : open.subList(0, open.size() - 1)) {
                    primary.send(frame);
                }
            }
            FailoverReport report = host.backup.takenOver().get(20, TimeUnit.SECONDS);

            assertThat(report.epoch()).isEqualTo(5);
            assertThat(report.hot()).isTrue();
            assertThat(report.decisionToResumeNanos()).isGreaterThanOrEqualTo(report.decisionToStreamedNanos());
            assertRuns(committed);
            assertThat(host.failoverStates)
                    .containsExactly(Failover.State.DECIDED, Failover.State.GRANTED, Failover.State.RUNNING);
            assertFailedOver(host);
        }
        assertThat(started.get(0).isAlive()).as("closing leaves the VM running").isTrue();
    }

    @Test
    void aStandbyThatDiesIsReplacedAndFilledAgain() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.AUTO, HOT)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 3);
                host.awaitStandby(HotStandby.State.READY);
                started.get(0).crash();
                host.awaitStandby(HotStandby.State.READY);
                epochs(host, primary, 4, 6);
            }
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            assertThat(started).hasSize(2);
            assertRuns(vm.snapshot());
        }
    }

    @Test
    void aStandbyThatHangsDelaysNoCommitAndIsReplaced() throws Exception {
        StandbyLauncher launcher = () -> start(started.isEmpty());
        StandbyOptions impatient = new StandbyOptions(true, 3, 1_000_000, 300_000_000L, HOT.resumeLimitNanos());
        try (BackupUnderTest host =
                new BackupUnderTest(directory, FailoverMode.AUTO, Optional.of(launcher), impatient)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 8);
                host.awaitStandby(HotStandby.State.PAUSING);
                host.awaitStandby(HotStandby.State.READY);
            }
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            assertRuns(vm.snapshot());
        }
    }

    @Test
    void withoutAHotStandbyOneIsStartedAndFilledAtFailover() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL, BackupUnderTest.COLD)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 2);
                assertThat(started).isEmpty();
                FailoverReport report = host.backup.takeOver("test");
                assertThat(report.hot()).isFalse();
                assertThat(primary.await(FrameType.BYE)).isNotNull();
            }
            assertRuns(vm.snapshot());
            assertThatThrownBy(() -> host.backup.takeOver("again")).hasMessageContaining("decided before");
        }
    }

    @Test
    void aPrimaryThatSaidByeIsNotTakenOver() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.AUTO, HOT)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 1);
                primary.send(io.lull.worker.protocol.Bye.saying("stopped by its operator")
                        .frame());
                assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.BYE);
            }
            assertThat(host.awaitVerdict().reason()).contains("BYE");
            assertThat(host.backup.status().unfit())
                    .hasValueSatisfying(why -> assertThat(why).contains("stopped by its operator"));
            assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("took leave");
            assertThat(host.failoverStates).isEmpty();
        }
    }

    @Test
    void aTakeoverThatCannotWorkIsRefusedBeforeItIsDecided() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL, BackupUnderTest.COLD)) {
            assertThatThrownBy(() -> host.backup.takeOver("too early")).hasMessageContaining("no epoch");
        }
        try (BackupUnderTest host = BackupUnderTest.plain(directory)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 1);
                assertThatThrownBy(() -> host.backup.takeOver("test")).hasMessageContaining("no standby command");
                epochs(host, primary, 2, 2);
            }
            assertThat(host.backup.status().failover()).isEqualTo(Failover.State.STANDBY);
        }
    }

    @Test
    void aTakeoverThatFailsCleanlyLeavesThePrimaryItsOutput() throws Exception {
        StandbyLauncher launcher = () -> {
            throw new IOException("no such program");
        };
        try (BackupUnderTest host =
                new BackupUnderTest(directory, FailoverMode.AUTO, Optional.of(launcher), BackupUnderTest.COLD)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 1);
            }
            assertThatThrownBy(() -> host.backup.takenOver().get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("no such program");
            assertThat(host.backup.status().failover()).isEqualTo(Failover.State.FAILED);
            assertThat(host.refusal()).isEqualTo(RefusalReason.BROKEN);
            assertThat(host.marker()).doesNotExist();
        }
    }

    @Test
    void aStandbyThatCannotBeToldToRunIsEndedBeforeThePrimaryIsToldThatNothingRunsHere() throws Exception {
        assertFailsAtTheMarker(false, Failover.State.FAILED, RefusalReason.BROKEN);
        assertThat(started).noneMatch(FakeStandby::isAlive);
    }

    @Test
    void aStandbyThatCannotBeEndedKeepsThePrimarySilent() throws Exception {
        assertFailsAtTheMarker(true, Failover.State.IN_DOUBT, RefusalReason.FAILED_OVER);
    }

    /** A takeover that finds a folder in the place of its marker. */
    private void assertFailsAtTheMarker(boolean immortal, Failover.State state, RefusalReason refusal)
            throws Exception {
        StandbyLauncher launcher = () -> new UnsureStandby(start(false), immortal);
        try (BackupUnderTest host = new BackupUnderTest(directory, FailoverMode.AUTO, Optional.of(launcher), HOT)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 1);
                host.awaitStandby(HotStandby.State.READY);
                Files.createDirectory(host.marker());
            }
            assertThatThrownBy(() -> host.backup.takenOver().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("cannot write");
            assertThat(host.backup.status().failover()).isEqualTo(state);
            assertThat(host.refusal()).isEqualTo(refusal);
        }
    }

    @Test
    void aStandbyThatWasToldToRunKeepsThePrimarySilentThoughNobodyHearsThatItRuns() throws Exception {
        StandbyLauncher launcher = () -> new UnsureStandby(start(false), false);
        try (BackupUnderTest host =
                new BackupUnderTest(directory, FailoverMode.AUTO, Optional.of(launcher), BackupUnderTest.COLD)) {
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 1);
            }
            assertThatThrownBy(() -> host.backup.takenOver().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("may run here")
                    .hasMessageContaining("its monitor is gone");
            assertThat(host.backup.status().failover()).isEqualTo(Failover.State.IN_DOUBT);
            assertThat(host.refusal()).isEqualTo(RefusalReason.FAILED_OVER);
            assertThat(host.marker()).exists();
        }
        assertThat(started).as("it may be the VM that clients talk to").allMatch(FakeStandby::isAlive);
    }

    @Test
    void aPrimaryThatAsksWhileATakeoverIsUnderWayIsToAskAgain() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch granted = new CountDownLatch(1);
        StandbyLauncher launcher = () -> {
            goOn.await();
            return start(false);
        };
        try (BackupUnderTest host =
                new BackupUnderTest(directory, FailoverMode.AUTO, Optional.of(launcher), BackupUnderTest.COLD)) {
            host.onFailover = state -> {
                if (state == Failover.State.GRANTED) {
                    granted.countDown();
                }
            };
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 1);
            }
            assertThat(host.awaitVerdict().takeOver()).isTrue();
            host.awaitStandby(HotStandby.State.STARTING);
            assertThat(host.refusal()).isEqualTo(RefusalReason.BUSY);
            assertThat(granted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(host.marker()).as("before anything can run").exists();
            assertThat(host.refusal()).isEqualTo(RefusalReason.BUSY);
            goOn.countDown();
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            assertFailedOver(host);
        }
    }

    @Test
    void anOperatorHasTheVmTakenOver() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL, HOT);
                CommandSocket commands = new CommandSocket(
                        directory.resolve("command.sock"), request -> BackupCommands.answer(host.backup, request))) {
            assertThat(takeover()).as("there is nothing to run yet").isEqualTo(1);
            try (RawPrimary primary = session(host, OnBackupLoss.HOLD_OUTPUT)) {
                epochs(host, primary, 1, 2);
            }
            assertThat(host.awaitVerdict().reason()).contains("manual");
            assertThat(takeover()).isZero();
            assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).reason())
                    .isEqualTo("host-a burns");
            assertRuns(vm.snapshot());
            assertThat(takeover()).as("it was taken over already").isEqualTo(1);
        }
    }

    private int takeover() {
        return LullCommand.commandLine().execute("takeover", directory.toString(), "--reason", "host-a burns");
    }

    private BackupUnderTest host(FailoverMode mode, StandbyOptions options) throws IOException {
        return new BackupUnderTest(directory, mode, Optional.of(() -> start(false)), options);
    }

    private FakeStandby start(boolean hangs) throws IOException {
        FakeStandby standby = new FakeStandby(hangs);
        started.add(standby);
        return standby;
    }

    private static RawPrimary session(BackupUnderTest host, OnBackupLoss onLoss) throws IOException {
        RawPrimary primary = new RawPrimary(host.backup.address());
        primary.send(TestVm.hello(1, onLoss).frame());
        primary.await(FrameType.WELCOME);
        primary.send(TestVm.LAYOUT.frame());
        return primary;
    }

    private void epochs(BackupUnderTest host, RawPrimary primary, long first, long last) throws Exception {
        for (long epoch = first; epoch <= last; epoch++) {
            for (Frame frame : vm.epoch(epoch)) {
                primary.send(frame);
            }
            assertThat(host.awaitCommit().epoch()).isEqualTo(epoch);
        }
    }

    /** The last standby runs the VM with this memory and device state. */
    private void assertRuns(byte[] snapshot) {
        FakeStandby last = started.get(started.size() - 1);
        byte[] ram = Arrays.copyOf(snapshot, TestVm.RAM_PAGES * 4096);
        assertThat(last.image.ram()).isEqualTo(ram);
        int from = TestVm.RAM_PAGES * 4096;
        int length = last.image.deviceState.length;
        assertThat(last.image.deviceState).isEqualTo(Arrays.copyOfRange(snapshot, from, from + length));
        assertThat(length).isPositive();
        assertThat(last.announced).isTrue();
    }

    private static void assertFailedOver(BackupUnderTest host) throws IOException {
        assertThat(host.refusal()).isEqualTo(RefusalReason.FAILED_OVER);
    }
}
