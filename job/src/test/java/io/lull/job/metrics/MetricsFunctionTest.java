package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.policy.signal.WindowMetrics;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

class MetricsFunctionTest {
    /** A whole ten seconds, so that all windows begin here. */
    private static final long START_MILLIS = 1_700_000_000_000L;

    private static final long MILLION = 1_000_000;

    private static long micros(long offsetMillis) {
        return (START_MILLIS + offsetMillis) * 1000;
    }

    private static List<WindowMetrics> ofLength(List<WindowMetrics> windows, long millis) {
        return windows.stream()
                .filter(window -> window.windowNanos() == millis * MILLION)
                .toList();
    }

    @Test
    void sumsUpOneWindowOfEachLength() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 100; t++) {
                harness.send(Inbounds.of(Samples.busy(7, 4 + t, micros(t))));
            }
            harness.send(Inbounds.of(Reports.report(7, micros(50), 2 * MILLION)));
            harness.send(Inbounds.of(Reports.report(8, micros(75), 4 * MILLION)));
            harness.send(Inbounds.of(Reports.report(9, micros(80), 9 * MILLION)));
            harness.watermark(START_MILLIS + 10_000);
            List<WindowMetrics> windows = harness.windows();

            assertThat(windows)
                    .extracting(WindowMetrics::windowNanos)
                    .containsExactly(100 * MILLION, 1000 * MILLION, 10_000 * MILLION);
            assertThat(windows).allSatisfy(window -> {
                assertThat(window.windowStartMicros()).isEqualTo(micros(0));
                assertThat(window.samples()).isEqualTo(100);
                assertThat(window.epochs()).isEqualTo(3);
                assertThat(window.busyRatio()).isEqualTo(1, within(1e-9));
                assertThat(window.pauseP50Nanos()).isEqualTo(4 * MILLION);
                assertThat(window.pauseMaxNanos()).isEqualTo(9 * MILLION);
                assertThat(window.commitP50Nanos()).isEqualTo(MILLION);
                assertThat(window.heldBytesMax()).isEqualTo(300);
            });
            WindowMetrics pane = windows.get(0);
            assertThat(pane.txPacketsPerSecond()).isEqualTo(2000, within(1e-6));
            assertThat(pane.dirtyPagesPerSecond()).isEqualTo(10_000, within(1e-6));
            assertThat(windows.get(1).txPacketsPerSecond()).isEqualTo(200, within(1e-6));
            assertThat(pane.epochsPerSecond()).isEqualTo(30, within(1e-6));
            assertThat(pane.shippedBytesPerSecond()).isEqualTo(90_000, within(1e-6));
        }
    }

    @Test
    void countsIdleSlotsAndTheirShare() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 100; t++) {
                boolean idle = t >= 10 && t < 30 || t >= 50 && t < 60;
                harness.send(Inbounds.of(idle ? Samples.idle(7, 4 + t, micros(t)) : Samples.busy(7, 4 + t, micros(t))));
            }
            harness.watermark(START_MILLIS + 100);
            WindowMetrics pane = harness.windows().get(0);

            assertThat(pane.idleSlots()).isEqualTo(2);
            assertThat(pane.idleShareRatio()).isEqualTo(0.30, within(1e-9));
            assertThat(pane.busyRatio()).isEqualTo(0.70, within(1e-9));
        }
    }

    @Test
    void theSharedPanesAddUpToTheLongerWindows() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 20_000; t += 10) {
                harness.send(Inbounds.of(Samples.busy(7, 4, micros(t))));
                harness.watermark(START_MILLIS + t - 200);
            }
            harness.watermark(START_MILLIS + 20_000);
            List<WindowMetrics> windows = harness.windows();

            assertThat(ofLength(windows, 100)).hasSize(200).allMatch(window -> window.samples() == 10);
            assertThat(ofLength(windows, 1000)).hasSize(20).allMatch(window -> window.samples() == 100);
            assertThat(ofLength(windows, 10_000)).hasSize(2).allMatch(window -> window.samples() == 1000);
            assertThat(harness.timers()).isZero();
        }
    }

    @Test
    void takesRecordsOutOfOrderAndCountsLateOnes() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.send(Inbounds.of(Samples.busy(7, 4, micros(350))));
            harness.send(Inbounds.of(Samples.busy(7, 4, micros(150))));
            harness.watermark(START_MILLIS + 199);
            harness.send(Inbounds.of(Samples.busy(7, 4, micros(160))));
            harness.watermark(START_MILLIS + 1000);

            assertThat(ofLength(harness.windows(), 100))
                    .extracting(WindowMetrics::windowStartMicros)
                    .containsExactly(micros(100), micros(300));
            assertThat(harness.late()).hasSize(1);
            assertThat(harness.late().get(0).headers()).containsEntry("reason", "too late for its windows");
        }
    }

    @Test
    void losesNoRecordWhenTheWatermarkHangsBehind() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 60_000; t += 50) {
                harness.send(Inbounds.of(Samples.busy(7, 4, micros(t))));
            }
            harness.watermark(START_MILLIS + 60_000);
            List<WindowMetrics> windows = harness.windows();

            assertThat(ofLength(windows, 10_000).stream()
                            .mapToLong(WindowMetrics::samples)
                            .sum())
                    .isEqualTo(1200);
            assertThat(harness.late()).isEmpty();
        }
    }

    @Test
    void passesOverYearsOfSilenceAtOnce() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.send(Inbounds.of(Samples.busy(7, 4, 0)));
            harness.send(Inbounds.of(Samples.busy(7, 4, micros(0))));
            harness.watermark(START_MILLIS + 10_000);

            assertThat(ofLength(harness.windows(), 10_000))
                    .extracting(WindowMetrics::windowStartMicros)
                    .containsExactly(0L, micros(0));
        }
    }

    @Test
    void goesOnFromAFlinkCheckpoint() throws Exception {
        OperatorSubtaskState snapshot;
        try (MetricsHarness first = new MetricsHarness()) {
            first.send(Inbounds.of(Samples.busy(7, 4, micros(10))));
            first.send(Inbounds.of(Reports.report(7, micros(10), MILLION)));
            snapshot = first.snapshot();
        }
        try (MetricsHarness second = new MetricsHarness(snapshot)) {
            second.send(Inbounds.of(Samples.busy(7, 4, micros(20))));
            second.watermark(START_MILLIS + 100);
            WindowMetrics pane = second.windows().get(0);

            assertThat(pane.samples()).isEqualTo(2);
            assertThat(pane.pauseMaxNanos()).isEqualTo(MILLION);
        }
    }
}
