package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.qemu.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that lives and takes nothing in any more is given up, and no other. */
@Timeout(60)
class StandstillTest {
    private static final long LIMIT_NANOS = 5_000_000_000L;
    private static final long LOOK_NANOS = 100_000_000L;

    private final Standstill standstill = new Standstill(LIMIT_NANOS);
    private long nowNanos = -LIMIT_NANOS;

    private boolean lasts(boolean waits, long acknowledged, long carried) {
        nowNanos += LOOK_NANOS;
        return standstill.lasts(waits, acknowledged, carried, nowNanos);
    }

    /** Looks for as long as the limit and longer; whether the backup stood still at the end. */
    private boolean lastsThroughout(boolean waits) {
        boolean lasts = false;
        for (long nanos = 0; nanos <= LIMIT_NANOS + LOOK_NANOS; nanos += LOOK_NANOS) {
            lasts = lasts(waits, 7, 700);
        }
        return lasts;
    }

    @Test
    void nothingThatWaitsMovesForTheWholeLimit() {
        assertThat(lastsThroughout(true)).isTrue();
    }

    @Test
    void whatDoesNotWaitNeedNotMove() {
        assertThat(lastsThroughout(false)).isFalse();
        assertThat(lasts(true, 7, 700)).as("it begins to wait").isFalse();
    }

    @Test
    void aByteOrAnAcknowledgementNowAndThenIsEnough() {
        int looksInTime = (int) (LIMIT_NANOS / LOOK_NANOS) - 1;
        for (int look = 0; look < 10 * looksInTime; look++) {
            int turn = look / looksInTime;
            assertThat(lasts(true, turn / 2, (turn + 1) / 2))
                    .as("look %d", look)
                    .isFalse();
        }
    }

    @Test
    void timeInWhichNobodyLookedDoesNotCount() {
        assertThat(lasts(true, 7, 700)).isFalse();
        nowNanos += 10 * LIMIT_NANOS;
        assertThat(lasts(true, 7, 700)).isFalse();
        assertThat(lastsThroughout(true)).isTrue();
    }

    @Test
    void theSessionWithABackupThatAcknowledgesNothingEnds(@TempDir Path folder) throws Exception {
        try (PlayedSession played = new PlayedSession(folder, CaptureTap.NONE, 500_000_000L)) {
            played.checkpoint(1);
            played.checkpoint(2);
            played.actuator().watch();
            assertThat(played.ended()).isEmpty();

            played.withholdAcknowledgements();
            played.begin();
            Await.until("the backup is given up", () -> {
                played.actuator().watch();
                return played.ended().isPresent();
            });
            assertThat(played.ended().orElseThrow()).contains("backup.standstillMillis");
        }
    }
}
