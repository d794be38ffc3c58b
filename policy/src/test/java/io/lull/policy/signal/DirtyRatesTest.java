package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DirtyRatesTest {
    private static final long TAU = Views.SECOND;

    @Test
    void areUnknownWhileNoSampleCountsDirtyPages() {
        DirtyRateState state = new DirtyRateState();
        SampleView view = Views.dirty(Views.MILLI, 5);
        view.dirtyKnown = false;
        DirtyRates.update(state, view, TAU);
        DirtyRates.update(state, Views.dirty(Views.MILLI), TAU);

        assertThat(DirtyRates.isKnown(state)).isFalse();
        assertThat(DirtyRates.imbalanceRatio(state)).isEqualTo(1);
    }

    @Test
    void arePagesOverTimeForEachVcpuAndInTotal() {
        DirtyRateState state = new DirtyRateState();
        DirtyRates.update(state, Views.dirty(Views.MILLI, 3, 1), TAU);
        DirtyRates.update(state, Views.dirty(Views.MILLI, 5, 1), TAU);

        assertThat(state.pagesPerSecond[0]).isEqualTo(4000, within(2.0));
        assertThat(state.pagesPerSecond[1]).isEqualTo(1000, within(1.0));
        assertThat(state.totalPagesPerSecond).isEqualTo(5000, within(2.0));
    }

    @Test
    void imbalanceIsOneWhenEvenAndTheNumberOfVcpusWhenOneDirtiesAll() {
        DirtyRateState even = new DirtyRateState();
        DirtyRates.update(even, Views.dirty(Views.MILLI, 7, 7, 7, 7), TAU);
        DirtyRateState one = new DirtyRateState();
        DirtyRates.update(one, Views.dirty(Views.MILLI, 0, 9, 0, 0), TAU);
        DirtyRateState none = new DirtyRateState();
        DirtyRates.update(none, Views.dirty(Views.MILLI, 0, 0, 0, 0), TAU);

        assertThat(DirtyRates.imbalanceRatio(even)).isEqualTo(1, within(1e-9));
        assertThat(DirtyRates.imbalanceRatio(one)).isEqualTo(4, within(1e-9));
        assertThat(DirtyRates.imbalanceRatio(none)).isEqualTo(1);
    }

    @Test
    void forgetAVcpuThatIsTakenAwayAndLearnOneThatIsAdded() {
        DirtyRateState state = new DirtyRateState();
        DirtyRates.update(state, Views.dirty(Views.MILLI, 2, 2), TAU);
        DirtyRates.update(state, Views.dirty(Views.MILLI, 2), TAU);
        assertThat(state.pagesPerSecond[1]).isZero();
        assertThat(state.totalPagesPerSecond).isEqualTo(state.pagesPerSecond[0]);

        for (int i = 0; i < 10_000; i++) {
            DirtyRates.update(state, Views.dirty(Views.MILLI, 2, 4), TAU);
        }
        assertThat(state.pagesPerSecond[1]).isEqualTo(4000, within(2.0));
    }

    @Test
    void takeUpToTheMostVcpusAndTheHighestCounts() {
        long[] most = new long[SampleView.MAX_VCPUS];
        Arrays.fill(most, Long.MAX_VALUE);
        DirtyRateState state = new DirtyRateState();
        double[] array = state.pagesPerSecond;
        DirtyRates.update(state, Views.dirty(1, most), 1);
        DirtyRates.update(state, Views.dirty(0, most), 0);

        assertThat(state.totalPagesPerSecond).isFinite().isPositive();
        assertThat(DirtyRates.imbalanceRatio(state)).isEqualTo(1, within(1e-6));
        assertThat(state.pagesPerSecond).isSameAs(array);
    }
}
