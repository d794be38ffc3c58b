package io.lull.policy.lull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.signal.SampleView;
import org.junit.jupiter.api.Test;

class FlowsTest {
    private static final long STEP_NANOS = 1_000_000;
    private static final double RAN = 0.9;

    private final FlowState state = new FlowState();

    private void see(int samples, int windowFull) {
        SampleView sample = new SampleView();
        sample.intervalNanos = STEP_NANOS;
        sample.windowFull = windowFull;
        for (int i = 0; i < samples; i++) {
            Flows.update(state, sample);
        }
    }

    @Test
    void aVmWithoutFlowsHasNoPriceForThem() {
        see(100, 0);
        assertThat(Flows.priceRatio(state, RAN)).isZero();
    }

    @Test
    void flowsThatStandStillAsLongAsTheGuestDoesCountAsMuchAsIt() {
        for (int i = 0; i < 1_000; i++) {
            see(9, 0);
            see(1, 4);
        }
        assertThat(Flows.priceRatio(state, RAN)).isCloseTo(0.5, within(0.02));
    }

    @Test
    void theMoreFlowsStarveTheDearerIsTheirNextMoment() {
        see(2_000, 4);
        see(100, 0);
        assertThat(Flows.priceRatio(state, RAN)).isGreaterThan(0.9);
    }

    @Test
    void flowsOfWhichHalfStandStillLoseHalf() {
        for (int i = 0; i < 3_000; i++) {
            see(1, 4);
            see(9, 2);
        }
        assertThat(state.fullNanos / state.nanos).isCloseTo(0.55, within(0.02));
    }

    @Test
    void flowsThatEndedAreForgotten() {
        see(1_000, 4);
        see(3_000, 0);
        assertThat(Flows.priceRatio(state, RAN)).isZero();
    }
}
