package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.EpochReport;
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
