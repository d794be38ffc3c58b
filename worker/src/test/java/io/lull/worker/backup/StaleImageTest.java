package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image that is older than what clients may have seen is never run, whoever asks. */
@Timeout(60)
class StaleImageTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final OutputClaim NONE = new OutputClaim(TestVm.WORKER, OptionalLong.empty());

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);

    StaleImageTest() {
        System.out.println("StaleImageTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aPrimaryThatDiesInItsFirstResyncIsNotTakenOverFromTheImageOfAnEarlierLife() throws Exception {
        OutputClaim next = new OutputClaim(new UUID(8, 8), OptionalLong.empty());
        try (BackupUnderTest host = host(FailoverMode.AUTO)) {
            try (RawPrimary primary = session(host, 1, NONE)) {
                epochs(host, primary, 1, 3);
                primary.send(Bye.saying("told to end").frame());
                assertThat(host.awaitVerdict().takeOver()).isFalse();
            }
            try (RawPrimary primary = session(host, 1, next)) {
                List<Frame> first = vm.epoch(1);
                for (Frame frame : first.subList(0, first.size() - 1)) {
                    primary.send(frame);
                }
            }
            FailoverRule.Verdict verdict = host.awaitVerdict();
            assertThat(verdict.takeOver()).isFalse();
            assertThat(verdict.reason()).contains("output may have left since epoch 3");
            assertThatThrownBy(() -> host.backup.takeOver("an operator's wish")).hasMessageContaining("epoch 3");
            assertThat(host.backup.status().unfit()).isPresent();

            try (RawPrimary primary = session(host, 5, next)) {
                epochs(host, primary, 5, 5);
                assertThat(host.backup.status().unfit()).isEmpty();
            }
            assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                    .isEqualTo(5);
        }
    }

    @Test
    void aPrimaryThatHeldItsOutputIsTakenOverInItsResync() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            commitThreeAndGo(host);
            byte[] committed = vm.snapshot();
            try (RawPrimary primary = session(host, 6, new OutputClaim(TestVm.WORKER, OptionalLong.of(2)))) {
                primary.send(vm.epoch(6).get(0));
                assertThat(host.backup.takeOver("test").epoch()).isEqualTo(3);
                assertThat(primary.await(FrameType.BYE)).isNotNull();
            }
            assertThat(host.imageFile()).isEqualTo(committed);
        }
    }

    @Test
    void aClaimDoesNotCoverAnImageOfAnotherWorkerOrOneThatIsOlder() throws Exception {
        List<OutputClaim> claims = List.of(
                new OutputClaim(new UUID(8, 8), OptionalLong.of(2)),
                new OutputClaim(TestVm.WORKER, OptionalLong.of(4)),
                NONE);
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            commitThreeAndGo(host);
            for (OutputClaim claim : claims) {
                session(host, 6, claim).close();
                host.awaitVerdict();
                assertThatThrownBy(() -> host.backup.takeOver("test"))
                        .as(claim.toString())
                        .hasMessageContaining("output may have left");
            }
            session(host, 6, new OutputClaim(TestVm.WORKER, OptionalLong.of(3))).close();
            host.awaitVerdict();
            assertThat(host.backup.takeOver("test").epoch()).isEqualTo(3);
        }
    }

    @Test
    void aBackupThatWasRestartedTakesOverFromItsLastCommitOnlyWhereAClaimCoversIt() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            commitThreeAndGo(host);
        }
        byte[] committed = vm.snapshot();
        try (BackupUnderTest again = host(FailoverMode.AUTO)) {
            session(again, 6, NONE).close();
            assertThat(again.awaitVerdict().reason()).contains("output may have left since epoch 3");
        }
        try (BackupUnderTest again = host(FailoverMode.AUTO)) {
            assertThatThrownBy(() -> again.backup.takeOver("what the last one heard"))
                    .hasMessageContaining("output may have left since epoch 3");
            session(again, 6, new OutputClaim(TestVm.WORKER, OptionalLong.of(3)))
                    .close();
            assertThat(again.awaitVerdict().takeOver()).isTrue();
            assertThat(again.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                    .isEqualTo(3);
            assertThat(again.imageFile()).isEqualTo(committed);
        }
    }

    @Test
    void aGoodbyeIsNotForgottenByARestart() throws Exception {
        try (BackupUnderTest host = host(FailoverMode.MANUAL)) {
            try (RawPrimary primary = session(host, 1, NONE)) {
                epochs(host, primary, 1, 3);
                primary.send(Bye.saying("told to end").frame());
                host.awaitVerdict();
            }
        }
        try (BackupUnderTest again = host(FailoverMode.MANUAL)) {
            assertThat(again.backup.status().committedEpoch()).hasValue(3);
            assertThatThrownBy(() -> again.backup.takeOver("test")).hasMessageContaining("told to end");
        }
    }

    private void commitThreeAndGo(BackupUnderTest host) throws Exception {
        try (RawPrimary primary = session(host, 1, NONE)) {
            epochs(host, primary, 1, 3);
        }
        host.awaitVerdict();
    }

    private BackupUnderTest host(FailoverMode mode) throws IOException {
        return new BackupUnderTest(directory, mode, Optional.of(() -> new FakeStandby(false)), BackupUnderTest.COLD);
    }

    private static RawPrimary session(BackupUnderTest host, long firstEpoch, OutputClaim claim) throws IOException {
        RawPrimary primary = new RawPrimary(host.backup.address());
        primary.send(TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT, claim).frame());
        primary.await(FrameType.WELCOME);
        primary.send(TestVm.LAYOUT.frame());
        primary.await(FrameType.HASHES);
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
}
