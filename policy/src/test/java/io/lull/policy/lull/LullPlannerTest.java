package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.rival.TestEpoch;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.Ewma;
import io.lull.policy.signal.LineFit;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class LullPlannerTest {
    private static final double MICRO = 1_000;
    private static final long MAX_NANOS = 100 * MS;

    private final LullState state = new LullState();

    private static Objectives wanting(Targets targets) {
        return new Objectives(25 * MS, MAX_NANOS, TriggerPlacement.HOST, targets);
    }

    private LullNumbers numbers(Targets targets) {
        LullNumbers numbers = new LullNumbers();
        LullPlanner.fill(numbers, state, wanting(targets));
        return numbers;
    }

    private static Targets overhead(double ratio) {
        return new Targets(OptionalLong.empty(), OptionalDouble.of(ratio), OptionalLong.empty());
    }

    private static Targets bandwidth(long bytesPerSecond) {
        return new Targets(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.of(bytesPerSecond));
    }

    /** Each checkpoint costs that much, however many pages are dirty. */
    private void alwaysCosts(long pauseNanos, long commitNanos, long shippedBytes) {
        state.pause = LineFit.start(0);
        state.commit = LineFit.start(0);
        state.wire = LineFit.start(0);
        LineFit.update(state.pause, 100, pauseNanos);
        LineFit.update(state.commit, 100, commitNanos);
        LineFit.update(state.wire, 100, shippedBytes);
    }

    /** A guest with 1000 pages after 10 ms, and a commit of 1 ms and 6 us a page. */
    private void dirties() {
        for (int i = 0; i < 50; i++) {
            DirtyCurve.update(state.dirty, 10 * MS, 1000);
            LineFit.update(state.commit, 1000 + i, MS + 6_000.0 * (1000 + i));
        }
    }

    @Test
    void beforeAnythingIsKnownAPlanPromisesNothing() {
        LullNumbers numbers = numbers(Targets.NONE);

        assertThat(numbers.waitPriceRatio).as("all clients may wait").isEqualTo(1);
        assertThat(numbers.averageLossRatio).isZero();
        assertThat(numbers.talkPackets).isEqualTo(1);
        assertThat(numbers.nanosPerPacket).isZero();
        assertThat(numbers.gapNanos).isZero();
        assertThat(numbers.slotsPerSecond).isZero();
        assertThat(numbers.minEpochNanos).isZero();
        assertThat(numbers.maxEpochNanos).isEqualTo(MAX_NANOS);
        assertThat(numbers.maxHeldNanos).as("for ever").isGreaterThan(1e18);
        assertThat(numbers.possibleNanos).isZero();
    }

    @Test
    void carriesWhatWasLearned() {
        state.talkPackets = 12;
        state.workedNanos = 500;
        state.workedPackets = 10;
        state.stuckRequests = 3;
        state.saturatedBusyRatio = 0.7;
        alwaysCosts(2 * MS, 5 * MS, 0);
        Ewma.update(state.busy, 0.4, 1, 1);
        LullNumbers numbers = numbers(Targets.NONE);

        assertThat(numbers.talkPackets).isEqualTo(12);
        assertThat(numbers.nanosPerPacket).isEqualTo(50);
        assertThat(numbers.stuckRequests).isEqualTo(3);
        assertThat(numbers.saturatedBusyRatio).isEqualTo(0.7);
        assertThat(numbers.pauseNanos).isEqualTo(2 * MS);
        assertThat(numbers.gapNanos).as("from the resume to the release").isEqualTo(3 * MS);
        assertThat(numbers.answeredBusyRatio)
                .as("nothing goes on beside the server, until it was seen")
                .isZero();

        Ewma.update(state.answeredBusy, 0.1, 1, 1);
        assertThat(numbers(Targets.NONE).answeredBusyRatio).isEqualTo(0.1);
    }

    @Test
    void heldOutputLeavesInTimeWithTheCommitThatTheEpochWillHave() {
        dirties();
        double targetNanos = 20 * MS;
        LullNumbers numbers = numbers(Targets.outputDelay((long) targetNanos));
        double pages = DirtyCurve.pagesAt(state.dirty, (long) numbers.maxHeldNanos);
        double leavesAfterNanos = numbers.maxHeldNanos + 600 * MICRO + LineFit.at(state.commit, pages);

        assertThat(leavesAfterNanos).isEqualTo(targetNanos, Assertions.within(MICRO));
        assertThat(numbers.possibleNanos).isZero();
    }

    @Test
    void aCommitThatVariesIsGivenMoreTime() {
        dirties();
        double steadyNanos = numbers(Targets.outputDelay(20 * MS)).maxHeldNanos;
        Ewma.update(state.commitError, MS, 1, 1);
        double spreadNanos = numbers(Targets.outputDelay(20 * MS)).maxHeldNanos;
        state.trimNanos = 2 * MS;
        double trimmedNanos = numbers(Targets.outputDelay(20 * MS)).maxHeldNanos;

        assertThat(spreadNanos).isLessThan(steadyNanos - MS);
        assertThat(trimmedNanos).isLessThan(spreadNanos - MS);
    }

    @Test
    void saysWhatIsPossibleWhereTheDelayCanNotBeKept() {
        alwaysCosts(MS, 5 * MS, 0);
        LullNumbers numbers = numbers(Targets.outputDelay(4 * MS));

        assertThat(numbers.possibleNanos).isEqualTo(5 * MS + 850 * MICRO);
        assertThat(numbers.maxHeldNanos).as("as soon as can be").isEqualTo(250 * MICRO);
        assertThat(LullPlanner.words(numbers, (long) numbers.maxEpochNanos))
                .contains("can't be kept, about 5850 us can");
    }

    @Test
    void anEpochIsSoLongThatItsPauseKeepsToTheOverhead() {
        alwaysCosts(MS, 0, 0);

        assertThat(numbers(overhead(0.1)).minEpochNanos).isEqualTo(9 * MS, Assertions.within(MICRO));
        state.stretch = 1.5;
        assertThat(numbers(overhead(0.1)).minEpochNanos).isEqualTo(13.5 * MS, Assertions.within(2 * MICRO));
    }

    @Test
    void anEpochIsSoLongThatWhatItShipsKeepsToTheBandwidth() {
        alwaysCosts(0, 0, 1_000_000);

        assertThat(numbers(bandwidth(100_000_000)).minEpochNanos).isEqualTo(10 * MS, Assertions.within(MICRO));
    }

    @Test
    void theStricterOfTwoTargetsDecidesAndTheLongestEpochBoundsBoth() {
        alwaysCosts(MS, 0, 1_000_000);
        Targets both = new Targets(OptionalLong.empty(), OptionalDouble.of(0.1), OptionalLong.of(50_000_000));
        assertThat(numbers(both).minEpochNanos)
                .as("20 ms a cycle, 1 ms of them a pause")
                .isEqualTo(19 * MS, Assertions.within(MICRO));

        assertThat(numbers(overhead(0.001)).minEpochNanos).isEqualTo(MAX_NANOS);
    }

    @Test
    void oneEpochInAHundredMayHoldItsOldestFrameForLonger() {
        Objectives objectives = wanting(Targets.outputDelay(20 * MS));
        for (int i = 0; i < 1000; i++) {
            long waitNanos = i % 100 == 0 ? 30 * MS : 10 * MS;
            LullPlanner.trim(state, TestTalk.releasing(report(), 5, waitNanos), objectives);
        }
        assertThat(state.trimNanos).isEqualTo(0, Assertions.within(1.0));

        LullPlanner.trim(state, TestTalk.releasing(report(), 5, 20 * MS + 1), objectives);
        assertThat(state.trimNanos).as("one more, and frames leave earlier").isPositive();
    }

    @Test
    void theTrimIsAQuarterOfTheTargetAtMost() {
        Objectives objectives = wanting(Targets.outputDelay(20 * MS));
        for (int i = 0; i < 100; i++) {
            LullPlanner.trim(state, TestTalk.releasing(report(), 5, 30 * MS), objectives);
        }
        assertThat(state.trimNanos).isEqualTo(5 * MS);
        for (int i = 0; i < 10_000; i++) {
            LullPlanner.trim(state, TestTalk.releasing(report(), 5, MS), objectives);
        }
        assertThat(state.trimNanos).isEqualTo(-5 * MS);
    }

    @Test
    void anEpochThatHeldNothingTellsNothingOfTheDelay() {
        LullPlanner.trim(state, report(), wanting(Targets.outputDelay(20 * MS)));
        LullPlanner.trim(state, TestTalk.releasing(report(), 5, 30 * MS), wanting(Targets.NONE));

        assertThat(state.trimNanos).isZero();
    }

    private static EpochReport report() {
        return TestEpoch.report(10 * MS, MS, 2 * MS, 100);
    }

    @Test
    void aGuestWhoseConversationsBeginAfterSilenceKeepsItsEpochsShortEnoughForTheNext() {
        dirties();
        Targets targets = Targets.outputDelay(20 * MS);
        assertThat(numbers(targets).maxEpochNanos).isEqualTo(MAX_NANOS);

        EpochReport silent = TestEpoch.report(60 * MS, MS, 2 * MS, 100);
        LullPlanner.trim(state, TestTalk.releasing(silent, 5, 10 * MS), wanting(targets));
        double readyNanos = numbers(targets).maxEpochNanos;
        assertThat(readyNanos).isBetween(20.0 * MS, MAX_NANOS - 1.0);

        for (int i = 0; i < 2000; i++) {
            LullPlanner.trim(state, TestTalk.releasing(report(), 5, 10 * MS), wanting(targets));
        }
        assertThat(numbers(targets).maxEpochNanos)
                .as("a beginning in a thousand frames does not matter")
                .isEqualTo(MAX_NANOS);
    }
}
