package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RateEstimatorTest {
    private static final long TAU = Views.SECOND;

    @Test
    void isEventsOverTimeAtTheStart() {
        RateState state = new RateState();
        assertThat(RateEstimator.isKnown(state)).isFalse();

        RateEstimator.update(state, 3, Views.MILLI, TAU);
        RateEstimator.update(state, 0, 2 * Views.MILLI, TAU);

        assertThat(RateEstimator.isKnown(state)).isTrue();
        assertThat(RateEstimator.perSecond(state)).isEqualTo(1000, within(2.0));
    }

    @Test
    void findsTheRateOfRandomArrivalsOverIrregularIntervals() {
        long seed = 21;
        Random random = new Random(seed);
        RateState state = new RateState();
        for (int i = 0; i < 20_000; i++) {
            long dt = 1L + random.nextInt((int) (4 * Views.MILLI));
            int events = 0;
            for (double left = dt / 1e9; (left += Math.log(1 - random.nextDouble()) / 500) > 0; ) {
                events++;
            }
            RateEstimator.update(state, events, dt, 10 * TAU);
        }

        assertThat(RateEstimator.perSecond(state)).as("seed %s", seed).isEqualTo(500, within(25.0));
    }

    @Test
    void fallsInSilence() {
        RateState state = new RateState();
        RateEstimator.update(state, 1000, 10 * TAU, TAU);
        RateEstimator.update(state, 0, TAU, TAU);

        assertThat(RateEstimator.perSecond(state)).isEqualTo(100 * Math.exp(-1), within(0.01));
    }

    @Test
    void losesNoEventThatCameInNoTime() {
        RateState state = new RateState();
        RateEstimator.update(state, 2, 0, TAU);
        assertThat(RateEstimator.isKnown(state)).isFalse();
        RateEstimator.update(state, 0, Views.SECOND, TAU);

        assertThat(RateEstimator.perSecond(state)).isEqualTo(2, within(1e-9));
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        double[] counts = {0, -3, 1, Double.MAX_VALUE, 1 / 0.0, 0.0 / 0.0};
        long[] times = {0, -1, 1, TAU, Long.MAX_VALUE};
        long seed = 22;
        Random random = new Random(seed);
        RateState state = new RateState();
        for (int i = 0; i < 10_000; i++) {
            RateEstimator.update(
                    state, counts[random.nextInt(counts.length)], times[random.nextInt(times.length)], TAU);
            assertThat(RateEstimator.perSecond(state))
                    .as("seed %s", seed)
                    .isFinite()
                    .isNotNegative();
        }
    }
}
