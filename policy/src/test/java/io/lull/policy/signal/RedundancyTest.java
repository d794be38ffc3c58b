package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RedundancyTest {
    private static final long LENGTH = 25 * Views.MILLI;
    private static final long TAU = 10 * Views.SECOND;

    @Test
    void isUnknownUntilAPageIsDirty() {
        RedundancyState state = new RedundancyState();
        Redundancy.update(state, Views.report(LENGTH, 0, 0, 0, 0, 5000), TAU);

        assertThat(Redundancy.isKnown(state)).isFalse();
        assertThat(Redundancy.unchangedRatio(state)).isZero();
        assertThat(Redundancy.wireBytesPerPage(state)).isZero();
        assertThat(Redundancy.shippedRatio(state)).isEqualTo(1);
    }

    @Test
    void givesSharesAndBytesAPage() {
        RedundancyState state = new RedundancyState();
        Redundancy.update(state, Views.report(LENGTH, 300, 100, 600, 500_000, 200_000), TAU);

        assertThat(Redundancy.isKnown(state)).isTrue();
        assertThat(Redundancy.unchangedRatio(state)).isEqualTo(0.3);
        assertThat(Redundancy.zeroRatio(state)).isEqualTo(0.1);
        assertThat(Redundancy.deltaBytesPerPage(state)).isEqualTo(500);
        assertThat(Redundancy.wireBytesPerPage(state)).isEqualTo(200);
        assertThat(Redundancy.shippedRatio(state)).isEqualTo(200 / 4096.0, within(1e-9));
    }

    @Test
    void weighsAnEpochByItsPages() {
        RedundancyState state = new RedundancyState();
        Redundancy.update(state, Views.report(LENGTH, 10, 0, 0, 0, 0), TAU);
        Redundancy.update(state, Views.report(LENGTH, 0, 0, 990, 0, 0), TAU);

        assertThat(Redundancy.unchangedRatio(state)).isEqualTo(0.01, within(0.001));
    }

    @Test
    void forgetsWithItsTimeConstant() {
        RedundancyState state = new RedundancyState();
        for (int i = 0; i < 4000; i++) {
            Redundancy.update(state, Views.report(LENGTH, 100, 0, 0, 0, 0), TAU);
        }
        for (int i = 0; i < 400; i++) {
            Redundancy.update(state, Views.report(LENGTH, 0, 0, 100, 0, 0), TAU);
        }

        assertThat(Redundancy.unchangedRatio(state)).isEqualTo(Math.exp(-1), within(0.01));
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        RedundancyState state = new RedundancyState();
        for (int i = 0; i < 1000; i++) {
            Redundancy.update(state, Views.report(0, 0, 0, 1L << 50, Long.MAX_VALUE, Long.MAX_VALUE), 0);
            Redundancy.update(state, Views.report(0, 0, 0, 0, 0, Long.MAX_VALUE), Long.MAX_VALUE);
            assertThat(Redundancy.wireBytesPerPage(state)).isFinite();
            assertThat(Redundancy.shippedRatio(state)).isFinite();
        }
        Redundancy.update(state, Views.report(Long.MAX_VALUE, 0, 0, 0, 0, 0), 1);
        assertThat(Redundancy.isKnown(state)).isFalse();
    }
}
