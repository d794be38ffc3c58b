package io.lull.bench.job.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    /** A clock that moves on by a step whenever it is read. */
    private final AtomicLong nanos = new AtomicLong();

    private long readAndStep() {
        return nanos.getAndAdd(100_000);
    }

    @Test
    void eventsAreDueAtTheirRateHoweverLongTheyAreWaitedFor() {
        Pace pace = new Pace(1_000, this::readAndStep);
        List<Long> due = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            due.add(pace.awaitNextNanos());
        }
        assertThat(due).containsExactly(0L, 1_000_000L, 2_000_000L, 3_000_000L);
    }

    @Test
    void whoFallsBehindGetsWhatWasDueAtOnceAndWithItsOwnTime() {
        Pace pace = new Pace(1_000, this::readAndStep);
        pace.awaitNextNanos();
        nanos.set(50_000_000);

        assertThat(pace.awaitNextNanos()).isEqualTo(1_000_000);
        assertThat(pace.awaitNextNanos()).isEqualTo(2_000_000);
        assertThat(nanos.get()).as("nothing was waited for").isLessThan(51_000_000);
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatThrownBy(() -> new Pace(0, this::readAndStep)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pace(Double.NaN, this::readAndStep)).isInstanceOf(IllegalArgumentException.class);
    }
}
