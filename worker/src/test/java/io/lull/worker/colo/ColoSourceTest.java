package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.capture.SourceState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ColoSourceTest {
    private static final int REPLY = 2;
    private static final int RECEIVED = 5;
    private static final int LOADED = 6;
    private static final int CHECKPOINTS = 5;

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void handsOnTheInitialCopyAndEachCheckpointInOrder() throws Exception {
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            qemu.begin();
            assertThat(qemu.calls).containsExactly("layout 3 section 2", "initial 3", "initial 1", "initial 2");
            assertThat(qemu.initial).containsExactlyInAnyOrderEntriesOf(Map.of(0, 5, 1, 2, 2, 0, 9, 3, 3, 4));
            assertThat(qemu.source.pause()).as("before QEMU asks").isFalse();
            qemu.calls.clear();

            for (int i = 1; i <= CHECKPOINTS; i++) {
                qemu.send(new QemuStream().request().bytes());
                qemu.awaitState(SourceState.PENDING);
                assertThat(qemu.source.pause()).isTrue();
                assertThat(qemu.source.pause()).as("a second time").isFalse();
                assertThat(qemu.message()).isEqualTo(REPLY);
                qemu.send(new QemuStream().checkpoint(i, 5000).bytes());
                assertThat(qemu.message()).isEqualTo(RECEIVED);
                assertThat(qemu.message()).isEqualTo(LOADED);
                io.lull.worker.qemu.Await.until("the checkpoint is handed on", () -> qemu.calls.size() == 3);
                assertThat(qemu.calls).containsExactly("pending", "paused", "resumed 3 pages, 5000 bytes");
                // The block of the checkpoint before goes on: "ram" first, as all end with it.
                assertThat(qemu.last)
                        .containsExactlyInAnyOrderEntriesOf(Map.of(4, i, 8, i, 7, i, 10, i + 1, 11, i + 1));
                qemu.calls.clear();
            }
        }
    }

    @Test
    @Timeout(120)
    void aStreamThatEndsAtAnyByteIsAnErrorAndNeverAHang() throws Exception {
        byte[] whole = QemuStream.initial().bytes();
        for (int length = 0; length < whole.length; length += insideAPage(whole, length) ? 509 : 1) {
            try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
                qemu.send(whole, length);
                qemu.hangUp();
                assertThat(qemu.end()).as("cut at %d", length).isInstanceOf(IOException.class);
                assertThat(qemu.source.state()).isEqualTo(SourceState.FAILED);
            }
        }
    }

    /** Whether the bytes around are all the same, as in a page: there all positions are alike. */
    private static boolean insideAPage(byte[] stream, int position) {
        for (int i = Math.max(1, position - 12); i < Math.min(stream.length, position + 12); i++) {
            if (stream[i] != stream[i - 1]) {
                return false;
            }
        }
        return true;
    }

    @Test
    @Timeout(60)
    void aCheckpointThatEndsInTheMiddleIsNotHandedOn() throws Exception {
        byte[] checkpoint = new QemuStream().checkpoint(1, 300).bytes();
        for (int length : new int[] {0, 3, 4, 5, 9, 100, 4200, checkpoint.length - 301, checkpoint.length - 1}) {
            try (SourceUnderTest qemu = inCheckpoint()) {
                qemu.send(checkpoint, length);
                qemu.hangUp();
                assertThat(qemu.end()).as("cut at %d", length).isInstanceOf(IOException.class);
                assertThat(qemu.calls).noneMatch(call -> call.startsWith("resumed"));
            }
        }
    }

    @Test
    @Timeout(60)
    void theWatchdogFreesAGuestOnceWhenACheckpointStalls() throws Exception {
        try (SourceUnderTest qemu = inCheckpoint()) {
            qemu.nanos.set(99);
            assertThat(qemu.source.watchdog(100)).as("in time").isFalse();
            qemu.nanos.set(100);
            assertThat(qemu.source.watchdog(100)).isTrue();
            assertThat(qemu.source.watchdog(100)).as("again").isFalse();
            assertThat(qemu.commands)
                    .filteredOn(each -> each.startsWith("x-colo-lost-heartbeat"))
                    .hasSize(1);
        }
    }

    @Test
    @Timeout(60)
    void theWatchdogLeavesAGuestAloneThatRuns() throws Exception {
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            qemu.begin();
            qemu.send(QemuStream.afterReady().request().bytes());
            qemu.awaitState(SourceState.PENDING);
            qemu.nanos.set(Long.MAX_VALUE / 2);
            assertThat(qemu.source.watchdog(1)).isFalse();
        }
    }

    @Test
    @Timeout(60)
    void aCopyThatFailsLetsGoOfQemuWhichHoldsAllUpWhileItWritesTheLastOfIt() throws Exception {
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            qemu.failsInCopy = true;
            qemu.send(QemuStream.initial().bytes());

            assertThat(qemu.end()).hasMessageContaining("no backup");
            assertThatThrownBy(qemu::message).isInstanceOf(IOException.class);
            assertThat(qemu.commands).as("nobody closed it yet").noneMatch(each -> each.startsWith("x-colo-lost"));
        }
    }

    @Test
    @Timeout(60)
    void theWatchdogGivesACopyUpAtWhoseEndTheGuestStandsStillForTooLong() throws Exception {
        byte[] initial = QemuStream.initial().bytes();
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            qemu.awaitState(SourceState.INITIAL_COPY);
            qemu.send(initial, initial.length / 2);
            qemu.nanos.set(100_000_000_000L);
            assertThat(qemu.source.watchdog(1)).as("the guest runs").isFalse();
            qemu.stop("finish-migrate");
            qemu.nanos.addAndGet(9_999_000_000L);
            assertThat(qemu.source.watchdog(1)).as("QEMU may reckon with 10 s").isFalse();
            qemu.nanos.addAndGet(1_000_000L);
            assertThat(qemu.source.watchdog(1)).isTrue();
            assertThat(qemu.source.watchdog(1)).as("again").isFalse();

            assertThat(qemu.end()).isInstanceOf(IOException.class);
            assertThatThrownBy(qemu::message).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Timeout(60)
    void closingTellsQemuToLeaveAndRunReturns() throws Exception {
        SourceUnderTest qemu = inCheckpoint();
        qemu.close();

        assertThat(qemu.end()).hasMessage("run returned");
        assertThat(qemu.commands).anyMatch(each -> each.startsWith("x-colo-lost-heartbeat"));
        assertThat(qemu.source.state()).isEqualTo(SourceState.CLOSED);
        Optional<String> last = qemu.commands.stream().reduce((a, b) -> b);
        assertThat(last).hasValueSatisfying(each -> assertThat(each).startsWith("query-migrate"));
    }

    @Test
    @Timeout(60)
    void aGuestThatAnOperatorHasStoppedIsNotCheckpointedUntilItRuns() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            qemu.stop("paused");
            assertThat(qemu.source.pause()).isFalse();
            assertThat(qemu.source.state()).isEqualTo(SourceState.PENDING);

            qemu.cont();
            assertThat(qemu.source.pause()).isTrue();
            checkpoint(qemu, 1);
            next(qemu);
            assertThat(qemu.source.pause()).as("its own stop is nobody else's").isTrue();
        }
    }

    @Test
    @Timeout(60)
    void oneThatAnOperatorStopsWhileItsMemoryIsFirstCopiedIsNotLetRun() throws Exception {
        byte[] initial = QemuStream.initial().bytes();
        for (int length : new int[] {initial.length / 2, initial.length - 1}) {
            try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
                qemu.awaitState(SourceState.INITIAL_COPY);
                qemu.send(initial, length);
                qemu.stop("paused");
                qemu.send(Arrays.copyOfRange(initial, length, initial.length));

                assertThat(qemu.end()).as("after %d bytes", length).hasMessageContaining("stopped by somebody else");
                assertThat(qemu.calls).doesNotContain("pending");
            }
        }
    }

    @Test
    @Timeout(60)
    void oneThatIsLetRunAgainInTimeIsProtectedAndItsPausesAreKnown() throws Exception {
        byte[] initial = QemuStream.initial().bytes();
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            qemu.awaitState(SourceState.INITIAL_COPY);
            qemu.stop("paused");
            qemu.cont();
            qemu.send(initial, initial.length / 2);
            qemu.stop("colo");
            qemu.send(Arrays.copyOfRange(initial, initial.length / 2, initial.length));
            assertThat(qemu.message()).isZero();
            qemu.cont();
            next(qemu);
            assertThat(qemu.source.pause()).isTrue();
            checkpoint(qemu, 1);
            next(qemu);

            assertThatOneLetRunInACheckpointIsVoid(qemu);
        }
    }

    @Test
    @Timeout(60)
    void aStopOfQemusOwnEndsTheInitialCopy() throws Exception {
        byte[] initial = QemuStream.initial().bytes();
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            qemu.awaitState(SourceState.INITIAL_COPY);
            qemu.send(initial, initial.length / 2);
            qemu.stop("colo");
            qemu.send(Arrays.copyOfRange(initial, initial.length / 2, initial.length));

            assertThat(qemu.message()).isZero();
        }
    }

    @Test
    @Timeout(60)
    void aGuestThatItsHostCannotRunIsNotWaitedFor() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            qemu.stop("io-error");
            assertThat(qemu.source.pause()).isTrue();
            assertThat(qemu.message()).isEqualTo(REPLY);
        }
    }

    @Test
    @Timeout(60)
    void oneThatNoBackupWouldTakeOverIsLeftToItsOperator() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            qemu.backedUp = false;
            qemu.stop("io-error");
            assertThat(qemu.source.pause()).as("QEMU would end itself").isFalse();

            qemu.cont();
            assertThat(qemu.source.pause()).as("there is room again").isTrue();
            assertThat(qemu.message()).isEqualTo(REPLY);
        }
    }

    @Test
    @Timeout(60)
    void oneThatIsStoppedJustWhenItIsArmedIsNotLetRun() throws Exception {
        try (SourceUnderTest qemu = new SourceUnderTest(folder, true)) {
            qemu.awaitState(SourceState.INITIAL_COPY);
            qemu.send(QemuStream.initial().bytes());

            assertThat(qemu.end()).hasMessageContaining("stopped by somebody else");
        }
    }

    @Test
    @Timeout(60)
    void oneThatItsOperatorLetsRunAfterItsCopyWasGivenUpIsNotStoppedAgain() throws Exception {
        byte[] initial = QemuStream.initial().bytes();
        SourceUnderTest qemu = new SourceUnderTest(folder);
        qemu.awaitState(SourceState.INITIAL_COPY);
        qemu.copies = true;
        qemu.send(initial, initial.length / 2);
        qemu.stop("paused");
        qemu.send(Arrays.copyOfRange(initial, initial.length / 2, initial.length));
        assertThat(qemu.end()).hasMessageContaining("stopped by somebody else");
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(qemu::cont);

        qemu.close();

        assertThat(qemu.commands).noneMatch(each -> each.startsWith("stop"));
    }

    @Test
    @Timeout(60)
    void aLastCheckpointInWhichTheGuestWasLetRunIsVoid() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            qemu.standsStill = true;

            assertThatOneLetRunInACheckpointIsVoid(qemu);
            assertThat(qemu.source.state()).isEqualTo(SourceState.FAILED);
        }
    }

    @Test
    @Timeout(60)
    void noFaultOfTheHostIsMissedWhenItComesRightAfterAPauseOrTheAnswerIsLost() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            qemu.fails = true;
            qemu.stop("io-error");
            assertThat(qemu.source.pause()).isFalse();
            qemu.fails = false;
            qemu.nanos.addAndGet(StuckGuest.ASK_AGAIN_NANOS);
            qemu.source.pause();
            assertThat(qemu.source.pause() || qemu.source.state() == SourceState.STOPPING)
                    .isTrue();
            assertThat(qemu.message()).isEqualTo(REPLY);

            qemu.cont();
            qemu.stop("io-error");
            qemu.send(new QemuStream().checkpoint(1, 300).bytes());
            assertThat(qemu.message()).isEqualTo(RECEIVED);
            assertThat(qemu.message()).isEqualTo(LOADED);
            next(qemu);
            assertThat(qemu.source.pause())
                    .as("stopped before the source went on")
                    .isTrue();
        }
    }

    @Test
    @Timeout(60)
    void aGuestThatAnOperatorHasStoppedStandsStillAfterTheSession() throws Exception {
        SourceUnderTest qemu = pending();
        qemu.stop("paused");
        qemu.resumesLate = true;
        qemu.close();

        assertThat(qemu.commands).endsWith("runs", "stop {}");

        SourceUnderTest other = pending();
        other.close();
        assertThat(other.commands).noneMatch(each -> each.startsWith("stop"));
    }

    @Test
    @Timeout(60)
    void whoeverLetsTheGuestRunInACheckpointMakesItVoid() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            assertThat(qemu.source.pause()).isTrue();
            checkpoint(qemu, 1);
            next(qemu);
            assertThatOneLetRunInACheckpointIsVoid(qemu);
        }
    }

    @Test
    @Timeout(60)
    void eventsThatComeLateMakeNoCheckpointVoid() throws Exception {
        try (SourceUnderTest qemu = pending()) {
            assertThat(qemu.source.pause()).isTrue();
            assertThat(qemu.message()).isEqualTo(REPLY);
            qemu.send(new QemuStream().checkpoint(1, 300).bytes());
            assertThat(qemu.message()).isEqualTo(RECEIVED);
            assertThat(qemu.message()).isEqualTo(LOADED);
            next(qemu);
            assertThat(qemu.source.pause()).isTrue();
            qemu.stop("colo");
            qemu.cont();
            assertThat(qemu.message()).isEqualTo(REPLY);
            qemu.send(new QemuStream().checkpoint(2, 300).bytes());
            assertThat(qemu.message()).isEqualTo(RECEIVED);
        }
    }

    private SourceUnderTest pending() throws Exception {
        SourceUnderTest qemu = new SourceUnderTest(folder);
        // Late news of a session that has ended.
        qemu.cont();
        qemu.begin();
        qemu.stop("finish-migrate");
        qemu.cont();
        next(qemu);
        return qemu;
    }

    private static void next(SourceUnderTest qemu) throws Exception {
        qemu.send(new QemuStream().request().bytes());
        qemu.awaitState(SourceState.PENDING);
    }

    private static void assertThatOneLetRunInACheckpointIsVoid(SourceUnderTest qemu) throws Exception {
        assertThat(qemu.source.pause()).isTrue();
        assertThat(qemu.message()).isEqualTo(REPLY);
        qemu.stop("colo");
        qemu.cont();
        qemu.calls.clear();
        qemu.send(new QemuStream().checkpoint(2, 300).bytes());

        assertThat(qemu.end()).hasMessageContaining("let run in the middle");
        assertThat(qemu.calls).noneMatch(call -> call.startsWith("resumed"));
    }

    /** One that was ordered. */
    private static void checkpoint(SourceUnderTest qemu, int value) throws Exception {
        assertThat(qemu.message()).isEqualTo(REPLY);
        qemu.stop("colo");
        qemu.send(new QemuStream().checkpoint(value, 300).bytes());
        assertThat(qemu.message()).isEqualTo(RECEIVED);
        assertThat(qemu.message()).isEqualTo(LOADED);
        qemu.cont();
    }

    private SourceUnderTest inCheckpoint() throws Exception {
        SourceUnderTest qemu = new SourceUnderTest(folder);
        qemu.begin();
        qemu.send(QemuStream.afterReady().request().bytes());
        qemu.awaitState(SourceState.PENDING);
        qemu.source.pause();
        assertThat(qemu.message()).isEqualTo(REPLY);
        return qemu;
    }
}
