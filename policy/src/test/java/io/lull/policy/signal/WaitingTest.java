package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Offset<Double> EXACTLY = Assertions.within(1e-12);

    /** A server that works at {@code busy} for {@code pending} requests. */
    private static SampleView working(double busy, int pending) {
        SampleView view = Views.talk(1, 10, pending, 1);
        view.busyRatio = busy;
        return view;
    }

    @Test
    void theHeldShareIsThatOfTheConversationAndAtMostAll() {
        assertThat(Waiting.share(0, 10)).isZero();
        assertThat(Waiting.share(3, 10)).isEqualTo(0.3);
        assertThat(Waiting.share(30, 10)).isEqualTo(1);
        assertThat(Waiting.share(1, 0))
                .as("a conversation is of one frame at least")
                .isEqualTo(1);
    }

    @Test
    void aServerWithNothingPendingAndNothingMoreToSendStarves() {
        assertThat(Waiting.starving(working(1, 0), 0.1, 0, 1)).isEqualTo(1);
        assertThat(Waiting.starving(working(1, 2), 0.1, 2, 1))
                .as("what is stuck is not work")
                .isEqualTo(1);
    }

    @Test
    void aServerThatIsStillSendingHasWorkUntilTheWholeConversationIsHeld() {
        SampleView sending = working(1, 0);
        sending.txPackets = 1;

        assertThat(Waiting.starving(sending, 0.89, 0, 1)).isZero();
        assertThat(Waiting.starving(sending, Waiting.WHOLE_RATIO, 0, 1)).isEqualTo(1);
    }

    @Test
    void aServerThatOtherClientsKeepBusyLosesNothing() {
        assertThat(Waiting.starving(working(1, 1), 0.9, 0, 1)).isZero();
        assertThat(Waiting.starving(working(0.6, 1), 0.9, 0, 0.5))
                .as("busier than ever")
                .isZero();
    }

    @Test
    void aServerThatWaitsForItsDiskStarvesByItsIdleShare() {
        assertThat(Waiting.starving(working(0.2, 1), 0.5, 0, 0.8)).isEqualTo(0.75, EXACTLY);
        assertThat(Waiting.starving(working(0, 1), 0.5, 0, 0))
                .as("before it was seen to work")
                .isEqualTo(1);
    }

    @Test
    void restsOnlyWhenAWholeSampleOfThisEpochWasIdle() {
        SampleView view = working(0.04, 3);
        assertThat(Waiting.rests(view, 0.05)).as("whatever is pending").isTrue();
        assertThat(Waiting.rests(view, 0.04)).isFalse();

        view.elapsedNanos = view.intervalNanos - 1;
        assertThat(Waiting.rests(view, 0.05))
                .as("it reaches back over the pause")
                .isFalse();
        view.elapsedNanos = view.intervalNanos;
        view.vcpus = 0;
        assertThat(Waiting.rests(view, 0.05)).as("no vCPU was looked at").isFalse();
    }

    @Test
    void aGuestThatWaitsForItsDiskDoesNotRest() {
        SampleView view = working(0, 0);
        view.diskInFlight = 1;
        assertThat(Waiting.rests(view, 0.05)).isFalse();
    }
}
