package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Targets;
import io.lull.policy.rival.TestEpoch;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.LineFit;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final double MICRO = 1_000;
    private static final double MAX_NANOS = 100 * MS;
    private static final Offset<Double> NEARLY = Assertions.within(1e-9);

    private final LullState state = new LullState();

    BudgetTest() {
        state.inForce.maxEpochNanos = MAX_NANOS;
    }

    private LullNumbers numbers(Targets targets) {
        LullNumbers numbers = new LullNumbers();
        numbers.maxEpochNanos = MAX_NANOS;
        Budget.plan(numbers, state, targets);
        return numbers;
    }

    private static Targets overhead(double ratio) {
        return new Targets(OptionalLong.empty(), OptionalDouble.of(ratio), OptionalLong.empty());
    }

    private static Targets bandwidth(long bytesPerSecond) {
        return new Targets(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.of(bytesPerSecond));
    }

    private static Targets both(double ratio, long bytesPerSecond) {
        return new Targets(OptionalLong.empty(), OptionalDouble.of(ratio), OptionalLong.of(bytesPerSecond));
    }

    /** An epoch of 9 ms with a pause of 1 ms: a tenth of a cycle of 10 ms. */
    private static EpochReport report(long shippedBytes) {
        EpochReport base = TestEpoch.report(9 * MS, MS, 2 * MS, 100);
        return new EpochReport(
                base.vm(),
                base.hostId(),
                base.epoch(),
                base.decisionId(),
                base.reason(),
                base.endedAtMicros(),
                base.lengthNanos(),
                base.pause(),
                base.pages(),
                List.of(),
                new EpochReport.Bytes(0, 0, shippedBytes, 0, 0),
                base.stages(),
                base.held(),
                base.trigger(),
                base.codec(),
                base.threads());
    }

    @Test
    void whereNothingIsAskedAnEpochMayBeAsShortAsItLikes() {
        TestTalk.alwaysCosts(state, 5 * MS, 5 * MS, 1_000_000);

        assertThat(numbers(Targets.NONE).minEpochNanos).isZero();
    }

    @Test
    void anEpochIsSoLongThatItsPauseKeepsToTheOverhead() {
        TestTalk.alwaysCosts(state, MS, 0, 0);
        LullNumbers numbers = numbers(overhead(0.1));

        assertThat(numbers.minEpochNanos).isEqualTo(9 * MS, Assertions.within(MICRO));
        assertThat(numbers.possibleOverheadRatio).as("it can be kept").isZero();
        state.stretch = 1.5;
        assertThat(numbers(overhead(0.1)).minEpochNanos).isEqualTo(13.5 * MS, Assertions.within(2 * MICRO));
    }

    @Test
    void thePauseIsThatOfThePagesWhichTheEpochWillHave() {
        TestTalk.dirties(state);
        double shortNanos = numbers(overhead(0.2)).minEpochNanos;
        double pages = DirtyCurve.pagesAt(state.dirty, (long) shortNanos);
        double pauseNanos = LineFit.at(state.pause, pages);

        assertThat(pauseNanos / (shortNanos + pauseNanos)).isEqualTo(0.2, Assertions.within(0.001));
    }

    @Test
    void anEpochIsSoLongThatWhatItShipsKeepsToTheBandwidth() {
        TestTalk.alwaysCosts(state, 0, 0, 1_000_000);
        LullNumbers numbers = numbers(bandwidth(100_000_000));

        assertThat(numbers.minEpochNanos).isEqualTo(10 * MS, Assertions.within(MICRO));
        assertThat(numbers.possibleBytesPerSecond).as("it can be kept").isZero();
    }

    @Test
    void theStricterOfTwoTargetsDecides() {
        TestTalk.alwaysCosts(state, MS, 0, 1_000_000);

        assertThat(numbers(both(0.1, 50_000_000)).minEpochNanos)
                .as("20 ms a cycle, 1 ms of them a pause")
                .isEqualTo(19 * MS, Assertions.within(MICRO));
        assertThat(numbers(both(0.02, 50_000_000)).minEpochNanos)
                .as("1 ms of 50")
                .isEqualTo(49 * MS, Assertions.within(MICRO));
    }

    @Test
    void whatNotEvenTheLongestEpochKeepsIsSaidWithWhatItDoes() {
        TestTalk.alwaysCosts(state, MS, 0, 1_000_000);
        LullNumbers numbers = numbers(both(0.001, 1_000_000));

        assertThat(numbers.minEpochNanos).isEqualTo(MAX_NANOS);
        assertThat(numbers.possibleOverheadRatio).isEqualTo(1.0 / 101, NEARLY);
        assertThat(numbers.possibleBytesPerSecond).isEqualTo(1e6 / 0.101, Assertions.within(1.0));
    }

    @Test
    void whatCouldNotBeKeptOnceIsNotSaidForEver() {
        TestTalk.alwaysCosts(state, MS, 0, 1_000_000);
        LullNumbers numbers = numbers(both(0.001, 1_000_000));
        Budget.plan(numbers, state, Targets.NONE);

        assertThat(numbers.possibleOverheadRatio).isZero();
        assertThat(numbers.possibleBytesPerSecond).isZero();
        assertThat(numbers.minEpochNanos).isZero();
    }

    @Test
    void theLongestEpochIsTheLongestHoweverMuchItIsStretched() {
        TestTalk.alwaysCosts(state, MS, 0, 0);
        state.stretch = 4;

        assertThat(numbers(overhead(0.02)).minEpochNanos).isEqualTo(MAX_NANOS);
    }

    @Test
    void epochsAreStretchedWhileMoreIsUsedThanAskedAndByAFiftiethAtMost() {
        Budget.learn(state, report(0), overhead(0.08));
        assertThat(state.stretch).as("a quarter too much").isEqualTo(1 + 0.25 * 0.02, NEARLY);

        state.stretch = 1;
        Budget.learn(state, report(0), overhead(0.001));
        assertThat(state.stretch).as("a hundred times too much").isEqualTo(1.02, NEARLY);
    }

    @Test
    void theStretchGoesBackToOneAndNoFurther() {
        state.stretch = 2;
        Budget.learn(state, report(0), overhead(0.2));
        assertThat(state.stretch).as("half of what is asked").isEqualTo(2 * (1 - 0.5 * 0.02), NEARLY);

        for (int i = 0; i < 1_000; i++) {
            Budget.learn(state, report(0), overhead(0.2));
        }
        assertThat(state.stretch).isEqualTo(1);
    }

    @Test
    void theStretchIsFourAtMost() {
        for (int i = 0; i < 1_000; i++) {
            Budget.learn(state, report(0), overhead(0.001));
        }

        assertThat(state.stretch).isEqualTo(4);
    }

    @Test
    void theStricterOfTwoTargetsStretches() {
        // 1 MB in 10 ms are 100 MB/s.
        Budget.learn(state, report(1_000_000), both(0.2, 80_000_000));
        assertThat(state.stretch).as("bandwidth").isEqualTo(1 + 0.25 * 0.02, NEARLY);

        state.stretch = 1;
        Budget.learn(state, report(1_000_000), both(0.08, 200_000_000));
        assertThat(state.stretch).as("overhead").isEqualTo(1 + 0.25 * 0.02, NEARLY);
    }

    @Test
    void whereNothingIsAskedNothingIsStretched() {
        state.stretch = 2;
        Budget.learn(state, report(1_000_000), Targets.NONE);

        assertThat(state.stretch).isEqualTo(2);
    }

    @Test
    void whereTheLongestEpochIsTheShortestTooTheStretchDoesNotGrow() {
        state.inForce.minEpochNanos = MAX_NANOS;
        Budget.learn(state, report(0), overhead(0.001));
        assertThat(state.stretch).isEqualTo(1);

        state.stretch = 2;
        Budget.learn(state, report(0), overhead(0.2));
        assertThat(state.stretch).as("but it shrinks").isLessThan(2);
    }
}
