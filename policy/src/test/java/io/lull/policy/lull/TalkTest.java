package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static io.lull.policy.lull.TestTalk.arriving;
import static io.lull.policy.lull.TestTalk.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.rival.TestEpoch;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.SampleView;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TalkTest {
    private static final Offset<Double> NEARLY = Assertions.within(1e-9);

    private final LullState state = new LullState();

    private void see(SampleView sample) {
        Talk.update(state, sample, false);
    }

    private double nanosPerPacket() {
        return state.workedNanos / state.workedPackets;
    }

    @Test
    void theConversationIsAllThatWasHeldOrOwedAtOnce() {
        see(sample(3, 4, 1));
        see(sample(1, 2, 1));

        assertThat(state.talkPackets).isEqualTo(7, Assertions.within(0.1));
    }

    @Test
    void aConversationIsOfOneFrameAtLeast() {
        see(sample(0, 0, 0));

        assertThat(state.talkPackets).isEqualTo(1);
    }

    @Test
    void theLargestConversationIsForgottenInASecond() {
        see(sample(100, 0, 0));
        SampleView quiet = sample(0, 0, 0);
        quiet.intervalNanos = 100 * MS;
        see(quiet);
        assertThat(state.talkPackets).isEqualTo(90, NEARLY);

        quiet.intervalNanos = 2_000 * MS;
        see(quiet);
        assertThat(state.talkPackets).isEqualTo(1);
    }

    @Test
    void requestsThatLookPendingAtRestAreStuckAndNoPartOfTheConversation() {
        Talk.update(state, sample(2, 5, 0), true);
        assertThat(state.stuckRequests)
                .as("they may have come in this very sample")
                .isZero();
        Talk.update(state, sample(2, 5, 0), true);
        assertThat(state.stuckRequests).isEqualTo(5);
        state.talkPackets = 2;

        see(sample(2, 6, 1));
        assertThat(state.stuckRequests).as("a guest that works tells nothing").isEqualTo(5);
        assertThat(state.talkPackets).isEqualTo(3);
    }

    @Test
    void theBusyShareOfASampleOverAPauseIsThatOfTheTimeItRan() {
        see(sample(0, 0, 0));
        state.lastPauseNanos = MS / 2;
        SampleView over = sample(0, 1, 0.4);
        over.epoch = 2;
        see(over);

        assertThat(state.saturatedBusyRatio).isEqualTo(0.8, NEARLY);
    }

    @Test
    void aSampleThatIsAllPauseTellsNothing() {
        see(sample(0, 0, 0));
        state.lastPauseNanos = MS * 9 / 10;
        SampleView over = sample(0, 1, 0.05);
        over.epoch = 2;
        see(over);
        assertThat(state.saturatedBusyRatio).isZero();

        SampleView stopped = sample(0, 1, 1);
        stopped.epoch = 2;
        stopped.elapsedNanos = 0;
        see(stopped);
        assertThat(state.saturatedBusyRatio).isZero();
    }

    @Test
    void isSaturatedAtTheMostThatItDidWhileItHadWork() {
        see(sample(0, 0, 1));
        assertThat(state.saturatedBusyRatio).as("nothing was asked").isZero();
        see(sample(0, 1, 0.6));
        see(answering(0.3));
        assertThat(state.saturatedBusyRatio).isEqualTo(0.6, Assertions.within(0.001));

        SampleView later = answering(0.3);
        later.intervalNanos = 100 * MS;
        for (int i = 0; i < 10; i++) {
            see(later);
        }
        assertThat(state.saturatedBusyRatio).as("a second later").isEqualTo(0.3, NEARLY);
    }

    /** One request pending and one frame sent. */
    private static SampleView answering(double busy) {
        SampleView view = sample(0, 1, busy);
        view.txPackets = 1;
        return view;
    }

    @Test
    void aFrameTakesTheTimeThatItIsWorkedOn() {
        SampleView full = sample(0, 9, 1);
        full.txPackets = 10;
        see(full);
        assertThat(nanosPerPacket()).isEqualTo(100_000, NEARLY);

        SampleView half = sample(0, 9, 0.5);
        half.txPackets = 5;
        for (int i = 0; i < 10; i++) {
            see(half);
        }
        assertThat(nanosPerPacket())
                .as("half of the time it waited for its disk")
                .isEqualTo(100_000, Assertions.within(500.0));
    }

    @Test
    void timeWithoutWorkIsNotWorkedOnAFrame() {
        SampleView full = sample(0, 9, 1);
        full.txPackets = 10;
        see(full);
        see(sample(10, 0, 0));
        see(sample(10, 0, 0));

        assertThat(nanosPerPacket()).isEqualTo(100_000, NEARLY);
    }

    @Test
    void anAnsweredServerIsAsBusyAsItsBackgroundLoadOnceItsLastAnswerIsOut() {
        see(sample(0, 1, 1));
        see(sample(1, 0, 0.9));
        assertThat(Ewma.isKnown(state.answeredBusy))
                .as("it still worked in this sample")
                .isFalse();

        see(sample(1, 0, 0.2));
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).isEqualTo(0.2, NEARLY);
        SampleView next = sample(0, 0, 0.7);
        next.epoch = 2;
        see(next);
        assertThat(Ewma.meanOr(state.answeredBusy, 0))
                .as("work of the time before the pause")
                .isEqualTo(0.2, NEARLY);
    }

    @Test
    void aWindowThatIsBeingFilledIsWorkOfTheServerAndNoBackgroundLoad() {
        SampleView filling = sample(4, 0, 1);
        filling.addService(5001, 1, 1, 3);
        see(filling);
        see(filling);
        assertThat(Ewma.isKnown(state.answeredBusy)).isFalse();

        SampleView full = sample(4, 0, 0.2);
        full.addService(5001, 4, 4, 0);
        see(full);
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).isEqualTo(0.2, NEARLY);
    }

    @Test
    void aGuestThatRestsWhenItsEpochEndsHasNoBackgroundLoad() {
        see(sample(1, 0, 0.5));
        see(sample(1, 0, 0.5));
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).isEqualTo(0.5, NEARLY);

        endsEpochs(5, 0.5);
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).as("it works").isEqualTo(0.5, NEARLY);
        endsEpochs(0, 0);
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).as("nobody talks to it").isEqualTo(0.5, NEARLY);
        endsEpochs(5, 0);
        assertThat(Ewma.meanOr(state.answeredBusy, 1)).isLessThan(0.01);
    }

    private void endsEpochs(long packets, double busyRatio) {
        EpochReport report = TestTalk.endingBusy(
                TestTalk.releasing(TestEpoch.report(10 * MS, MS, 2 * MS, 100), packets, 10 * MS), busyRatio);
        for (int i = 0; i < 100; i++) {
            Talk.learn(state, report, 0.05);
        }
    }

    @Test
    void whatIsReceivedMayBeWorkForTheServerAndIsNoBackgroundLoad() {
        see(sample(0, 0, 0.2));
        see(sample(0, 0, 0.2));
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).isEqualTo(0.2, NEARLY);

        see(arriving(sample(0, 0, 0.9), 1, 100));
        see(sample(0, 0, 0.9));
        assertThat(Ewma.meanOr(state.answeredBusy, 0)).as("it came just now").isEqualTo(0.2, NEARLY);
        see(sample(0, 0, 0.9));
        assertThat(Ewma.meanOr(state.answeredBusy, 0))
                .as("it is done with by now")
                .isGreaterThan(0.2 + 0.001);
    }

    @Test
    void whatGoesOnBesideTheServerIsRememberedForLong() {
        for (int i = 0; i < 1_000; i++) {
            see(sample(0, 0, 0.4));
        }
        for (int i = 0; i < 1_000; i++) {
            see(sample(0, 0, 0));
        }

        assertThat(Ewma.meanOr(state.answeredBusy, 1)).as("at present").isLessThan(0.001);
        assertThat(Ewma.meanOr(state.backgroundRatio, 0))
                .as("on the average of the seconds before")
                .isEqualTo(0.2, Assertions.within(0.03));
    }

    @Test
    void requestsThatNothingIsSentOrReceivedForAreStuckHoweverBusyTheGuestIs() {
        see(sample(0, 5, 1));
        see(sample(0, 5, 1));
        assertThat(state.stuckRequests).as("2 ms").isZero();
        see(sample(0, 5, 1));
        assertThat(state.stuckRequests).as("3 ms").isEqualTo(5);
    }

    @Test
    void theLongerAFrameTakesTheLongerAQuietGuestIsWaitedFor() {
        framesTake(MS);
        for (int i = 0; i < Talk.LONG_QUIET_FRAMES; i++) {
            see(sample(0, 5, 0));
        }
        assertThat(state.stuckRequests).as("the time of eight frames").isZero();
        see(sample(0, 5, 0));
        assertThat(state.stuckRequests).isEqualTo(5);
    }

    private void framesTake(long nanos) {
        state.workedPackets = 1_000;
        state.workedNanos = 1_000.0 * nanos;
    }

    @Test
    void whateverIsSentOrReceivedEndsTheQuiet() {
        SampleView sending = sample(0, 5, 1);
        sending.txPackets = 1;
        for (SampleView loud : List.of(sending, arriving(sample(0, 5, 1), 1, 0))) {
            for (int i = 0; i < 20; i++) {
                see(sample(0, 5, 0));
                see(sample(0, 5, 0));
                see(loud);
            }
            assertThat(state.stuckRequests).isZero();
        }
    }

    @Test
    void aPauseIsNoQuiet() {
        SampleView over = sample(0, 5, 0);
        over.elapsedNanos = MS / 2;
        for (int i = 0; i < 20; i++) {
            see(over);
        }
        assertThat(state.quietNanos).isZero();
        assertThat(state.stuckRequests).as("it stood still for our sake").isZero();

        see(sample(0, 5, 0));
        see(sample(0, 5, 0));
        see(over);
        see(sample(0, 5, 0));
        see(sample(0, 5, 0));
        assertThat(state.stuckRequests).as("2 ms since the pause").isZero();
        see(sample(0, 5, 0));
        assertThat(state.stuckRequests).isEqualTo(5);
    }

    @Test
    void aQuietGuestThatWaitsForItsDiskIsNotStuck() {
        SampleView waiting = sample(0, 5, 0);
        waiting.diskInFlight = 1;
        for (int i = 0; i < 20; i++) {
            see(waiting);
        }

        assertThat(state.stuckRequests).isZero();
    }
}
