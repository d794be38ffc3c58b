package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.EpochReport;
import io.lull.worker.capture.Capture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a primary does when an acknowledgement comes so late that its backup may have taken over meanwhile. */
class LateCommitTest {
    /** When the captures of {@link Values} paused the guest. */
    private static final long PAUSED_NANOS = Values.capture().pausedAtNanos();

    private static final long LATE_NANOS = PAUSED_NANOS + Commits.LATE_NANOS + 1;

    private final List<String> told = new ArrayList<>();
    private final EpochBook book = new EpochBook(Values.VM, "host-a");
    private long nowNanos = PAUSED_NANOS;

    private final Commits commits = new Commits(
            new SessionTurns() {
                @Override
                public boolean firstCommit(long epoch) {
                    told.add("first " + epoch);
                    return false;
                }

                @Override
                public boolean lateCommit(long epoch) {
                    told.add("late " + epoch);
                    return false;
                }

                @Override
                public void isProtected(long epoch) {
                    told.add("protected " + epoch);
                }

                @Override
                public void committed(EpochReport report) {}

                @Override
                public void verifyFailed(long epoch, String detail) {}

                @Override
                public void diskFailed(String reason) {}

                @Override
                public void copied(long pages, long wireBytes) {}
            },
            Optional.empty(),
            book,
            () -> nowNanos);

    private void acknowledge(long epoch, long atNanos) {
        book.captured(Values.captured(epoch));
        book.shipped(epoch, Values.shipped());
        nowNanos = atNanos;
        commits.acknowledged(epoch);
    }

    private void acknowledge(long epoch, long pausedNanos, long atNanos) {
        EpochBook.Captured any = Values.captured(epoch);
        Capture capture = new Capture(
                any.capture().pages(), 7, 300, pausedNanos, pausedNanos, pausedNanos, pausedNanos, pausedNanos, 0);
        book.captured(new EpochBook.Captured(epoch, any.firing(), capture, 900, 17, List.of(7L), 512));
        book.shipped(epoch, Values.shipped());
        nowNanos = atNanos;
        commits.acknowledged(epoch);
    }

    @Test
    void outputLeavesAgainOnceAnEpochThatWasPausedLaterIsAcknowledgedInTime() {
        acknowledge(1, PAUSED_NANOS + 5);
        commits.recorded();
        acknowledge(2, LATE_NANOS);
        assertThat(commits.mayLeave()).isFalse();

        acknowledge(3, LATE_NANOS, LATE_NANOS + 10);
        assertThat(commits.mayLeave())
                .as("the backup may have said that before: its pause was not later")
                .isFalse();
        long pausedNanos = LATE_NANOS + 20;
        acknowledge(4, pausedNanos, pausedNanos + Commits.LATE_NANOS + 1);
        assertThat(commits.mayLeave()).as("late itself").isFalse();
        acknowledge(5, pausedNanos, pausedNanos + Commits.LATE_NANOS);
        assertThat(commits.mayLeave()).isTrue();
        assertThat(told).as("the fence is asked once").containsExactly("first 1", "protected 1", "late 2");

        acknowledge(6, pausedNanos, pausedNanos + Commits.LATE_NANOS + 1);
        assertThat(told).as("and again when it is late again").endsWith("late 6");
        assertThat(commits.mayLeave()).isFalse();
    }

    @Test
    void whatWaitsForItsFirstRecordLeavesByNoAcknowledgement() {
        acknowledge(1, LATE_NANOS);
        acknowledge(2, LATE_NANOS + 20, LATE_NANOS + 30);

        assertThat(commits.mayLeave()).isFalse();
    }

    @Test
    void theFenceIsAskedAgainOnceAndProtectionIsSaidOnce() {
        acknowledge(1, PAUSED_NANOS + 5);
        commits.recorded();
        acknowledge(2, PAUSED_NANOS + Commits.LATE_NANOS);
        assertThat(told).containsExactly("first 1", "protected 1");

        acknowledge(3, LATE_NANOS);
        acknowledge(4, LATE_NANOS);
        assertThat(told).as("it is asked already").endsWith("late 3");

        commits.recorded();
        acknowledge(5, LATE_NANOS);
        assertThat(told).containsExactly("first 1", "protected 1", "late 3", "late 5");
    }

    @Test
    void aFirstCommitIsAskedForHoweverLateItComes() {
        acknowledge(1, LATE_NANOS);

        assertThat(told).containsExactly("first 1");
    }
}
