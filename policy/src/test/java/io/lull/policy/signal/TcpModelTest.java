package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TcpModelTest {
    @Test
    void learnsNothingWithoutAConnection() {
        TcpState state = new TcpState();
        TcpModel.update(state, Views.talk(1, 0, 0, 5), Views.SECOND);

        assertThat(TcpModel.isKnown(state)).isFalse();
    }

    @Test
    void givesSharesOfTheConnections() {
        TcpState state = new TcpState();
        SampleView view = Views.talk(1, 10, 4, 0);
        view.stalled = 5;
        view.windowFull = 2;
        view.zeroWindow = 1;
        TcpModel.update(state, view, Views.SECOND);

        assertThat(TcpModel.isKnown(state)).isTrue();
        assertThat(state.stalledRatio.mean).isEqualTo(0.5);
        assertThat(state.windowFullRatio.mean).isEqualTo(0.2);
        assertThat(state.zeroWindowRatio.mean).isEqualTo(0.1);
        assertThat(state.pendingRatio.mean).isEqualTo(0.4);
    }

    @Test
    void smoothsAcrossAskingAndAnswering() {
        TcpState state = new TcpState();
        for (int i = 0; i < 10_000; i++) {
            TcpModel.update(state, Views.talk(1, 10, i % 2 * 10, 0), Views.SECOND);
        }

        assertThat(state.pendingRatio.mean).isEqualTo(0.5, within(0.01));
    }

    @Test
    void keepsSharesFromZeroToOne() {
        TcpState state = new TcpState();
        SampleView view = Views.talk(1, 1, Integer.MAX_VALUE, 0);
        view.stalled = -1;
        TcpModel.update(state, view, 0);

        assertThat(state.pendingRatio.mean).isEqualTo(1);
        assertThat(state.stalledRatio.mean).isZero();
    }
}
