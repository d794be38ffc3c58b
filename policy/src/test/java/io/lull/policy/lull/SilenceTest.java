package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static io.lull.policy.lull.TestTalk.arriving;
import static io.lull.policy.lull.TestTalk.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.SampleView;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final Percentage NEARLY = Assertions.withinPercentage(2);

    private final SilenceState state = new SilenceState();

    private void see(int samples, SampleView sample) {
        for (int i = 0; i < samples; i++) {
            Silence.update(state, sample, 0);
        }
    }

    @Test
    void nothingIsKnownBeforeTheFirstSample() {
        assertThat(Silence.isSilent(state)).isFalse();
        assertThat(Silence.beginningsPerTalkNano(state)).isZero();
        assertThat(Silence.silentRatio(state)).isZero();
        assertThat(Silence.busyRatio(state)).isZero();
    }

    @Test
    void gapsOfTwentyMillisecondsArePartOfAConversation() {
        for (int i = 0; i < 10; i++) {
            see(20, sample(0, 0, 0));
            assertThat(Silence.isSilent(state)).isFalse();
            see(1, sample(1, 0, 0));
        }

        assertThat(state.beginnings).isZero();
        assertThat(Silence.silentRatio(state)).isZero();
    }

    @Test
    void aConversationBeginsOnceAfterALongerOne() {
        see(21, sample(0, 0, 0));
        assertThat(Silence.isSilent(state)).isTrue();
        see(50, sample(1, 1, 1));

        assertThat(Silence.isSilent(state)).isFalse();
        assertThat(state.beginnings).isCloseTo(1, NEARLY);
    }

    @Test
    void whateverIsHeldSentOrAskedEndsASilence() {
        SampleView sending = sample(0, 0, 0);
        sending.txPackets = 1;
        for (SampleView speaking : List.of(sample(1, 0, 0), sample(0, 1, 0), sending)) {
            see(30, sample(0, 0, 0));
            assertThat(Silence.isSilent(state)).isTrue();
            see(1, speaking);
            assertThat(Silence.isSilent(state)).isFalse();
        }
    }

    @Test
    void workAndStuckRequestsAndFramesThatNobodyAnswersDoNot() {
        SampleView computing = arriving(sample(0, 2, 1), 3, 100);
        for (int i = 0; i < 30; i++) {
            Silence.update(state, computing, 2);
        }
        assertThat(Silence.isSilent(state)).isTrue();

        Silence.update(state, computing, 1);
        assertThat(Silence.isSilent(state)).as("one is not stuck").isFalse();
    }

    @Test
    void countsBeginningsPerTimeInConversation() {
        for (int i = 0; i < 5; i++) {
            see(30, sample(0, 0, 0.3));
            see(20, sample(3, 1, 1));
        }

        // The first 20 ms of a silence are not yet known to be one.
        assertThat(Silence.beginningsPerTalkNano(state)).isCloseTo(5.0 / (5 * 40 * MS), NEARLY);
        assertThat(Silence.silentRatio(state)).isCloseTo(50.0 / 250, NEARLY);
    }

    @Test
    void theBusyShareInSilencesIsNotThatOfConversations() {
        see(40, sample(0, 0, 0.3));
        see(100, sample(3, 1, 1));

        assertThat(Silence.busyRatio(state)).isCloseTo(0.3, NEARLY);
    }

    @Test
    void longSilencesCountByTheirLength() {
        SampleView minute = sample(0, 0, 0.5);
        minute.intervalNanos = 1_000 * MS;
        see(21, sample(0, 0, 0.1));
        see(100, minute);

        assertThat(Silence.silentRatio(state)).isGreaterThan(0.99);
        assertThat(Silence.busyRatio(state)).isCloseTo(0.5, NEARLY);
    }

    @Test
    void forgetsInSomeTenSecondsHowConversationsBegan() {
        see(30, sample(0, 0, 0));
        SampleView talking = sample(3, 1, 1);
        talking.intervalNanos = 10 * MS;
        see(1_000, talking);
        assertThat(state.beginnings).as("10 s later").isCloseTo(Math.exp(-1), NEARLY);

        see(9_000, talking);
        assertThat(state.talkNanos).as("of 100 s").isCloseTo(10_000.0 * MS, NEARLY);
        assertThat(state.beginnings).isLessThan(0.001);
    }

    @Test
    void aSampleLongerThanTheMemoryLeavesNothingOfWhatWasBefore() {
        see(30, sample(0, 0, 1));
        SampleView hour = sample(0, 0, 0.5);
        hour.intervalNanos = 3_600_000 * MS;
        see(1, hour);

        assertThat(Silence.busyRatio(state)).isEqualTo(0.5);
        assertThat(state.silentNanos).isEqualTo(hour.intervalNanos);
    }
}
