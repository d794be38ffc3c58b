package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.rival.Candidate;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator against the first measurements of idle slots: output held, stop and continue, commit at once. */
class IdleSlotMeasurementsTest {
    private static final Percentage A_QUARTER = Percentage.withPercentage(25);
    private static final Candidate FIXED = Runs.fixed(25 * Runs.MILLI);
    private static final Candidate IDLE_SLOTS = Runs.idleSlots(25 * Runs.MILLI);

    @ParameterizedTest
    @CsvSource({"1, 35", "4, 128", "10, 298"})
    void redisAtAFixedIntervalAnswersAsMeasured(int clients, double perSecond) {
        assertThat(run(PublishedWorkloads.redis(clients), FIXED).requestsPerSecond())
                .isCloseTo(perSecond, A_QUARTER);
    }

    @Test
    void fiftyClientsOfRedisAtAFixedIntervalAnswerAsWithHeldOutputAndStopAndContinue() {
        // 1,740 and 1,965 in two runs of that; the run beside the idle slots gave 855, which with 3,297 in idle slots
        // no guest of one speed can do: 855 leaves 1.2 ms a request, 3,297 at most 0.3 ms.
        assertThat(run(PublishedWorkloads.redis(50), FIXED).requestsPerSecond()).isBetween(1_740.0, 1_965.0);
    }

    /**
     * Why 855 is not tested above: whatever a request takes, a guest that is within a quarter of one of the two figures
     * is beyond a quarter of the other.
     */
    @Test
    void noGuestOfOneSpeedDoesBothThatWereMeasuredWithFiftyClients() {
        int slowEnough = 0;
        int fastEnough = 0;
        for (long serviceNanos = 50_000; serviceNanos <= 2_000_000; serviceNanos += serviceNanos / 4) {
            Workload redis = PublishedWorkloads.redis(50, serviceNanos);
            double fixed = run(redis, FIXED, 5).requestsPerSecond();
            double idle = run(redis, IDLE_SLOTS, 5).requestsPerSecond();
            boolean isFixed = Math.abs(fixed - 855) <= 0.25 * 855;
            boolean isIdle = Math.abs(idle - 3_297) <= 0.25 * 3_297;
            slowEnough += isFixed ? 1 : 0;
            fastEnough += isIdle ? 1 : 0;
            assertThat(isFixed && isIdle)
                    .as("%d ns a request: %.0f and %.0f a second", serviceNanos, fixed, idle)
                    .isFalse();
        }
        assertThat(slowEnough).isPositive();
        assertThat(fastEnough).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"1, 141", "4, 410", "10, 1305", "50, 3297"})
    void redisInIdleSlotsAnswersAsMeasured(int clients, double perSecond) {
        assertThat(run(PublishedWorkloads.redis(clients), IDLE_SLOTS).requestsPerSecond())
                .isCloseTo(perSecond, A_QUARTER);
    }

    @Test
    void hundredKilobytesOfNginxComeAsMeasured() {
        Workload workload = PublishedWorkloads.nginxHundredKilobytes();

        assertThat(run(workload, FIXED).requestsPerSecond()).isCloseTo(38, A_QUARTER);
        assertThat(run(workload, IDLE_SLOTS).requestsPerSecond()).isCloseTo(234, A_QUARTER);
    }

    @Test
    void aDownloadIsAsFastAsMeasured() {
        Workload workload = PublishedWorkloads.nginxDownload();

        assertThat(run(workload, FIXED).transferredBytesPerSecond()).isCloseTo(5.6e6, A_QUARTER);
        assertThat(run(workload, IDLE_SLOTS).transferredBytesPerSecond()).isCloseTo(52e6, A_QUARTER);
    }

    @Test
    void theGuestsTimersBreakIdleStretches() {
        Workload ticking = PublishedWorkloads.redis(4);
        Workload still = new Workload(
                "redis-4 without timers", 1, ticking.activities(), ticking.dirty(), 0, 0, ticking.signals());

        double broken = run(ticking, IDLE_SLOTS).requestsPerSecond();
        double whole = run(still, IDLE_SLOTS).requestsPerSecond();

        assertThat(whole).isGreaterThan(1.03 * broken);
    }

    private static RunResult run(Workload workload, Candidate candidate) {
        return run(workload, candidate, 20);
    }

    private static RunResult run(Workload workload, Candidate candidate, long seconds) {
        return Simulation.run(
                workload, CostModel.stopAndContinue(), candidate, Runs.halfMilliTicks(seconds), Runs.SEED);
    }
}
