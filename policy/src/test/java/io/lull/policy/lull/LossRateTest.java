package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static io.lull.policy.lull.TestTalk.sample;
import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LossRateTest {
    private static final long TAU_NANOS = 1_000_000 * MS;
    private static final Offset<Double> NEARLY = Assertions.within(0.001);

    private final LossState state = new LossState();

    private void talking(int samples, double waiting) {
        for (int i = 0; i < samples; i++) {
            LossRate.onSample(state, sample(3, 1, 1), waiting, waiting, TAU_NANOS);
        }
    }

    @Test
    void nothingIsLostBeforeTheFirstSample() {
        assertThat(LossRate.ratio(state)).isZero();
        LossRate.onPause(state, MS, 1);
        assertThat(LossRate.ratio(state)).isZero();
    }

    @Test
    void losesWhatWaits() {
        talking(10, 0.5);
        talking(10, 0.1);

        assertThat(LossRate.ratio(state)).isEqualTo(0.3, NEARLY);
    }

    @Test
    void aPauseTakesTheBusyShareThatItStops() {
        talking(10, 0);
        LossRate.onPause(state, 2 * MS, 0.8);

        assertThat(LossRate.ratio(state)).isEqualTo(0.16, NEARLY);
    }

    @Test
    void aMomentOfAPauseIsLostOnce() {
        talking(8, 0.3);
        LossRate.onPause(state, 2 * MS, 0.8);
        talking(2, 0.3);
        assertThat(LossRate.ratio(state)).as("0.8 for 2 ms, 0.3 for 8 ms").isEqualTo(0.4, NEARLY);

        LossRate.onPause(state, 2 * MS, 0.2);
        assertThat(LossRate.ratio(state))
                .as("all that it stopped waited already")
                .isEqualTo(0.4, NEARLY);
    }

    @Test
    void aPauseAfterASilenceTakesAllThatItStops() {
        talking(10, 0.6);
        LossRate.onSilence(state);
        assertThat(LossRate.ratio(state))
                .as("what was learned is there for the next conversation")
                .isEqualTo(0.6, NEARLY);

        LossRate.onPause(state, 2 * MS, 0.5);
        assertThat(LossRate.ratio(state)).as("nobody waited any more").isEqualTo(0.7, NEARLY);
        assertThat(LossRate.servedRatio(state))
                .as("the server lacked 0.6 of 10 ms, and all of the pause")
                .isEqualTo(1 - 0.8, NEARLY);
    }

    @Test
    void forgetsWithinAFewTau() {
        long tauNanos = 100 * MS;
        talking(50, 1);
        for (int i = 0; i < 500; i++) {
            LossRate.onSample(state, sample(3, 1, 1), 0.2, 0.2, tauNanos);
        }

        assertThat(LossRate.ratio(state)).isEqualTo(0.2, Assertions.within(0.01));
    }

    @Test
    void countsWhatTheServerWentWithoutApartFromItsPrice() {
        for (int i = 0; i < 8; i++) {
            LossRate.onSample(state, sample(3, 1, 1), 0.25, 0.125, TAU_NANOS);
        }
        LossRate.onPause(state, 2 * MS, 1);

        assertThat(LossRate.servedRatio(state)).isEqualTo(1 - (8 * 0.25 + 2 * 0.75) / 8, NEARLY);
        assertThat(LossRate.ranRatio(state)).isEqualTo(0.75, NEARLY);
        assertThat(LossRate.ratio(state)).isEqualTo((8 * 0.125 + 2 * 0.875) / 8, NEARLY);
    }
}
