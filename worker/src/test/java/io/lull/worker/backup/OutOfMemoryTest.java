package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is full for a moment takes no thread away that a takeover depends on. */
@Timeout(60)
class OutOfMemoryTest {
    private static final String WHY = "no heap left, says the test";

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(1);

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aStandbyForWhichThereWasNoneIsTriedAgain() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        StandbyLauncher launcher = () -> {
            if (!enough.getAndSet(true)) {
                throw new OutOfMemoryError(WHY);
            }
            return new FakeStandby(false);
        };
        try (BackupUnderTest host =
                new BackupUnderTest(directory, FailoverMode.AUTO, Optional.of(launcher), BackupUnderTest.HOT)) {
            try (RawPrimary primary = session(host)) {
                commitOne(host, primary);
                host.awaitStandby(HotStandby.State.READY);
            }
            assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).epoch())
                    .isEqualTo(1);
        }
    }

    @Test
    void aTakeoverThatFindsNoneBeforeItsVmIsToldToRunHasFailed() throws Exception {
        try (BackupUnderTest host = new BackupUnderTest(
                directory, FailoverMode.AUTO, Optional.of(() -> new FakeStandby(false)), BackupUnderTest.COLD)) {
            host.onFailover = state -> {
                if (state == Failover.State.GRANTED) {
                    throw new OutOfMemoryError(WHY);
                }
            };
            try (RawPrimary primary = session(host)) {
                commitOne(host, primary);
            }
            assertThatThrownBy(() -> host.backup.takenOver().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining(WHY);
            assertThat(host.backup.status().failover()).isEqualTo(Failover.State.FAILED);
            assertThat(host.refusal()).isEqualTo(RefusalReason.BROKEN);
            assertThat(host.marker()).doesNotExist();
        }
    }

    private static RawPrimary session(BackupUnderTest host) throws IOException {
        return RawPrimary.inSession(host.backup.address(), TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT));
    }

    private void commitOne(BackupUnderTest host, RawPrimary primary) throws Exception {
        primary.send(vm.epoch(1));
        assertThat(host.awaitCommit().epoch()).isEqualTo(1);
    }
}
