package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static io.lull.policy.lull.TestTalk.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.SampleView;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LossRateTest {
    private static final long TAU_NANOS = 1_000_000 * MS;
    private static final Offset<Double> NEARLY = Assertions.within(0.001);

    private final LossState state = new LossState();

    private void talking(int samples, double waiting) {
        for (int i = 0; i < samples; i++) {
            LossRate.onSample(state, sample(3, 1, 1), waiting, 1, TAU_NANOS);
        }
    }

    private void silent(int samples) {
        for (int i = 0; i < samples; i++) {
            LossRate.onSample(state, sample(0, 0, 0), 0, 1, TAU_NANOS);
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
    void silenceCountsForTwentyMillisecondsAtMost() {
        talking(20, 0.6);
        silent(10);
        assertThat(LossRate.ratio(state)).isEqualTo(0.4, NEARLY);

        silent(1000);
        assertThat(LossRate.ratio(state)).isEqualTo(0.3, NEARLY);
        talking(20, 0.6);
        assertThat(LossRate.ratio(state))
                .as("what was learned is there for the next conversation")
                .isEqualTo(0.4, NEARLY);
    }

    @Test
    void aPauseInSilenceCostsNothing() {
        talking(10, 0);
        silent(21);
        LossRate.onPause(state, 50 * MS, 1);

        assertThat(LossRate.ratio(state)).isZero();
        talking(1, 0);
        LossRate.onPause(state, 50 * MS, 1);
        assertThat(LossRate.ratio(state)).isPositive();
    }

    @Test
    void aGuestThatSendsUnaskedIsNotSilent() {
        talking(10, 0.6);
        for (int i = 0; i < 100; i++) {
            SampleView sending = sample(0, 0, 0);
            sending.txPackets = 1;
            LossRate.onSample(state, sending, 0, 1, TAU_NANOS);
        }

        assertThat(LossRate.ratio(state)).isEqualTo(6.0 / 110, NEARLY);
    }

    @Test
    void forgetsWithinAFewTau() {
        long tauNanos = 100 * MS;
        talking(50, 1);
        for (int i = 0; i < 500; i++) {
            LossRate.onSample(state, sample(3, 1, 1), 0.2, 1, tauNanos);
        }

        assertThat(LossRate.ratio(state)).isEqualTo(0.2, Assertions.within(0.01));
    }

    @Test
    void countsWhatTheServerWentWithoutApartFromItsPrice() {
        for (int i = 0; i < 8; i++) {
            LossRate.onSample(state, sample(3, 1, 1), 0.25, 0.5, TAU_NANOS);
        }
        LossRate.onPause(state, 2 * MS, 1);

        assertThat(LossRate.servedRatio(state)).isEqualTo(1 - (8 * 0.25 + 2 * 0.75) / 8, NEARLY);
        assertThat(LossRate.ranRatio(state)).isEqualTo(0.75, NEARLY);
        assertThat(LossRate.ratio(state)).isEqualTo((8 * 0.125 + 2 * 0.875) / 8, NEARLY);
    }
}
