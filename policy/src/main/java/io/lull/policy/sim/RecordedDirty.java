package io.lull.policy.sim;

import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EpochReport;
import java.util.Comparator;
import java.util.List;

/**
 * Dirty pages as the epochs of a recording had them, over and over: D(x) = d · x^a over vCPU time x, where a is that of
 * the curve that all epochs fit and d, which changes from epoch to epoch, is averaged over the stretch asked for.
 */
final class RecordedDirty implements DirtyModel {
    private static final double UNIT_NANOS = 1e7;
    private static final double LEAST_WORK_NANOS = 50_000;
    private static final double MOST_PAGES = 1e9;

    private final double exponent;
    /** vCPU time at which each epoch began; the first is 0. */
    private final double[] fromNanos;

    private final double[] levels;
    /** Integral of the level up to the beginning of each epoch. */
    private final double[] integrals;

    private final double totalNanos;

    RecordedDirty(RecordedSeries series, List<EpochReport> unordered) {
        List<EpochReport> reports = unordered.stream()
                .sorted(Comparator.comparingLong(EpochReport::endedAtMicros))
                .toList();
        int n = reports.size();
        double[] work = new double[n];
        fromNanos = new double[n];
        DirtyCurveState curve = new DirtyCurveState();
        for (int i = 0; i < n; i++) {
            EpochReport report = reports.get(i);
            double end = report.endedAtMicros();
            fromNanos[i] = i == 0 ? 0 : series.runUpTo(end - report.lengthNanos() / 1000.0);
            work[i] = Math.max(LEAST_WORK_NANOS, series.runUpTo(end) - fromNanos[i]);
            DirtyCurve.update(curve, (long) work[i], report.pages().dirtyPages());
        }
        exponent = curve.exponent;
        totalNanos = Math.max(series.totalRunNanos(), 1);
        levels = new double[n];
        integrals = new double[n];
        for (int i = 0; i < n; i++) {
            double pages = Math.min(MOST_PAGES, reports.get(i).pages().dirtyPages());
            levels[i] = pages / Math.pow(work[i] / UNIT_NANOS, exponent);
            double length = i == 0 ? 0 : Math.max(0, fromNanos[i] - fromNanos[i - 1]);
            integrals[i] = i == 0 ? 0 : integrals[i - 1] + length * levels[i - 1];
        }
    }

    @Override
    public double pages(double from, double to) {
        double length = to - from;
        if (length <= 0) {
            return 0;
        }
        double level = (integral(to) - integral(from)) / length;
        return Math.min(MOST_PAGES, level * Math.pow(length / UNIT_NANOS, exponent));
    }

    private double integral(double nanos) {
        double rounds = Math.floor(nanos / totalNanos);
        return rounds * within(totalNanos) + within(nanos - rounds * totalNanos);
    }

    private double within(double nanos) {
        int low = 0;
        int high = fromNanos.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (fromNanos[middle] <= nanos) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return integrals[low] + (nanos - fromNanos[low]) * levels[low];
    }
}
