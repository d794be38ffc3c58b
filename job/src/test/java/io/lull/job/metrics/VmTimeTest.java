package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.policy.signal.WindowMetrics;
import org.junit.jupiter.api.Test;

/** Whose time a VM's windows go by: its own while it sends, and that of the others while it is silent. */
class VmTimeTest {
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long HOUR_MILLIS = 3_600_000;

    private static void send(MetricsHarness harness, long offsetMillis) throws Exception {
        harness.live(Inbounds.of(Samples.busy(7, 4, (START_MILLIS + offsetMillis) * 1000)));
    }

    private static void report(MetricsHarness harness, long epoch, long offsetMillis) throws Exception {
        harness.live(Inbounds.of(Reports.report(epoch, (START_MILLIS + offsetMillis) * 1000, 1_000_000)));
    }

    private static long samplesOfLongestWindows(MetricsHarness harness) throws Exception {
        return harness.windows().stream()
                .filter(window -> window.windowNanos() == 10_000_000_000L)
                .flatMap(window -> window.load().stream())
                .mapToLong(WindowMetrics.Load::samples)
                .sum();
    }

    @Test
    void noSampleIsLateHoweverFarAheadTheOthersAre() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 60_000; t += 50) {
                harness.watermark(START_MILLIS + t + HOUR_MILLIS);
                send(harness, t);
            }
            harness.clock(START_MILLIS + 60_000 + HOUR_MILLIS);
            harness.silentUntil(START_MILLIS + 80_000 + HOUR_MILLIS);

            assertThat(harness.late()).isEmpty();
            assertThat(harness.counter("hurried")).isZero();
            assertThat(samplesOfLongestWindows(harness)).isEqualTo(1200);
        }
    }

    @Test
    void windowsCloseHoweverFarBehindTheOthersAre() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t <= 60_200; t += 50) {
                send(harness, t);
            }

            assertThat(samplesOfLongestWindows(harness)).isEqualTo(1200);
            assertThat(harness.counter("hurried")).isZero();
        }
    }

    @Test
    void aVmWhosePartitionIsReadLaterIsNotSilent() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            send(harness, 0);
            harness.watermark(START_MILLIS);
            harness.watermark(START_MILLIS + HOUR_MILLIS);
            send(harness, 10);

            assertThat(harness.late()).isEmpty();
        }
    }

    @Test
    void norIsOneWhoseJobIsSentNothingAndThenABacklog() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.watermark(START_MILLIS);
            send(harness, 0);
            harness.clock(START_MILLIS + HOUR_MILLIS);
            harness.watermark(START_MILLIS);
            harness.watermark(START_MILLIS + 10_000);
            send(harness, 10);

            assertThat(harness.late()).isEmpty();
        }
    }

    @Test
    void norIsOneThatSentWhileTheJobWasAway() throws Exception {
        try (MetricsHarness first = new MetricsHarness()) {
            first.watermark(START_MILLIS);
            send(first, 0);
            try (MetricsHarness next = new MetricsHarness(first.snapshot(), START_MILLIS + HOUR_MILLIS)) {
                next.watermark(START_MILLIS + HOUR_MILLIS);
                send(next, 10);

                assertThat(next.late()).isEmpty();
            }
        }
    }

    @Test
    void oneThatIsSilentWhileOthersGoOnIsWaitedForHalfASecond() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.watermark(START_MILLIS);
            send(harness, 0);
            harness.silentUntil(START_MILLIS + 599);
            send(harness, 99);
            harness.silentUntil(START_MILLIS + 599 + 501);
            send(harness, 98);

            assertThat(harness.late()).singleElement().satisfies(late -> assertThat(late.eventMillis())
                    .isEqualTo(START_MILLIS + 98));
        }
    }

    @Test
    void reportsThatComeLongBeforeTheirSamplesMakeNoneLate() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            send(harness, 0);
            for (int epoch = 1; epoch <= 40; epoch++) {
                report(harness, epoch, 25L * epoch);
            }
            for (int t = 10; t <= 1500; t += 10) {
                send(harness, t);
            }
            WindowMetrics second = harness.windows().stream()
                    .filter(window -> window.windowNanos() == 1_000_000_000)
                    .findFirst()
                    .orElseThrow();

            assertThat(harness.late()).isEmpty();
            assertThat(second.load().orElseThrow().samples()).isEqualTo(100);
            assertThat(harness.counter("early")).isPositive();
            assertThat(second.epochs().orElseThrow().epochs() + harness.counter("early"))
                    .as("those before 1 s, and the one at it")
                    .isBetween(39L, 40L);
        }
    }

    @Test
    void reportsOfAVmWithoutSamplesAreTakenAsTimeGoesOn() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.watermark(START_MILLIS);
            send(harness, 0);
            for (int epoch = 1; epoch <= 400; epoch++) {
                harness.silentUntil(START_MILLIS + 25L * epoch);
                report(harness, epoch, 25L * epoch);
            }

            assertThat(harness.counter("early")).isZero();
            assertThat(harness.late()).isEmpty();
            assertThat(harness.windows()).hasSizeGreaterThan(90);
        }
    }

    @Test
    void aClockThatWasAnHourAheadMakesNothingLateWhenItIsPutRight() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 2000; t += 10) {
                long appendedMillis = START_MILLIS + t;
                long claimedMillis = appendedMillis + (t < 1000 ? HOUR_MILLIS : 0);
                harness.live(Inbounds.appendedAt(appendedMillis, Samples.busy(7, 4, claimedMillis * 1000)));
            }
            harness.silentUntil(START_MILLIS + 10_600);

            assertThat(harness.late()).isEmpty();
            assertThat(samplesOfLongestWindows(harness)).isEqualTo(200);
        }
    }
}
