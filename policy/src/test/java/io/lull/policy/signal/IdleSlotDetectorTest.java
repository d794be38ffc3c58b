package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.IdleRule;
import io.lull.policy.fixture.TestSample;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class IdleSlotDetectorTest {
    private static final IdleRule RULE = IdleRule.DEFAULT;
    private static final long STEP_NANOS = TestSample.INTERVAL_NANOS;

    /** Runs samples of epoch 1, half a millisecond apart, the first ending at 2 ms, each varied by {@code change}. */
    private static IdleState run(int samples, UnaryOperator<TestSample> change) {
        return runFrom(new IdleState(), samples, 2_000_000, change);
    }

    private static void update(IdleState state, VmSample sample) {
        IdleSlotDetector.update(state, new SampleView().load(sample), RULE);
    }

    private static IdleState runFrom(IdleState state, int samples, long fromNanos, UnaryOperator<TestSample> change) {
        for (int i = 0; i < samples; i++) {
            update(
                    state,
                    change.apply(TestSample.lull(1, fromNanos + i * STEP_NANOS)).build());
        }
        return state;
    }

    @Test
    void findsAStrongSlotAfterTwoIdleSamples() {
        assertThat(run(1, s -> s).verdict).isEqualTo(IdleVerdict.NONE);
        assertThat(run(2, s -> s).verdict).isEqualTo(IdleVerdict.STRONG);
    }

    @Test
    void countsNothingBeforeTheGuestHasSettled() {
        IdleState state = runFrom(new IdleState(), 3, 500_000, s -> s);

        assertThat(state.idleNanos).isZero();
        assertThat(state.verdict).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void countsNothingOfASampleThatReachesBackOverThePause() {
        IdleRule atOnce = new IdleRule(0.05, 0, 0, 0, 0);
        VmSample straddling = TestSample.lull(1, STEP_NANOS - 1).build();

        IdleState state = new IdleState();
        IdleSlotDetector.update(state, new SampleView().load(straddling), atOnce);
        assertThat(state.verdict).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void findsNoRestWhereNobodySeesWhatTheGuestSends() {
        IdleState state = new IdleState();
        for (int i = 0; i < 40; i++) {
            SampleView sample = new SampleView()
                    .load(TestSample.lull(1, 2_000_000 + i * STEP_NANOS).build());
            sample.framesKnown = false;
            IdleSlotDetector.update(state, sample, RULE);
        }
        assertThat(state.verdict).isEqualTo(IdleVerdict.NONE);
        assertThat(state.restNanos).isZero();
        assertThat(state.quietNanos).isZero();
    }

    @Test
    void needsEveryCondition() {
        List<UnaryOperator<TestSample>> spoilers =
                List.of(s -> s.busy(0.06), s -> s.tx(1), s -> s.held(0), s -> s.inFlight(1), s -> s.pending(1));
        for (UnaryOperator<TestSample> spoiler : spoilers) {
            assertThat(run(4, spoiler).verdict).isEqualTo(IdleVerdict.NONE);
        }
    }

    @Test
    void startsOverWhenTheGuestWorks() {
        IdleState state = run(4, s -> s);
        assertThat(state.verdict).isEqualTo(IdleVerdict.STRONG);
        runFrom(state, 1, 4_000_000, s -> s.busy(0.9));
        assertThat(state.idleNanos).isZero();
        runFrom(state, 1, 4_500_000, s -> s);

        assertThat(state.idleNanos).isEqualTo(STEP_NANOS);
        assertThat(state.verdict).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void startsOverAtAnotherEpoch() {
        IdleState state = run(8, s -> s);
        update(state, TestSample.lull(2, 3_000_000).build());

        assertThat(state.epoch).isEqualTo(2);
        assertThat(state.idleNanos).isEqualTo(STEP_NANOS);
        assertThat(state.quietNanos).isEqualTo(STEP_NANOS);
    }

    @Test
    void callsALongRestWithAPendingRequestWeak() {
        assertThat(run(9, s -> s.pending(1)).verdict).isEqualTo(IdleVerdict.NONE);
        assertThat(run(10, s -> s.pending(1)).verdict).isEqualTo(IdleVerdict.WEAK);
        assertThat(run(10, s -> s.pending(1).inFlight(1)).verdict).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void doesNotTakeASampleWithoutVcpusForIdle() {
        IdleState state = new IdleState();
        for (int i = 0; i < 20; i++) {
            update(state, TestSample.lull(1, 3_000_000 + i * STEP_NANOS).build(List.of()));
        }

        assertThat(state.verdict).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void doesNotTakeAStarvedVcpuForIdle() {
        IdleState state = new IdleState();
        for (int i = 0; i < 20; i++) {
            VmSample starved =
                    TestSample.lull(1, 3_000_000 + i * STEP_NANOS).build(List.of(new VcpuSample(0, 0, 0, STEP_NANOS)));
            update(state, starved);
        }

        assertThat(state.verdict).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void saysThatClientsAreStalled() {
        assertThat(run(2, s -> s.stalled(2)).detail())
                .isEqualTo("idle 1000 us, quiet 1000 us, 2 connections stalled (2 with a full window)");
    }

    @Test
    void neverFindsASlotThatBreaksAConditionOnRandomSamples() {
        long seed = 20261123;
        Random random = new Random(seed);
        IdleState state = new IdleState();
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            TestSample drawn = TestSample.lull(1 + i / 40, (1 + i % 40) * STEP_NANOS)
                    .busy(random.nextInt(6) == 0 ? random.nextDouble() : 0)
                    .tx(random.nextInt(8) == 0 ? 1 : 0)
                    .held(random.nextInt(4))
                    .pending(random.nextInt(4) == 0 ? 1 : 0)
                    .inFlight(random.nextInt(8) == 0 ? 1 : 0);
            update(state, drawn.build());
            if (state.verdict != IdleVerdict.NONE) {
                found++;
                assertThat(drawn)
                        .as("seed %s, sample %s", seed, i)
                        .matches(s -> s.busy() < RULE.busyRatio() && s.tx() == 0)
                        .matches(s -> s.held() > 0 && s.inFlight() == 0 && s.elapsedNanos() >= RULE.settleNanos());
                assertThat(state.verdict == IdleVerdict.WEAK)
                        .as("seed %s, sample %s", seed, i)
                        .isEqualTo(drawn.pending() > 0);
            }
        }
        assertThat(found).as("seed %s", seed).isPositive();
    }

    @Test
    void aRestGrowsWhileTheGuestNeitherWorksNorSends() {
        assertThat(run(6, s -> s).restNanos).isEqualTo(6 * STEP_NANOS);
        assertThat(run(6, s -> s.held(0)).restNanos).as("with nothing held too").isEqualTo(6 * STEP_NANOS);
        assertThat(run(6, s -> s.busy(0.06)).restNanos).isZero();
        assertThat(run(6, s -> s.tx(1)).restNanos).isZero();
    }

    @Test
    void theGuestsOwnTimerShortensARestByFourTimesItsLength() {
        IdleState state = run(10, s -> s);
        runFrom(state, 1, 8_000_000, s -> s.busy(0.9));
        assertThat(state.restNanos).isEqualTo(6 * STEP_NANOS);
        runFrom(state, 1, 8_500_000, s -> s.tx(1));
        assertThat(state.restNanos).isEqualTo(2 * STEP_NANOS);
        runFrom(state, 1, 9_000_000, s -> s.busy(0.9));

        assertThat(state.restNanos).as("none is left").isZero();
    }

    @Test
    void aRestOutlivesItsEpoch() {
        IdleState state = run(6, s -> s);
        update(state, TestSample.lull(2, 3_000_000).build());

        assertThat(state.restNanos).isEqualTo(7 * STEP_NANOS);
    }

    @Test
    void aPauseNeitherIsARestNorEndsOne() {
        IdleState state = run(6, s -> s);
        update(state, TestSample.lull(2, STEP_NANOS / 2).build());
        update(state, TestSample.lull(2, STEP_NANOS).busy(1).build());

        assertThat(state.restNanos).isEqualTo(6 * STEP_NANOS);
    }

    @Test
    void aRestOfLongAgoDoesNotHideHowLongTheGuestHasWorkedSince() {
        IdleState state = run(10_000, s -> s);
        assertThat(state.restNanos).isEqualTo(IdleState.LONGEST_REST_NANOS);

        long work = IdleState.LONGEST_REST_NANOS / IdleState.WORK_WEIGHT / STEP_NANOS;
        runFrom(state, (int) work, 6_000_000_000L, s -> s.busy(1));
        assertThat(state.restNanos).isZero();
    }

    @Test
    void workIsTheBusyShareOfTheTimeInThisEpoch() {
        IdleState state = run(4, s -> s.busy(0.5));
        assertThat(state.workNanos).isEqualTo(2.0 * STEP_NANOS);
        runFrom(state, 2, 4_000_000, s -> s.busy(0.02));
        assertThat(state.workNanos).isEqualTo(2.04 * STEP_NANOS, within(1.0));

        update(state, TestSample.lull(2, 2 * STEP_NANOS).busy(1).build());
        assertThat(state.workNanos).as("another epoch").isEqualTo(STEP_NANOS);
    }

    @Test
    void workBeforeTheResumeIsOfTheEpochBefore() {
        IdleState state = run(4, s -> s.busy(1));
        update(state, TestSample.lull(2, STEP_NANOS / 5).busy(1).build());

        assertThat(state.workNanos).isEqualTo(STEP_NANOS / 5.0);
    }

    @Test
    void aReleaseIsSeenWhenFewerFramesAreHeldThanWereAndWereSent() {
        IdleState state = new IdleState();
        assertThat(state.sinceReleaseNanos).as("none yet").isEqualTo(IdleState.LONGEST_REST_NANOS);
        runFrom(state, 1, 2_000_000, s -> s.held(3));
        runFrom(state, 1, 2_500_000, s -> s.held(1));
        assertThat(state.sinceReleaseNanos).isZero();
        runFrom(state, 2, 3_000_000, s -> s.held(1));
        assertThat(state.sinceReleaseNanos).isEqualTo(2 * STEP_NANOS);
        runFrom(state, 1, 4_000_000, s -> s.held(4).tx(3));
        assertThat(state.sinceReleaseNanos).as("three more were sent").isEqualTo(3 * STEP_NANOS);
        runFrom(state, 1, 4_500_000, s -> s.held(4).tx(3));
        assertThat(state.sinceReleaseNanos).as("as many were released").isZero();
    }

    @Test
    void aReleaseIsOfLongAgoOnceItsReceiversHaveReacted() {
        IdleState state = run(1, s -> s.held(4));
        runFrom(state, 1, 2_500_000, s -> s.held(0));
        runFrom(state, 1, 3_000_000, s -> s.held(0).rx(1));
        assertThat(state.sinceReleaseNanos).as("one of two acknowledgements").isEqualTo(STEP_NANOS);
        runFrom(state, 1, 3_500_000, s -> s.held(0).rx(1));
        assertThat(state.sinceReleaseNanos).isEqualTo(IdleState.LONGEST_REST_NANOS);
        runFrom(state, 1, 4_000_000, s -> s.held(2).tx(2));
        assertThat(state.sinceReleaseNanos).as("nothing new was let go").isEqualTo(IdleState.LONGEST_REST_NANOS);
    }

    @Test
    void aReleaseOfLongAgoIsOfLongAgo() {
        IdleState state = run(1, s -> s.held(3));
        runFrom(state, 1, 2_500_000, s -> s.held(0));
        runFrom(state, 1_000, 3_000_000, s -> s.held(0));

        assertThat(state.sinceReleaseNanos).isEqualTo(IdleState.LONGEST_REST_NANOS);
    }
}
