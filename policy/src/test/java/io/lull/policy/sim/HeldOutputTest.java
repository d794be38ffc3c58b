package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from holding output until a commit, whatever the guest is. */
class HeldOutputTest {
    private static final DirtyModel PAGES = new PowerLawDirty(40, 200, 0.35, 60_000);
    private static final int WINDOW = 256 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 10, 50, 100})
    void aClosedLoopGetsOneAnswerPerClientAndInterval(int clients) {
        Workload workload = Workload.of("closed", 1, PAGES, Requests.closedLoop(clients, 1, 90_000));

        RunResult result =
                Simulation.run(workload, CostModel.kvm(), Runs.fixed(25 * Runs.MILLI), Runs.seconds(20), Runs.SEED);

        assertThat(result.requestsPerSecond()).isCloseTo(clients / 0.025, Percentage.withPercentage(2));
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 25, 50, 100})
    void randomOutputWaitsForHalfAnIntervalAndTheCommit(long intervalMillis) {
        Requests messages = Requests.openLoop(500, 20, 4, 20_000).published(1);
        Workload workload = Workload.of("poisson", 4, PAGES, messages);

        RunResult result = Simulation.run(
                workload, CostModel.kvm(), Runs.fixed(intervalMillis * Runs.MILLI), Runs.seconds(60), Runs.SEED);

        double interval = Runs.SECOND / result.checkpointsPerSecond();
        double commit = result.epochs().stream()
                .mapToLong(EpochPoint::commitNanos)
                .average()
                .orElseThrow();
        assertThat(interval).isCloseTo((double) (intervalMillis * Runs.MILLI), Percentage.withPercentage(3));
        assertThat(Runs.meanNanos(result.outputDelay())).isCloseTo(interval / 2 + commit, Percentage.withPercentage(3));
    }

    @ParameterizedTest
    @CsvSource({"1, 5, 200", "1, 25, 200", "1, 100, 200", "4, 25, 200", "1, 25, 20000", "4, 50, 60000"})
    void aFlowMovesNoMoreThanItsWindowPerRoundTripAndHold(int flows, long intervalMillis, long roundTripMicros) {
        Bulk download = new Bulk(Schedule.ALWAYS, flows, true, WINDOW, 14_600, 2_000, roundTripMicros * 1_000);
        Workload workload = Workload.of("download", 2, PAGES, download);

        RunResult result = Simulation.run(
                workload, CostModel.kvm(), Runs.fixed(intervalMillis * Runs.MILLI), Runs.seconds(20), Runs.SEED);

        double holdNanos = Runs.meanNanos(result.outputDelay());
        double most = flows * WINDOW * (double) Runs.SECOND / (download.roundTripNanos() + holdNanos);
        assertThat(result.transferredBytesPerSecond()).isBetween(0.9 * most, 1.01 * most);
    }
}
