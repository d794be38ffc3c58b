package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static io.lull.policy.lull.TestTalk.arriving;
import static io.lull.policy.lull.TestTalk.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.SampleView;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ReactionTest {
    private static final long TAU_NANOS = 10_000 * MS;
    private static final Offset<Double> NEARLY = Assertions.within(0.01);

    private final ReactionState state = new ReactionState();
    private final LullState talk = new LullState();

    ReactionTest() {
        talk.talkPackets = 10;
    }

    private void see(SampleView sample, boolean rests) {
        Reaction.update(state, sample, rests, talk, TAU_NANOS);
    }

    /** Epochs of ten samples at work and ten in which all is held, with that many packets a sample. */
    private double after(int epochs, long workingPackets, long waitingPackets, long payloadBytes) {
        for (int i = 0; i < epochs * 20; i++) {
            if (i % 20 < 10) {
                see(arriving(sample(0, 5, 1), workingPackets, payloadBytes), false);
            } else {
                see(arriving(sample(10, 0, 0), waitingPackets, payloadBytes), true);
            }
        }
        return Reaction.ratio(state);
    }

    /** Epochs of ten samples in which so much is sent and acknowledged, and ten in which all is held. */
    private double afterSending(long packets, long acknowledgements) {
        for (int i = 0; i < 200; i++) {
            SampleView sample = sample(i % 20 < 10 ? 0 : 10, 0, 0);
            if (i % 20 < 10) {
                sample.txPackets = packets;
                arriving(sample, acknowledgements, 0);
            }
            see(sample, i % 20 >= 10);
        }
        return Reaction.ratio(state);
    }

    @Test
    void allClientsWaitWhileNothingIsKnown() {
        assertThat(Reaction.ratio(state)).isEqualTo(1);
        see(arriving(sample(10, 0, 0), 3, 100), true);
        see(arriving(sample(10, 0, 0), 3, 100), true);
        assertThat(Reaction.ratio(state)).as("a millisecond tells nothing").isEqualTo(1);
    }

    @Test
    void listenersThatNeverSayAnythingWaitForNothing() {
        assertThat(afterSending(10, 0)).isZero();
    }

    @Test
    void receiversThatOnlyAcknowledgeMayWait() {
        assertThat(afterSending(10, 5)).isEqualTo(1);
    }

    @Test
    void aClosedLoopSendsNothingWhileAllItsAnswersAreHeld() {
        assertThat(after(10, 4, 0, 200)).isEqualTo(1);
    }

    @Test
    void anOpenLoopSendsAsEver() {
        assertThat(after(10, 4, 4, 200)).isEqualTo(0, NEARLY);
    }

    @Test
    void ofAPoolOfClientsThatThinkTheShareThatWaitedIsMissing() {
        // Three a sample at work, one while all is held: two on the average.
        assertThat(after(20, 3, 1, 200)).isEqualTo(0.5, Assertions.within(0.03));
    }

    @Test
    void bareAcknowledgementsCountWhereThereIsNothingElse() {
        assertThat(after(10, 4, 4, 0)).isEqualTo(0, NEARLY);
    }

    @Test
    void bareAcknowledgementsAreNothingBesidePayload() {
        for (int i = 0; i < 200; i++) {
            if (i % 20 < 10) {
                see(arriving(sample(0, 5, 1), 4, 1000), false);
            } else {
                see(arriving(sample(10, 0, 0), 4, 0), true);
            }
        }
        assertThat(Reaction.ratio(state)).isEqualTo(1, NEARLY);
    }

    @Test
    void theConversationWaitsWhenThreeQuartersOfItAreHeldAndNothingIsPending() {
        see(sample(7, 0, 1), false);
        assertThat(state.waits).isFalse();
        see(sample(8, 0, 1), false);
        assertThat(state.waits).isTrue();
        see(sample(8, 1, 1), false);
        assertThat(state.waits).isFalse();

        talk.stuckRequests = 1;
        see(sample(8, 1, 1), false);
        assertThat(state.waits).as("the one is stuck").isTrue();
        see(sample(1, 1, 0), true);
        assertThat(state.waits).as("a guest that rests has said all").isTrue();
        see(sample(0, 0, 0), true);
        assertThat(state.waits).as("nothing is held").isFalse();
    }

    @Test
    void whatArrivesAfterAReleaseIsNotOfClientsThatWaited() {
        see(sample(10, 0, 0), true);
        see(arriving(sample(4, 0, 0), 9, 100), true);
        assertThat(state.waitingNanos).isZero();

        see(arriving(sample(4, 0, 0), 1, 100), true);
        assertThat(state.waitingNanos).isEqualTo(MS);
        SampleView replaced = sample(4, 0, 0);
        replaced.txPackets = 2;
        see(replaced, true);
        assertThat(state.waitingNanos).as("two were sent and two released").isEqualTo(MS);
    }
}
