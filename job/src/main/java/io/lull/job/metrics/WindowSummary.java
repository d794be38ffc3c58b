package io.lull.job.metrics;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes a window's record of its sums; the formulas stand in the module's README. */
final class WindowSummary {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double MILLIS_PER_SECOND = 1000;
    private static final TriggerReason[] REASONS = TriggerReason.values();
    private static final DirtySource[] SOURCES = DirtySource.values();
    private static final int MEDIAN = 50;
    private static final int P90 = 90;
    private static final int P99 = 99;

    private final Pane sums;
    private final double seconds;
    private final double windowNanos;

    private WindowSummary(Pane sums, long lengthMillis) {
        this.sums = sums;
        this.seconds = lengthMillis / MILLIS_PER_SECOND;
        this.windowNanos = (double) lengthMillis * NANOS_PER_MILLI;
    }

    static WindowMetrics of(VmId vm, long startMillis, long lengthMillis, Pane sums, DirtyCurveState curve) {
        WindowSummary summary = new WindowSummary(sums, lengthMillis);
        return new WindowMetrics(
                vm,
                startMillis * 1000,
                lengthMillis * NANOS_PER_MILLI,
                summary.load(),
                summary.dirtying(),
                fit(curve),
                summary.epochs(),
                summary.link());
    }

    private Optional<WindowMetrics.Load> load() {
        double samples = sums.of(SampleSum.SAMPLES);
        if (samples == 0) {
            return Optional.empty();
        }
        return Optional.of(new WindowMetrics.Load(
                (long) samples,
                new WindowMetrics.Rates(
                        rate(SampleSum.TX_PACKETS),
                        rate(SampleSum.TX_BYTES),
                        rate(SampleSum.RX_PACKETS),
                        rate(SampleSum.RX_BYTES),
                        rate(SampleSum.DISK_WRITE_BYTES)),
                Math.min(1, mean(SampleSum.BUSY_NANOS)),
                idle(),
                peaks(),
                Optional.of(levels())));
    }

    private WindowMetrics.IdleSlots idle() {
        return new WindowMetrics.IdleSlots(
                (long) sums.of(SlotSum.SLOTS),
                Math.min(1, sums.of(SlotSum.IDLE_NANOS) / windowNanos),
                Optional.of(new WindowMetrics.SlotTimes(
                        (long) sums.of(SlotSum.ENDED_SLOTS),
                        quotient(sums.of(SlotSum.ENDED_NANOS), sums.of(SlotSum.ENDED_SLOTS)),
                        (long) sums.longestSlotNanos,
                        quotient(sums.of(SlotSum.ONSET_NANOS), sums.of(SlotSum.SLOTS)))));
    }

    private WindowMetrics.Peaks peaks() {
        return new WindowMetrics.Peaks(
                sums.of(SamplePeak.HELD_BYTES),
                sums.of(SamplePeak.OLDEST_HELD_NANOS),
                level(SamplePeak.STALLED),
                level(SamplePeak.WINDOW_FULL),
                level(SamplePeak.ZERO_WINDOW),
                level(SamplePeak.PENDING));
    }

    private WindowMetrics.Levels levels() {
        return new WindowMetrics.Levels(
                Math.min(1, sums.of(SampleSum.SAMPLED_NANOS) / windowNanos),
                rate(SampleSum.DISK_WRITES),
                rate(SampleSum.DISK_FLUSHES),
                sums.of(SamplePeak.HELD_PACKETS),
                mean(SampleSum.HELD_BYTE_NANOS),
                Math.min(1, mean(SampleSum.HELD_NANOS)),
                level(SamplePeak.CONNECTIONS),
                mean(SampleSum.STALLED_NANOS),
                mean(SampleSum.WINDOW_FULL_NANOS),
                mean(SampleSum.ZERO_WINDOW_NANOS),
                mean(SampleSum.PENDING_NANOS),
                sums.of(SamplePeak.BYTES_IN_FLIGHT));
    }

    private Optional<WindowMetrics.Dirtying> dirtying() {
        long source = sums.of(SamplePeak.DIRTY_SOURCE);
        if (source == 0) {
            return Optional.empty();
        }
        List<Double> rates = new ArrayList<>(sums.vcpuDirtyPages.length);
        double total = 0;
        double most = 0;
        for (int pages : sums.vcpuDirtyPages) {
            rates.add(pages / seconds);
            total += pages;
            most = Math.max(most, pages);
        }
        double imbalance = total == 0 ? 1 : Math.max(1, most * rates.size() / total);
        return Optional.of(
                new WindowMetrics.Dirtying(SOURCES[(int) source - 1], rate(SampleSum.DIRTY_PAGES), rates, imbalance));
    }

    private static Optional<WindowMetrics.DirtyFit> fit(DirtyCurveState curve) {
        return DirtyCurve.isKnown(curve)
                ? Optional.of(new WindowMetrics.DirtyFit(curve.pagesAtOneMilli, curve.exponent))
                : Optional.empty();
    }

    private Optional<WindowEpochs> epochs() {
        double epochs = sums.of(ReportSum.EPOCHS);
        if (epochs == 0) {
            return Optional.empty();
        }
        return Optional.of(new WindowEpochs(
                (long) epochs,
                times(sums.pauses, sums.of(ReportPeak.PAUSE_NANOS)),
                times(sums.commits, sums.of(ReportPeak.COMMIT_NANOS)),
                sums.of(ReportSum.SHIPPED_BYTES) / seconds,
                Optional.of(release(epochs)),
                coding(epochs)));
    }

    /** No quantile is above the maximum, which is exact. */
    private static WindowEpochs.Times times(Histogram histogram, long maxNanos) {
        return new WindowEpochs.Times(
                Math.min(maxNanos, histogram.quantileNanos(MEDIAN)),
                Optional.of(new WindowEpochs.Tails(
                        Math.min(maxNanos, histogram.quantileNanos(P90)),
                        Math.min(maxNanos, histogram.quantileNanos(P99)))),
                maxNanos);
    }

    private WindowEpochs.Release release(double epochs) {
        Map<TriggerReason, Long> byReason = new EnumMap<>(TriggerReason.class);
        for (int i = 0; i < sums.reasons.length; i++) {
            if (sums.reasons[i] > 0) {
                byReason.put(REASONS[i], (long) sums.reasons[i]);
            }
        }
        return new WindowEpochs.Release(
                byReason,
                sums.of(ReportSum.LENGTH_NANOS) / epochs,
                sums.of(ReportSum.RELEASED_PACKETS) / seconds,
                sums.of(ReportPeak.HELD_WAIT_NANOS));
    }

    private Optional<WindowEpochs.Coding> coding(double epochs) {
        double pages = sums.of(ReportSum.DIRTY_PAGES);
        if (pages == 0) {
            return Optional.empty();
        }
        double written = sums.of(ReportSum.WRITTEN_BYTES);
        return Optional.of(new WindowEpochs.Coding(
                pages / epochs,
                Math.min(1, sums.of(ReportSum.UNCHANGED_PAGES) / pages),
                Math.min(1, sums.of(ReportSum.ZERO_PAGES) / pages),
                Math.min(1, sums.of(ReportSum.RAW_PAGES) / pages),
                sums.of(ReportSum.DELTA_BYTES) / pages,
                sums.of(ReportSum.SHIPPED_BYTES) / pages,
                quotient(sums.of(ReportSum.DELTA_BYTES), written),
                quotient(sums.of(ReportSum.SHIPPED_BYTES), written)));
    }

    private Optional<WindowMetrics.Link> link() {
        double nanos = sums.of(SampleSum.LINK_NANOS);
        if (nanos == 0) {
            return Optional.empty();
        }
        double takes = sums.of(SampleSum.LINK_BYTE_NANOS_PER_SECOND) / nanos;
        OptionalDouble use = sums.of(ReportSum.EPOCHS) == 0
                ? OptionalDouble.empty()
                : quotient(sums.of(ReportSum.SHIPPED_BYTES) / seconds, takes);
        return Optional.of(new WindowMetrics.Link(takes, use, sums.of(SamplePeak.LINK_BACKLOG_BYTES)));
    }

    private double rate(SampleSum sum) {
        return sums.of(sum) / seconds;
    }

    /** Mean over the sampled time; there is a sample, and no interval is 0. */
    private double mean(SampleSum sum) {
        return sums.of(sum) / sums.of(SampleSum.SAMPLED_NANOS);
    }

    private int level(SamplePeak peak) {
        return (int) sums.of(peak);
    }

    private static OptionalDouble quotient(double of, double by) {
        return by == 0 ? OptionalDouble.empty() : OptionalDouble.of(of / by);
    }
}
