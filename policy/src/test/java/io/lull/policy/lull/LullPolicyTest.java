package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static io.lull.policy.lull.TestTalk.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.WaitRule;
import io.lull.policy.rival.TestEpoch;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.SampleView;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LullPolicyTest {
    private static final Offset<Double> NEARLY = Assertions.within(1e-6);

    private final LullPolicy policy = new LullPolicy();
    private final LullState state = policy.initialState();
    private long atMicros = 1_000_000_000;

    private static Objectives upTo(long maxEpochNanos) {
        return new Objectives(25 * MS, maxEpochNanos, TriggerPlacement.HOST, Targets.NONE);
    }

    private EpochPlan plan(long maxEpochNanos) {
        return policy.plan(state, upTo(maxEpochNanos));
    }

    private void see(SampleView sample, long afterMicros) {
        atMicros += afterMicros;
        sample.sampledAtMicros = atMicros;
        policy.onSample(state, sample, upTo(100 * MS));
    }

    @Test
    void noPlanIsLongerThanTheLongestEpochOfTheOperator() {
        state.inForce.minEpochNanos = 60 * MS;
        state.inForce.maxEpochNanos = 80 * MS;
        EpochPlan plan = plan(50 * MS);

        assertThat(plan.maxEpochNanos()).isEqualTo(50 * MS);
        assertThat(plan.minEpochNanos()).isEqualTo(50 * MS);
        assertThat(plan.reason().toString()).contains("at most 50000 us");
    }

    @Test
    void noPlanIsLongerThanTheBoundThatWasWorkedOut() {
        state.inForce.minEpochNanos = 10 * MS;
        state.inForce.maxEpochNanos = 30 * MS;
        EpochPlan plan = plan(50 * MS);

        assertThat(plan.maxEpochNanos()).isEqualTo(30 * MS);
        assertThat(plan.minEpochNanos()).isEqualTo(10 * MS);
        assertThat(plan.reason().toString()).contains("at most 30000 us");
    }

    @Test
    void aVmWhoseConversationsBeginOftenGetsPlansBelowTheLongestEpoch() {
        TestTalk.dirties(state);
        state.silence.beginnings = 1e6;
        state.silence.talkNanos = 1_000 * MS;
        state.silence.silentNanos = 1_000 * MS;
        see(sample(0, 0, 0), 0);

        assertThat(plan(100 * MS).maxEpochNanos()).isLessThan(80 * MS);
    }

    @Test
    void thePlanCarriesWhatIsInForce() {
        state.inForce.readyWorkNanos = 7 * MS;
        state.inForce.maxHeldNanos = 9 * MS;
        state.inForce.waitPriceRatio = 0.5;
        WaitRule rule = plan(100 * MS).conditions().waiting().orElseThrow();

        assertThat(rule.readyWorkNanos()).isEqualTo(7 * MS);
        assertThat(rule.maxHeldNanos()).isEqualTo(9 * MS);
        assertThat(rule.waitPriceRatio()).isEqualTo(0.5);
    }

    @Test
    void thePlanIsLookedAtEveryTwentyMilliseconds() {
        see(sample(0, 0, 0), 0);
        long revision = state.revision;
        for (int i = 0; i < 19; i++) {
            see(sample(50, 0, 0), 1_000);
        }
        see(sample(50, 0, 0), 999);
        assertThat(state.revision).as("19.999 ms later").isEqualTo(revision);

        see(sample(50, 0, 0), 1);
        assertThat(state.revision).as("20 ms later").isEqualTo(revision + 1);
        assertThat(plan(100 * MS).conditions().waiting().orElseThrow().talkPackets())
                .isEqualTo(50, Assertions.within(2.0));
    }

    @Test
    void aPlanThatWouldSayTheSameIsNotANewOne() {
        for (int i = 0; i < 2_000; i++) {
            see(sample(0, 0, 0), 1_000);
        }
        long revision = state.revision;
        for (int i = 0; i < 1_000; i++) {
            see(sample(0, 0, 0), 1_000);
        }

        assertThat(state.revision).isEqualTo(revision);
    }

    @Test
    void silenceCountsForTwentyMillisecondsAtMost() {
        for (int i = 0; i < 40; i++) {
            see(sample(5, 0, 0), 1_000);
        }
        for (int i = 0; i < 20; i++) {
            see(sample(0, 0, 0), 1_000);
        }
        double learned = LossRate.ratio(state.loss);
        for (int i = 0; i < 1_000; i++) {
            see(sample(0, 0, 0), 1_000);
        }

        assertThat(learned).isPositive();
        assertThat(LossRate.ratio(state.loss))
                .as("it is there for the next conversation")
                .isEqualTo(learned);
    }

    @Test
    void aPauseInSilenceCostsNothing() {
        EpochReport busy = TestTalk.endingBusy(TestEpoch.report(50 * MS, 20 * MS, 30 * MS, 100), 1);
        for (int i = 0; i < 40; i++) {
            see(sample(0, 0, 0), 1_000);
        }
        policy.onReport(state, busy, upTo(100 * MS));
        assertThat(LossRate.ratio(state.loss)).isZero();

        see(sample(0, 1, 1), 1_000);
        policy.onReport(state, busy, upTo(100 * MS));
        assertThat(LossRate.ratio(state.loss)).isPositive();
    }

    @Test
    void howLongTheGuestRunsBeforeItsFirstFrameIsLearned() {
        for (int i = 0; i < 200; i++) {
            // Held for 10 ms, 2 ms of them while the commit was under way: first sent 2 ms into the epoch.
            policy.onReport(
                    state, TestTalk.releasing(TestEpoch.report(10 * MS, MS, 2 * MS, 100), 5, 10 * MS), upTo(100 * MS));
        }

        assertThat(Ewma.meanOr(state.lead, 0)).isEqualTo(2 * MS, Assertions.within(1.0));
    }

    /** A server that keeps all vCPUs busy when it has work, beside a background load that is and was like this. */
    private void beside(double now, double mean) {
        state.saturatedBusyRatio = 1;
        state.answeredBusy.weightRatio = 1;
        state.answeredBusy.mean = now;
        state.backgroundRatio.weightRatio = 1;
        state.backgroundRatio.mean = mean;
    }

    private double price() {
        return LullPolicy.waitPriceRatio(state);
    }

    @Test
    void aStarvingServerIsWorthAllWhereNothingGoesOnBesideIt() {
        beside(0, 0);
        assertThat(price()).isEqualTo(1, NEARLY);

        state.loss.nanos = 100;
        state.loss.pausedNanos = 60;
        state.loss.unservedNanos = 80;
        assertThat(price()).as("whatever was lost").isEqualTo(1, NEARLY);
    }

    @Test
    void besideALoadThatAlwaysGoesOnItIsWorthHalf() {
        beside(1, 1);
        assertThat(price()).isEqualTo(0.5, NEARLY);
        beside(0.25, 0.25);
        assertThat(price()).as("a quarter is an activity of its own").isEqualTo(0.5, NEARLY);
        beside(0.05, 0.05);
        assertThat(price()).as("a twentieth is a fifth of one").isEqualTo(1 / 1.2, NEARLY);
    }

    @Test
    void bothCountByWhatTheyLack() {
        beside(1, 1);
        state.loss.nanos = 100;
        state.loss.unservedNanos = 75;
        assertThat(price()).as("the server gets a quarter").isEqualTo(4.0 / 5, NEARLY);

        state.loss.unservedNanos = 0;
        state.loss.pausedNanos = 75;
        assertThat(price()).as("the load gets a quarter").isEqualTo(1.0 / 5, NEARLY);
    }

    @Test
    void whatGoesOnForAPartOfTheTimeOnlyCountsMoreWhileItDoes() {
        beside(1, 0.25);
        assertThat(price()).as("a load that goes on for a quarter").isEqualTo(1.0 / 5, NEARLY);

        beside(1, 1);
        state.silence.silentNanos = 75;
        state.silence.talkNanos = 25;
        assertThat(price()).as("a server that is asked for a quarter").isEqualTo(4.0 / 5, NEARLY);
        beside(1, 0.25);
        assertThat(price()).as("both").isEqualTo(0.5, NEARLY);
    }

    @Test
    void butTenTimesAsMuchAtMost() {
        beside(1, 0.001);
        assertThat(price()).as("a rare load").isEqualTo(1.0 / 11, NEARLY);

        beside(1, 1);
        state.silence.silentNanos = 999;
        state.silence.talkNanos = 1;
        assertThat(price()).as("a rare conversation").isEqualTo(10.0 / 11, NEARLY);
    }

    @Test
    void clientsThatDoNotReactLeaveAnAnswerWorthATwentieth() {
        beside(0, 0);
        state.reaction.nanos = 1e9;
        state.reaction.arrivals = 10;
        state.reaction.waitingNanos = 1e9;
        state.reaction.waitingArrivals = 10;

        assertThat(price()).isEqualTo(0.05, NEARLY);
    }
}
