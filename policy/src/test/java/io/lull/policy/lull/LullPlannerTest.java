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

    /** Conversations that begin so often that each epoch should be as short as may be. */
    private void oftenBegins() {
        state.silence.beginnings = 1e6;
        state.silence.talkNanos = 1_000 * MS;
        state.silence.silentNanos = 1_000 * MS;
    }

    private static Targets overhead(double ratio) {
        return new Targets(OptionalLong.empty(), OptionalDouble.of(ratio), OptionalLong.empty());
    }

    private static EpochReport report() {
        return TestEpoch.report(10 * MS, MS, 2 * MS, 100);
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
        assertThat(numbers.readyWorkNanos).as("never").isEqualTo(Readiness.NEVER);
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
        state.saturatedBusyRatio = 0.5;
        TestTalk.alwaysCosts(state, 2 * MS, 5 * MS, 0);
        LullNumbers numbers = numbers(Targets.NONE);

        assertThat(numbers.talkPackets).isEqualTo(12);
        assertThat(numbers.nanosPerPacket).isEqualTo(50);
        assertThat(numbers.stuckRequests).isEqualTo(3);
        assertThat(numbers.saturatedBusyRatio).isEqualTo(0.5);
        assertThat(numbers.pauseNanos).isEqualTo(2 * MS);
        assertThat(numbers.gapNanos).as("from the resume to the release").isEqualTo(3 * MS);
        assertThat(numbers.answeredBusyRatio)
                .as("nothing goes on beside the server, until it was seen")
                .isZero();

        Ewma.update(state.answeredBusy, 0.1, 1, 1);
        assertThat(numbers(Targets.NONE).answeredBusyRatio)
                .as("of what the VM does at most")
                .isEqualTo(0.2);
    }

    @Test
    void aSilentEpochIsAtLeastTwiceAsLongAsOutputMayBeHeld() {
        TestTalk.dirties(state);
        oftenBegins();

        assertThat(runNanos(numbers(Targets.outputDelay(20 * MS)).maxEpochNanos))
                .isEqualTo(40 * MS, Assertions.within(2 * MICRO));
        assertThat(runNanos(numbers(Targets.NONE).maxEpochNanos))
                .as("or than the interval where nothing is asked")
                .isEqualTo(50 * MS, Assertions.within(2 * MICRO));
        assertThat(numbers(Targets.outputDelay(400 * MS)).maxEpochNanos).isEqualTo(MAX_NANOS);
        assertThat(numbers(Targets.NONE).readyWorkNanos).isLessThan(MAX_NANOS);
    }

    /** How long the guest runs in an epoch of that age, which counts from the start of the pause before it. */
    private double runNanos(double ageNanos) {
        double run = ageNanos;
        for (int i = 0; i < 200; i++) {
            run = ageNanos - LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, (long) run));
        }
        return run;
    }

    @Test
    void aSilentEpochIsNeverShorterThanTheBudgetAllows() {
        TestTalk.dirties(state);
        oftenBegins();
        LullNumbers numbers = numbers(overhead(0.08));

        assertThat(numbers.minEpochNanos).isGreaterThan(55 * MS);
        assertThat(numbers.maxEpochNanos).isGreaterThanOrEqualTo(numbers.minEpochNanos);
    }

    @Test
    void theOutputDelayIsPlannedWhereItIsAskedFor() {
        TestTalk.dirties(state);

        assertThat(numbers(Targets.outputDelay(20 * MS)).maxHeldNanos).isBetween(MS * 1.0, 20.0 * MS);
        assertThat(numbers(Targets.outputDelay(20 * MS)).fullEpochNanos).isLessThan(MAX_NANOS);
        assertThat(numbers(Targets.NONE).maxHeldNanos).isGreaterThan(1e18);
        assertThat(numbers(Targets.NONE).fullEpochNanos).isEqualTo(MAX_NANOS);
    }

    @Test
    void anEpochThatHeldNothingTellsNothingOfTheDelayNorDoesOneOfWhichNoneIsAsked() {
        LullPlanner.learn(state, TestTalk.releasing(report(), 0, 0), wanting(Targets.outputDelay(20 * MS)));
        LullPlanner.learn(state, TestTalk.releasing(report(), 5, 30 * MS), wanting(Targets.NONE));
        assertThat(state.trimNanos).isZero();

        LullPlanner.learn(state, TestTalk.releasing(report(), 5, 30 * MS), wanting(Targets.outputDelay(20 * MS)));
        assertThat(state.trimNanos).isPositive();
    }

    @Test
    void anEpochThatUsedMoreThanItsBudgetTellsSo() {
        LullPlanner.learn(state, report(), wanting(overhead(0.01)));

        assertThat(state.stretch).isGreaterThan(1);
    }

    @Test
    void saysOverheadAndBandwidthThatCanBeKeptWhereWhatIsAskedCanNot() {
        TestTalk.alwaysCosts(state, MS, 0, 1_000_000);
        Targets targets = new Targets(OptionalLong.empty(), OptionalDouble.of(0.001), OptionalLong.of(1_000_000));
        LullNumbers numbers = numbers(targets);

        assertThat(LullPlanner.words(numbers, MAX_NANOS))
                .contains("the overhead asked for can't be kept, about 1.0 % can")
                .contains("the bandwidth asked for can't be kept, about 9900990 B/s can")
                .contains("at most 100000 us")
                .doesNotContain("output");
    }
}
