package io.lull.local.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowClockTest {
    private final AtomicLong machineNanos = new AtomicLong(1_000);
    private final SlowClock clock = new SlowClock(4, machineNanos::get);

    @Test
    void goesSlowerThanTheMachineAsOftenAsOneLooks() {
        clock.start();
        for (int i = 0; i < 1_000; i++) {
            machineNanos.addAndGet(1_001);
            clock.nanos();
        }
        assertThat(clock.nanos()).isEqualTo(1_001_000 / 4);
    }

    @Test
    void standsStillWhileNobodyLooks() {
        clock.start();
        machineNanos.addAndGet(10 * SlowClock.LONGEST_UNSEEN_NANOS);
        assertThat(clock.nanos()).isEqualTo(SlowClock.LONGEST_UNSEEN_NANOS / 4);
    }
}
