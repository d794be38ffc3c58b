package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CeilingTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long RATE = 10_000_000;

    @Test
    void holdsFramesOfAnySizeToTheRate() {
        System.out.println("CeilingTest: -Dlull.seed=" + SEED);
        Random random = new Random(SEED);
        Ceiling ceiling = new Ceiling(RATE, 0);
        long nowNanos = 0;
        long sent = 0;
        while (nowNanos < 10_000_000_000L) {
            if (ceiling.allowed(nowNanos) > 0) {
                int frame = 40 + random.nextInt(600_000);
                ceiling.sent(frame);
                sent += frame;
            } else {
                assertThat(ceiling.waitNanos()).isPositive();
                nowNanos += ceiling.waitNanos();
            }
        }
        // One burst, and one frame that was begun.
        assertThat(sent).isCloseTo(10 * RATE, within(700_000 + RATE / 100));
    }

    @Test
    void waitsNoLongerThanItMust() {
        Ceiling ceiling = new Ceiling(RATE, 5);
        ceiling.sent(ceiling.allowed(5) + 1_000_000);

        assertThat(ceiling.allowed(5)).isZero();
        assertThat(ceiling.waitNanos()).isCloseTo(100_000_000L, within(200L));
        assertThat(ceiling.allowed(5 + ceiling.waitNanos() - 1_000)).isZero();
        assertThat(ceiling.allowed(5 + 100_000_200L)).isPositive();
        assertThat(ceiling.waitNanos()).isZero();
    }

    @Test
    void anIdleLinkSavesUpOneBurstAndNoMore() {
        Ceiling ceiling = new Ceiling(RATE, 0);

        assertThat(ceiling.allowed(3_600_000_000_000L)).isEqualTo(RATE / 100);
    }

    @Test
    void whatDoesNotWaitIsCountedAllTheSame() {
        Ceiling ceiling = new Ceiling(RATE, 0);
        for (int i = 0; i < 1000; i++) {
            ceiling.sent(1000);
        }

        assertThat(ceiling.allowed(89_000_000)).isZero();
        assertThat(ceiling.allowed(91_000_000)).isPositive();
    }

    @Test
    void aClockThatStandsOrGoesBackAllowsNothing() {
        Ceiling ceiling = new Ceiling(RATE, 1_000);
        ceiling.sent(ceiling.allowed(1_000) + 1);

        assertThat(ceiling.allowed(1_000)).isZero();
        assertThat(ceiling.allowed(10)).isZero();
    }

    @Test
    void refusesNoRate() {
        assertThatThrownBy(() -> new Ceiling(0, 0)).hasMessageContaining("bytesPerSecond");
    }
}
