package io.lull.policy.lull;

import static io.lull.policy.lull.TestTalk.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.LineFit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final double LEAST_NANOS = 10 * MS;
    private static final double MOST_NANOS = 400 * MS;
    private static final double SECOND = 1e9;

    private final LullState state = new LullState();

    ReadinessTest() {
        TestTalk.dirties(state);
    }

    private double epochNanos() {
        return Readiness.epochNanos(state, LEAST_NANOS, MOST_NANOS);
    }

    /** Of the last 10 s, 2 s were conversations that began so often; the VM was so busy in the other 8 s. */
    private void begins(double beginnings, double busyRatio) {
        state.silence.beginnings = beginnings;
        state.silence.talkNanos = 2 * SECOND;
        state.silence.silentNanos = 8 * SECOND;
        state.silence.busyNanos = busyRatio * state.silence.silentNanos;
    }

    /** Clients of which so many of ten react. */
    private void react(int ofTen) {
        state.reaction.nanos = SECOND;
        state.reaction.arrivals = 10;
        state.reaction.waitingNanos = SECOND;
        state.reaction.waitingArrivals = 10 - ofTen;
    }

    private double loss(double runNanos, double beginnings, double busyRatio) {
        double pages = DirtyCurve.pagesAt(state.dirty, (long) runNanos);
        double pauseNanos = LineFit.at(state.pause, pages);
        double halfPages = DirtyCurve.pagesAt(state.dirty, (long) (runNanos / 2));
        double worth = Math.min(1, Readiness.BACKGROUND_GAIN * busyRatio);
        return 0.8 * worth * pauseNanos / (runNanos + pauseNanos)
                + beginnings / (2 * SECOND) * LineFit.at(state.commit, halfPages);
    }

    @Test
    void whereNoConversationEverBeganThereIsNothingToBeReadyFor() {
        begins(0, 1);
        assertThat(epochNanos()).isEqualTo(MOST_NANOS);
        assertThat(Readiness.workNanos(state, MOST_NANOS)).isEqualTo(Readiness.NEVER);

        begins(0.4, 0);
        state.silence.talkNanos = 20 * MS;
        assertThat(epochNanos()).as("it is almost forgotten").isEqualTo(MOST_NANOS);
        assertThat(Readiness.workNanos(state, MOST_NANOS)).isEqualTo(Readiness.NEVER);
    }

    @Test
    void aSilentEpochGrowsToTheLengthWithTheLeastLoss() {
        for (double beginnings : new double[] {15, 20, 30, 40}) {
            begins(beginnings, 0.2);
            double least = Double.MAX_VALUE;
            for (double run = LEAST_NANOS; run <= MOST_NANOS; run *= 1.005) {
                least = Math.min(least, loss(run, beginnings, 0.2));
            }
            double runNanos = runNanos(epochNanos());

            assertThat(runNanos).isBetween(1.2 * LEAST_NANOS, 0.8 * MOST_NANOS);
            assertThat(loss(runNanos, beginnings, 0.2))
                    .as("%s beginnings, %s ms", beginnings, runNanos / MS)
                    .isBetween(0.999 * least, 1.003 * least);
        }
    }

    /** How long the guest runs in an epoch of that age, which counts from the start of the pause before it. */
    private double runNanos(double ageNanos) {
        double low = 0;
        double high = ageNanos;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            double pauseNanos = LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, (long) middle));
            if (middle + pauseNanos < ageNanos) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Test
    void theOftenerConversationsBeginTheShorterItIs() {
        begins(5, 0.2);
        double seldom = epochNanos();
        begins(50, 0.2);
        double often = epochNanos();
        begins(1e6, 0.2);

        assertThat(often).isLessThan(0.7 * seldom);
        double pauseNanos = LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, (long) LEAST_NANOS));
        assertThat(epochNanos())
                .as("the shortest, counted from the start of the pause before")
                .isEqualTo(LEAST_NANOS + pauseNanos, Assertions.within(1.0));
    }

    @Test
    void theMoreGoesOnInSilencesTheLongerItIs() {
        begins(20, 0.05);
        double little = epochNanos();
        begins(20, 0.2);
        double more = epochNanos();
        begins(20, 0.5);
        double much = epochNanos();
        begins(20, 1);

        assertThat(more).isGreaterThan(1.2 * little);
        assertThat(much).isGreaterThan(more);
        assertThat(epochNanos()).as("more than a quarter is as good as all").isEqualTo(much);
    }

    @Test
    void aGuestThatIsSilentForAPartOfTheTimeOnlyLosesLessByGettingReady() {
        begins(20, 0.2);
        double mostly = epochNanos();
        state.silence.silentNanos = 0.1 * SECOND;
        state.silence.busyNanos = 0.2 * state.silence.silentNanos;

        assertThat(epochNanos()).isLessThan(0.8 * mostly);
    }

    @Test
    void forClientsThatDoNotReactNoPauseIsMade() {
        begins(50, 0.2);
        react(10);
        double all = epochNanos();
        react(3);
        double some = epochNanos();
        react(0);

        assertThat(some).isGreaterThan(1.2 * all);
        assertThat(epochNanos()).isEqualTo(MOST_NANOS);
    }

    @Test
    void isNeverLongerThanTheLongest() {
        begins(1e6, 0.2);

        assertThat(Readiness.epochNanos(state, 100 * MS, 100 * MS)).isEqualTo(100 * MS);
        assertThat(Readiness.epochNanos(state, 300 * MS, 100 * MS)).isEqualTo(100 * MS);
        assertThat(Readiness.epochNanos(state, 99 * MS, 100 * MS)).isEqualTo(100 * MS);
    }

    @Test
    void aRestIsWorthACheckpointOnceTheCommitWouldTakeTwiceAsLongAsAfterAMillisecond() {
        begins(20, 1);
        double workNanos = Readiness.workNanos(state, MOST_NANOS);

        assertThat(commitNanos(workNanos)).isCloseTo(2 * commitNanos(MS), Assertions.withinPercentage(0.1));
    }

    @Test
    void thatIsWorkOfASilenceAndNotTime() {
        begins(20, 1);
        double all = Readiness.workNanos(state, MOST_NANOS);
        begins(20, 0.5);
        assertThat(Readiness.workNanos(state, MOST_NANOS)).isCloseTo(0.5 * all, Assertions.withinPercentage(0.1));

        begins(20, 0);
        assertThat(Readiness.workNanos(state, MOST_NANOS))
                .as("some work there always is")
                .isCloseTo(0.05 * all, Assertions.withinPercentage(0.1));
    }

    @Test
    void aCommitThatHardlyGrowsIsNotHurriedBeforeTheLongestEpoch() {
        TestTalk.alwaysCosts(state, MS, 2 * MS, 0);
        begins(20, 1);

        assertThat(Readiness.workNanos(state, MOST_NANOS)).isEqualTo(MOST_NANOS);
    }

    private double commitNanos(double epochNanos) {
        return LineFit.at(state.commit, DirtyCurve.pagesAt(state.dirty, (long) epochNanos));
    }
}
