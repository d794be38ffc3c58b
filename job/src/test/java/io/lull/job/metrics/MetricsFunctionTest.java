package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.Inbound;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each part of a window says; that all of it is right on any stream is shown against brute force elsewhere. */
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

    private static long samples(WindowMetrics window) {
        return window.load().map(WindowMetrics.Load::samples).orElse(0L);
    }

    private static WindowMetrics.IdleSlots idle(WindowMetrics window) {
        return window.load().orElseThrow().idle();
    }

    @Test
    void sumsUpOneWindowOfEachLength() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 100; t++) {
                harness.live(Inbounds.of(Samples.busy(7, 4 + t, micros(t))));
            }
            harness.live(Inbounds.of(Reports.report(7, micros(50), 2 * MILLION)));
            harness.live(Inbounds.of(Reports.report(8, micros(75), 4 * MILLION)));
            harness.live(Inbounds.of(Reports.report(9, micros(80), 9 * MILLION)));
            harness.silentUntil(START_MILLIS + 10_600);
            List<WindowMetrics> windows = harness.windows();

            assertThat(windows)
                    .extracting(WindowMetrics::windowNanos)
                    .containsExactly(100 * MILLION, 1000 * MILLION, 10_000 * MILLION);
            assertThat(windows).allSatisfy(window -> {
                WindowMetrics.Load load = window.load().orElseThrow();
                WindowEpochs epochs = window.epochs().orElseThrow();
                assertThat(window.windowStartMicros()).isEqualTo(micros(0));
                assertThat(load.samples()).isEqualTo(100);
                assertThat(load.busyRatio()).isEqualTo(1, within(1e-9));
                assertThat(load.peaks().heldBytesMax()).isEqualTo(300);
                assertThat(epochs.epochs()).isEqualTo(3);
                assertThat(epochs.pause().p50Nanos()).isCloseTo(4 * MILLION, within(MILLION / 8));
                assertThat(epochs.pause().maxNanos()).isEqualTo(9 * MILLION);
                assertThat(epochs.commit().p50Nanos()).isCloseTo(MILLION, within(MILLION / 32));
                assertThat(epochs.release().orElseThrow().byReason()).containsOnly(entry(TriggerReason.INTERVAL, 3));
                assertThat(epochs.coding().orElseThrow().wireBytesPerPage()).isEqualTo(750, within(1e-9));
                assertThat(window.dirtyFit().orElseThrow().pagesAtOneMilli()).isPositive();
            });
            WindowMetrics pane = windows.get(0);
            assertThat(pane.load().orElseThrow().rates().txPacketsPerSecond()).isEqualTo(2000, within(1e-6));
            assertThat(pane.dirtying().orElseThrow())
                    .isEqualTo(new WindowMetrics.Dirtying(DirtySource.KVM_STATS, 10_000, List.of(10_000.0), 1));
            assertThat(windows.get(1).load().orElseThrow().rates().txPacketsPerSecond())
                    .isEqualTo(200, within(1e-6));
            assertThat(pane.epochs().orElseThrow().shippedBytesPerSecond()).isEqualTo(90_000, within(1e-6));
        }
    }

    private static java.util.Map.Entry<TriggerReason, Long> entry(TriggerReason reason, long epochs) {
        return java.util.Map.entry(reason, epochs);
    }

    @Test
    void leavesOutWhatNothingInTheWindowSays() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(10))));
            harness.live(Inbounds.of(Reports.report(7, micros(150), MILLION)));
            harness.silentUntil(START_MILLIS + 950);
            List<WindowMetrics> panes = harness.windows();

            assertThat(panes).hasSize(2);
            assertThat(panes.get(0).epochs()).isEmpty();
            assertThat(panes.get(0).dirtyFit()).as("no report so far").isEmpty();
            assertThat(panes.get(0).link()).as("no sample knows the link").isEmpty();
            assertThat(idle(panes.get(0)).times().orElseThrow().meanNanos()).isEmpty();
            assertThat(panes.get(1).load()).isEmpty();
            assertThat(panes.get(1).dirtying()).isEmpty();
            assertThat(panes.get(1).dirtyFit()).isPresent();
        }
    }

    @Test
    void measuresIdleSlots() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 200; t++) {
                boolean idle = (t >= 10 && t < 30) || (t >= 90 && t < 105);
                harness.live(Inbounds.of(idle ? Samples.idle(7, 4 + t, micros(t)) : Samples.busy(7, 4 + t, micros(t))));
            }
            harness.silentUntil(START_MILLIS + 1600);
            List<WindowMetrics> windows = harness.windows();

            WindowMetrics.IdleSlots first = idle(windows.get(0));
            assertThat(first.slots()).isEqualTo(2);
            assertThat(first.shareRatio()).isEqualTo(0.30, within(1e-9));
            assertThat(first.times().orElseThrow().endedSlots()).isEqualTo(1);
            assertThat(first.times().orElseThrow().meanNanos()).hasValue(20 * MILLION);
            assertThat(first.times().orElseThrow().longestNanos()).isEqualTo(20 * MILLION);
            assertThat(first.times().orElseThrow().meanOnsetNanos()).hasValue((14 + 94) / 2 * MILLION);
            WindowMetrics.IdleSlots second = idle(windows.get(1));
            assertThat(second.slots()).as("it began in the window before").isZero();
            assertThat(second.times().orElseThrow().longestNanos()).isEqualTo(15 * MILLION);
            assertThat(second.times().orElseThrow().meanNanos()).hasValue(15 * MILLION);
            assertThat(idle(windows.get(2)).slots()).isEqualTo(2);
            assertThat(idle(windows.get(2)).shareRatio()).isEqualTo(0.035, within(1e-9));
        }
    }

    @Test
    void findsIdleSlotsInTheOrderOfTimeHoweverSamplesCome() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t : new int[] {10, 12, 11, 14, 13, 15}) {
                VmSample sample = t == 13 ? Samples.busy(7, 4 + t, micros(t)) : Samples.idle(7, 4 + t, micros(t));
                harness.live(Inbounds.of(sample));
            }
            harness.silentUntil(START_MILLIS + 700);

            WindowMetrics.IdleSlots slots = idle(harness.windows().get(0));
            assertThat(slots.slots()).isEqualTo(2);
            assertThat(slots.times().orElseThrow().longestNanos()).isEqualTo(3 * MILLION);
        }
    }

    @Test
    void learnsHowBusyAVmLooksWhenItDoesNothing() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            OtherSamples noise = new OtherSamples(0.12);
            for (int t = 0; t < 600; t++) {
                harness.live(Inbounds.of(noise.sample(7, 4 + t, micros(t))));
            }
            harness.silentUntil(START_MILLIS + 1600);
            List<WindowMetrics> panes = ofLength(harness.windows(), 100);

            assertThat(idle(panes.get(0)).shareRatio()).as("12 % looks busy").isZero();
            assertThat(idle(panes.get(5)).shareRatio()).as("12 % is its floor").isEqualTo(1, within(0.02));
        }
    }

    @Test
    void theSharedPanesAddUpToTheLongerWindows() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 20_000; t += 10) {
                harness.live(Inbounds.of(Samples.busy(7, 4, micros(t))));
            }
            harness.silentUntil(START_MILLIS + 20_600);
            List<WindowMetrics> windows = harness.windows();

            assertThat(ofLength(windows, 100)).hasSize(200).allMatch(window -> samples(window) == 10);
            assertThat(ofLength(windows, 1000)).hasSize(20).allMatch(window -> samples(window) == 100);
            assertThat(ofLength(windows, 10_000)).hasSize(2).allMatch(window -> samples(window) == 1000);
        }
    }

    @Test
    void takesRecordsOutOfOrderAndCountsLateOnes() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(320))));
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(150))));
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(400))));
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(160))));
            harness.silentUntil(START_MILLIS + 1600);

            assertThat(ofLength(harness.windows(), 100))
                    .extracting(WindowMetrics::windowStartMicros)
                    .containsExactly(micros(100), micros(300), micros(400));
            assertThat(ofLength(harness.windows(), 1000)).allMatch(window -> samples(window) == 3);
            assertThat(harness.late())
                    .singleElement()
                    .extracting(Inbound::claimedMillis)
                    .isEqualTo(START_MILLIS + 160);
            assertThat(harness.counter("late")).isEqualTo(1);
        }
    }

    @Test
    void countsARepeatedRecordOnce() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int i = 0; i < 3; i++) {
                harness.live(Inbounds.of(Samples.busy(7, 4, micros(10))));
                harness.live(Inbounds.of(Samples.busy(7, 4, micros(12))));
                harness.live(Inbounds.of(Reports.report(7, micros(10), MILLION)));
                harness.live(Inbounds.of(Reports.report(8, micros(10), MILLION)));
            }
            harness.silentUntil(START_MILLIS + 700);
            WindowMetrics pane = harness.windows().get(0);

            assertThat(samples(pane)).isEqualTo(2);
            assertThat(pane.epochs().orElseThrow().epochs()).isEqualTo(2);
            assertThat(harness.counter("repeated")).isEqualTo(8);
            assertThat(harness.late()).isEmpty();
        }
    }

    @Test
    void countsTwoHostsSamplesOfOneMomentBoth() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            VmSample here = Samples.busy(7, 4, micros(10));
            harness.live(Inbounds.of(here));
            harness.live(Inbounds.of(OtherSamples.on("host-2", here)));
            harness.silentUntil(START_MILLIS + 700);

            assertThat(samples(harness.windows().get(0))).isEqualTo(2);
        }
    }

    @Test
    void refusesMoreSamplesThanThereIsRoomForAndGoesOn() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int i = 0; i < 5000; i++) {
                harness.live(Inbounds.of(Samples.busy(7, 4, micros(0) + 10L * i)));
            }
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(110))));
            harness.silentUntil(START_MILLIS + 800);
            List<WindowMetrics> panes = harness.windows();

            assertThat(harness.counter("crowded")).isPositive();
            assertThat(samples(panes.get(0)) + harness.counter("crowded")).isEqualTo(5000);
            assertThat(samples(panes.get(0))).isGreaterThan(400);
            assertThat(samples(panes.get(1))).isEqualTo(1);
        }
    }

    @Test
    void passesOverYearsOfSilenceAtOnce() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.live(Inbounds.of(Samples.busy(7, 4, 0)));
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(0))));
            harness.silentUntil(START_MILLIS + 10_600);

            assertThat(ofLength(harness.windows(), 10_000))
                    .extracting(WindowMetrics::windowStartMicros)
                    .containsExactly(0L, micros(0));
        }
    }

    @Test
    void keepsOneTimerAVmAndClosesTheWindowsOfASilentOne() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int t = 0; t < 500; t++) {
                harness.live(Inbounds.of(Samples.busy(7, 4, micros(t))));
                harness.watermark(START_MILLIS + t - 200);
                assertThat(harness.timers()).isEqualTo(1);
            }
            harness.silentUntil(START_MILLIS + 1100);
            assertThat(ofLength(harness.windows(), 100)).hasSize(5);
            harness.silentUntil(START_MILLIS + 1600);
            assertThat(ofLength(harness.windows(), 1000)).hasSize(1);
            harness.silentUntil(START_MILLIS + 10_600);
            assertThat(ofLength(harness.windows(), 10_000)).hasSize(1);
            assertThat(harness.timers()).isEqualTo(1);
        }
    }

    @Test
    void doesNotCloseTheWindowsOfAllVmsInOneBurst() throws Exception {
        int vms = 1000;
        try (MetricsHarness harness = new MetricsHarness()) {
            for (int i = 0; i < vms; i++) {
                harness.live(Inbounds.of(OtherSamples.of("vm-" + i, Samples.busy(7, 4, micros(10)))));
            }
            int before = 0;
            int most = 0;
            for (int t = 590; t < 720; t++) {
                harness.silentUntil(START_MILLIS + t);
                int now = harness.windows().size();
                most = Math.max(most, now - before);
                before = now;
            }

            assertThat(before).isEqualTo(vms);
            assertThat(most).as("of 1000 in any of 100 ms").isLessThan(40);
        }
    }

    @Test
    void forgetsAVmThatIsGone() throws Exception {
        try (MetricsHarness harness = new MetricsHarness()) {
            harness.live(Inbounds.of(Samples.busy(7, 4, micros(10))));
            harness.silentUntil(START_MILLIS + MetricsFunction.FORGET_MILLIS);
            assertThat(harness.keptStates()).isEqualTo(1);
            harness.silentUntil(START_MILLIS + MetricsFunction.FORGET_MILLIS + 10);

            assertThat(harness.keptStates()).isZero();
            assertThat(harness.timers()).isZero();
            assertThat(harness.windows()).hasSize(3);
        }
    }

    @Test
    void goesOnFromAFlinkCheckpointInTheMiddleOfAWindow() throws Exception {
        try (MetricsHarness first = new MetricsHarness()) {
            first.live(Inbounds.of(Samples.busy(7, 4, micros(10))));
            first.live(Inbounds.of(Reports.report(7, micros(10), MILLION)));
            for (MetricsHarness next : MetricsHarness.rescaled(first.snapshot(), START_MILLIS, 2)) {
                if (next.owns(Samples.VM.value())) {
                    next.live(Inbounds.of(Samples.busy(7, 4, micros(20))));
                    next.live(Inbounds.of(Samples.busy(7, 4, micros(10))));
                }
                next.silentUntil(START_MILLIS + 700);
                Optional<WindowMetrics> pane = next.windows().stream().findFirst();

                assertThat(pane.isPresent()).isEqualTo(next.owns(Samples.VM.value()));
                pane.ifPresent(window -> {
                    assertThat(samples(window)).isEqualTo(2);
                    assertThat(window.epochs().orElseThrow().pause().maxNanos()).isEqualTo(MILLION);
                });
                next.close();
            }
        }
    }
}
