package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import io.lull.policy.rival.TestEpoch;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.LineFit;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class OutputDelayTest {
    private static final double MICRO = 1_000;
    private static final double ORDER_NANOS = 600 * MICRO;
    private static final double MAX_NANOS = 100 * MS;
    private static final double TARGET_NANOS = 20 * MS;

    /** What is aimed at is a little below the target. */
    private static final double AIM_NANOS = 0.97 * TARGET_NANOS;

    private final LullState state = new LullState();

    private LullNumbers numbers(double targetNanos) {
        LullNumbers numbers = new LullNumbers();
        numbers.maxEpochNanos = MAX_NANOS;
        OutputDelay.plan(numbers, state, targetNanos);
        return numbers;
    }

    private double commitNanos(double epochNanos) {
        return LineFit.at(state.commit, DirtyCurve.pagesAt(state.dirty, (long) epochNanos));
    }

    /** How late one frame in a hundred leaves that is held for so long when an epoch of that length ends. */
    private double delayNanos(double heldNanos, double epochNanos) {
        return heldNanos + ORDER_NANOS + state.trimNanos + state.commitRatio * commitNanos(epochNanos);
    }

    private static EpochReport report() {
        return TestEpoch.report(10 * MS, MS, 2 * MS, 100);
    }

    private void learn(EpochReport report) {
        OutputDelay.learnHeld(state, report, TARGET_NANOS);
    }

    /** An epoch that ended for another reason than its deadline. */
    private static EpochReport ended(EpochReport report, TriggerReason reason) {
        return new EpochReport(
                report.vm(),
                report.hostId(),
                report.epoch(),
                report.decisionId(),
                reason,
                report.endedAtMicros(),
                report.lengthNanos(),
                report.pause(),
                report.pages(),
                report.dirtyPagesPerVcpu(),
                report.bytes(),
                report.stages(),
                report.held(),
                report.trigger(),
                report.codec(),
                report.threads());
    }

    @Test
    void heldOutputLeavesInTimeWithTheCommitThatTheEpochWillHave() {
        TestTalk.dirties(state);
        LullNumbers numbers = numbers(TARGET_NANOS);

        assertThat(delayNanos(numbers.maxHeldNanos, numbers.maxHeldNanos))
                .isEqualTo(AIM_NANOS, Assertions.within(MICRO));
        assertThat(numbers.possibleNanos).as("it can be kept").isZero();
    }

    @Test
    void anEpochIsOlderThanItsOldestFrameByTheTimeBeforeIt() {
        TestTalk.dirties(state);
        double atOnceNanos = numbers(TARGET_NANOS).maxHeldNanos;
        Ewma.update(state.lead, 30 * MS, 1, 16);
        LullNumbers numbers = numbers(TARGET_NANOS);

        assertThat(numbers.maxHeldNanos).isLessThan(atOnceNanos - MS);
        assertThat(delayNanos(numbers.maxHeldNanos, 30 * MS + numbers.maxHeldNanos))
                .isEqualTo(AIM_NANOS, Assertions.within(MICRO));
    }

    @Test
    void aCommitThatVariesIsGivenMoreTime() {
        TestTalk.dirties(state);
        state.commitRatio = 1;
        double steadyNanos = numbers(TARGET_NANOS).maxHeldNanos;
        state.commitRatio = 1.5;
        double spreadNanos = numbers(TARGET_NANOS).maxHeldNanos;
        state.trimNanos = 2 * MS;
        double trimmedNanos = numbers(TARGET_NANOS).maxHeldNanos;

        assertThat(spreadNanos).isLessThan(steadyNanos - MS);
        assertThat(trimmedNanos).isLessThan(spreadNanos - MS);
    }

    @Test
    void saysWhatIsPossibleWhereTheDelayCanNotBeKept() {
        TestTalk.alwaysCosts(state, MS, 5 * MS, 0);
        LullNumbers numbers = numbers(4 * MS);

        assertThat(numbers.possibleNanos).isEqualTo(delayNanos(numbers.maxHeldNanos, numbers.maxHeldNanos));
        assertThat(LullPlanner.words(numbers, (long) numbers.maxEpochNanos))
                .contains("can't be kept, about " + Math.round(numbers.possibleNanos / MICRO) + " us can");
    }

    @Test
    void whereTheTargetIsOutOfReachOnePercentOfDelayIsWorthOnePercentOfTheVm() {
        TestTalk.dirties(state);
        double heldNanos = numbers(4 * MS).maxHeldNanos;
        double best = 0;
        for (double hold = 250 * MICRO; hold < MAX_NANOS; hold *= 1.01) {
            best = Math.max(best, worth(hold));
        }

        assertThat(worth(heldNanos)).isBetween(0.99 * best, best * 1.0001);
        assertThat(worth(heldNanos)).as("and not as soon as can be").isGreaterThan(1.1 * worth(250 * MICRO));
    }

    /** Share of the time in which the guest runs, over the delay. */
    private double worth(double holdNanos) {
        double pauseNanos = LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, (long) holdNanos));
        return holdNanos / (holdNanos + pauseNanos) / delayNanos(holdNanos, holdNanos);
    }

    @Test
    void outputIsHeldForTheShortestEpochThatTheBudgetAllows() {
        TestTalk.alwaysCosts(state, 0, MS, 0);
        LullNumbers numbers = new LullNumbers();
        numbers.maxEpochNanos = MAX_NANOS;
        numbers.minEpochNanos = 30 * MS;
        OutputDelay.plan(numbers, state, TARGET_NANOS);

        assertThat(numbers.maxHeldNanos).isGreaterThanOrEqualTo(30 * MS);
        assertThat(numbers.possibleNanos).isGreaterThanOrEqualTo(30 * MS + ORDER_NANOS);
    }

    @Test
    void anEpochIsFullOnceItCanReleaseNoFrameInTime() {
        TestTalk.dirties(state);
        LullNumbers numbers = numbers(TARGET_NANOS);

        assertThat(numbers.fullEpochNanos).isBetween(numbers.maxHeldNanos + MS, MAX_NANOS - MS);
        assertThat(delayNanos(OutputDelay.LEAST_HELD_NANOS, numbers.fullEpochNanos))
                .isEqualTo(AIM_NANOS, Assertions.within(MICRO));
    }

    @Test
    void anEpochWhoseCommitIsNeverTooLongIsNeverFull() {
        TestTalk.alwaysCosts(state, MS, MS, 0);

        assertThat(numbers(TARGET_NANOS).fullEpochNanos).isEqualTo(MAX_NANOS);
    }

    @Test
    void aGuestThatReleasesFramesFromFullEpochsKeepsItsEpochsShortEnough() {
        TestTalk.dirties(state);
        LullNumbers before = numbers(TARGET_NANOS);
        assertThat(before.maxEpochNanos).as("nothing is known of its frames").isEqualTo(MAX_NANOS);
        state.inForce.set(before);

        long fullNanos = (long) before.fullEpochNanos;
        EpochReport full = TestEpoch.report(fullNanos, MS, 2 * MS, 100);
        learn(TestTalk.releasing(full, 5, 10 * MS));
        LullNumbers after = numbers(TARGET_NANOS);
        double pauseNanos = LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, fullNanos));
        assertThat(after.maxEpochNanos)
                .as("counted from the start of the pause before")
                .isEqualTo(fullNanos + pauseNanos, Assertions.within(2 * MICRO));

        for (int i = 0; i < 2_000; i++) {
            learn(TestTalk.releasing(report(), 5, 10 * MS));
        }
        assertThat(numbers(TARGET_NANOS).maxEpochNanos)
                .as("a frame in a thousand does not matter")
                .isEqualTo(MAX_NANOS);
    }

    @Test
    void howFramesWereReleasedLongAgoIsForgotten() {
        state.fullPackets = 1_000;
        state.releasedPackets = 1_000;
        for (int i = 0; i < 20; i++) {
            learn(TestTalk.releasing(TestEpoch.report(1_000 * MS, MS, 2 * MS, 100), 1, 10 * MS));
        }

        assertThat(state.fullPackets).as("20 s later").isBetween(100.0, 150.0);
        assertThat(state.releasedPackets).isBetween(100.0, 160.0);
    }

    @Test
    void anEpochIsNeverMadeShorterThanTheBudgetAllows() {
        TestTalk.dirties(state);
        state.fullPackets = 1;
        state.releasedPackets = 1;
        LullNumbers numbers = new LullNumbers();
        numbers.maxEpochNanos = MAX_NANOS;
        numbers.minEpochNanos = 90 * MS;
        OutputDelay.plan(numbers, state, TARGET_NANOS);

        assertThat(numbers.maxEpochNanos).isGreaterThanOrEqualTo(numbers.minEpochNanos);
    }

    @Test
    void theFactorOfTheCommitIsPassedAsOftenAsItShould() {
        TestTalk.alwaysCosts(state, 0, MS, 0);
        long seed = 17;
        Random random = new Random(seed);
        int epochs = 20_000;
        int passed = 0;
        for (int i = 0; i < epochs; i++) {
            long commitNanos = (long) (MS * (1 + 2 * random.nextDouble()));
            passed += commitNanos > state.commitRatio * MS ? 1 : 0;
            OutputDelay.learnCommit(state, TestEpoch.report(10 * MS, MS, commitNanos, 100));
        }

        assertThat(passed / (double) epochs)
                .as("seed %s", seed)
                .isEqualTo(OutputDelay.PASSED_RATIO, Assertions.within(0.1 * OutputDelay.PASSED_RATIO));
        assertThat(state.commitRatio).as("of 1 to 3").isBetween(2.3, 3.3);
    }

    @Test
    void theFactorOfTheCommitIsFromOneToEight() {
        TestTalk.alwaysCosts(state, 0, MS, 0);
        for (int i = 0; i < 1_000; i++) {
            OutputDelay.learnCommit(state, TestEpoch.report(10 * MS, MS, 1_000 * MS, 100));
        }
        assertThat(state.commitRatio).isEqualTo(8);
        for (int i = 0; i < 10_000; i++) {
            OutputDelay.learnCommit(state, TestEpoch.report(10 * MS, MS, MS / 2, 100));
        }
        assertThat(state.commitRatio).isEqualTo(1);
    }

    @Test
    void aCommitOfWhichNothingWasExpectedTellsNothing() {
        double before = state.commitRatio;
        OutputDelay.learnCommit(state, TestEpoch.report(10 * MS, MS, 1_000 * MS, 100));

        assertThat(state.commitRatio).isEqualTo(before);
    }

    @Test
    void outputIsHeldNoShorterWhileOneFrameInAHundredIsLate() {
        // Frames from 2 ms to this age: a hundredth of them older than what is aimed at.
        long oldestNanos = (long) ((AIM_NANOS - 0.01 * 2 * MS) / 0.99);
        for (int i = 0; i < 1_000; i++) {
            learn(TestTalk.releasing(report(), 5, oldestNanos));
        }
        assertThat(state.trimNanos).isEqualTo(0, Assertions.within(MICRO));

        learn(TestTalk.releasing(report(), 5, oldestNanos + MS));
        assertThat(state.trimNanos).as("more are late").isPositive();
        state.trimNanos = 0;
        learn(TestTalk.releasing(report(), 5, oldestNanos - MS));
        assertThat(state.trimNanos).as("none is").isNegative();
    }

    @Test
    void anEpochOfManyFramesCountsMoreThanOneOfFew() {
        for (int i = 0; i < 10_000; i++) {
            learn(TestTalk.releasing(report(), 10, MS));
        }
        double few = trimmedBy(1);
        double usual = trimmedBy(10);
        double many = trimmedBy(20);
        double most = trimmedBy(100_000);

        assertThat(few).isPositive().isLessThan(0.2 * usual);
        assertThat(many).isBetween(1.8 * usual, 2.2 * usual);
        assertThat(most).as("four times as much at most").isBetween(3.5 * usual, 4.1 * usual);
    }

    private double trimmedBy(long packets) {
        state.trimNanos = 0;
        double meanBefore = state.deadlinePackets.mean;
        learn(TestTalk.releasing(report(), packets, 30 * MS));
        state.deadlinePackets.mean = meanBefore;
        return state.trimNanos;
    }

    @Test
    void theTrimIsAQuarterOfWhatIsAimedAtAtMost() {
        for (int i = 0; i < 100; i++) {
            learn(TestTalk.releasing(report(), 5, 30 * MS));
        }
        assertThat(state.trimNanos).isEqualTo(AIM_NANOS / 4, Assertions.within(1.0));
        for (int i = 0; i < 10_000; i++) {
            learn(TestTalk.releasing(report(), 5, MS));
        }
        assertThat(state.trimNanos).isEqualTo(-AIM_NANOS / 4, Assertions.within(1.0));
    }

    @Test
    void anEpochThatEndedLongBeforeItsDeadlineTellsNothingUnlessItsFramesWereLate() {
        learn(ended(TestTalk.releasing(report(), 5, MS), TriggerReason.IDLE_SLOT));
        assertThat(state.trimNanos).isZero();

        learn(ended(TestTalk.releasing(report(), 5, 30 * MS), TriggerReason.IDLE_SLOT));
        assertThat(state.trimNanos).isPositive();
    }

    @Test
    void anEpochThatWasFullBeforeItsFirstFrameTellsNothingOfTheHold() {
        state.inForce.fullEpochNanos = 10 * MS;
        learn(TestTalk.releasing(report(), 5, 30 * MS));

        assertThat(state.trimNanos).isZero();
        assertThat(state.fullPackets).isEqualTo(5);
        assertThat(state.releasedPackets).isEqualTo(5);
    }

    @Test
    void whereTheTargetIsOutOfReachWhatWasSaidToBePossibleIsKept() {
        state.inForce.possibleNanos = 40 * MS;
        learn(TestTalk.releasing(report(), 5, 30 * MS));
        assertThat(state.trimNanos).isNegative();

        state.trimNanos = 0;
        learn(TestTalk.releasing(report(), 5, 50 * MS));
        assertThat(state.trimNanos).isPositive();
    }
}
