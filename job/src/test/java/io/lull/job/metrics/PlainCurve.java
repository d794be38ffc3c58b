package io.lull.job.metrics;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.WindowMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** D(T) = d · T^a after each report in order, from the weighted sums over all reports up to it. */
final class PlainCurve {
    private static final double KEEP = 1 - 1.0 / 128;

    private final List<Long> panes = new ArrayList<>();
    private final List<WindowMetrics.DirtyFit> fits = new ArrayList<>();

    PlainCurve(List<PlainWindows.Timed<EpochReport>> inOrder) {
        List<double[]> points = new ArrayList<>();
        double seen = 0;
        double fitted = 0;
        for (PlainWindows.Timed<EpochReport> timed : inOrder) {
            if (timed.value().lengthNanos() <= 0) {
                continue;
            }
            double millis = timed.value().lengthNanos() / 1e6;
            double pages = Math.max(1, timed.value().pages().dirtyPages());
            points.add(new double[] {Math.log(millis), Math.log(pages)});
            double[] line = line(points);
            seen = seen * KEEP + pages;
            fitted = fitted * KEEP + line[0] * Math.pow(millis, line[1]);
            panes.add(timed.paneMillis());
            fits.add(new WindowMetrics.DirtyFit(line[0] * Math.max(1, Math.min(2, seen / fitted)), line[1]));
        }
    }

    /** The last one whose report was in a pane that began before {@code endMillis}. */
    Optional<WindowMetrics.DirtyFit> before(long endMillis) {
        Optional<WindowMetrics.DirtyFit> last = Optional.empty();
        for (int i = 0; i < fits.size(); i++) {
            if (panes.get(i) < endMillis) {
                last = Optional.of(fits.get(i));
            }
        }
        return last;
    }

    /** {d, a} of the geometric curve through points of which the newest weighs 1 and each one before a little less. */
    private static double[] line(List<double[]> points) {
        double sum = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < points.size(); i++) {
            double weight = Math.pow(KEEP, points.size() - 1.0 - i);
            sum += weight;
            x += weight * points.get(i)[0];
            y += weight * points.get(i)[1];
        }
        x /= sum;
        y /= sum;
        double xx = 10;
        double xy = 10 * 0.45;
        for (int i = 0; i < points.size(); i++) {
            double weight = Math.pow(KEEP, points.size() - 1.0 - i);
            xx += weight * (points.get(i)[0] - x) * (points.get(i)[0] - x);
            xy += weight * (points.get(i)[0] - x) * (points.get(i)[1] - y);
        }
        double a = Math.max(0, Math.min(1, xy / xx));
        return new double[] {Math.exp(y - a * x), a};
    }
}
