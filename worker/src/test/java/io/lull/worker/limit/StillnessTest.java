package io.lull.worker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StillnessTest {
    private static final OptionalLong FIVE_AGO = OptionalLong.of(-5);

    private final Stillness stillness = new Stillness(100);

    @Test
    void isStillWhatIsWaitedForAndDoesNothingForTheWholeLimit() {
        assertThat(stillness.look(FIVE_AGO, 7, 0)).as("the first look").isEmpty();
        for (long now = 20; now < 100; now += 20) {
            assertThat(stillness.look(FIVE_AGO, 7, now)).isEmpty();
        }
        assertThat(stillness.look(FIVE_AGO, 7, 100)).hasValue(100);
        assertThat(stillness.look(FIVE_AGO, 8, 120)).as("a step").isEmpty();
        for (long now = 140; now < 220; now += 20) {
            assertThat(stillness.look(FIVE_AGO, 8, now)).isEmpty();
        }
        assertThat(stillness.look(OptionalLong.of(210), 8, 220))
                .as("another wait")
                .isEmpty();
        assertThat(stillness.look(OptionalLong.empty(), 8, 500)).as("no wait").isEmpty();
    }

    @Test
    void ofATimeInWhichNobodyLookedAFourthOfTheLimitCounts() {
        stillness.look(FIVE_AGO, 7, 10);

        for (long now = 1_010; now <= 3_010; now += 1_000) {
            assertThat(stillness.look(FIVE_AGO, 7, now)).isEmpty();
        }
        assertThat(stillness.look(FIVE_AGO, 7, 4_010)).isPresent();
    }
}
