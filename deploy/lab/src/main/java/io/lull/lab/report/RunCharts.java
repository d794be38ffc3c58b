package io.lull.lab.report;

import io.lull.policy.TriggerReason;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Delays;
import io.lull.policy.sim.EpochPoint;
import io.lull.policy.sim.RunResult;
import java.awt.BasicStroke;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** The charts of one workload: how long output was held, and epochs over time. */
final class RunCharts {
    /** How much of a run is shown over time; more would be a blur of points. */
    private static final long SHOWN_NANOS = 1_000_000_000L;

    private static final double LEAST_MILLIS = 0.1;

    private static final double MOST_MILLIS = 10_000;
    /** Smaller steps of a curve can't be seen. */
    private static final double LEAST_STEP_PERCENT = 0.3;

    private RunCharts() {}

    /** Share of frames by how long they were held at most, a line for each of {@code runs} that held some. */
    static JFreeChart delays(String title, List<RunResult> runs, List<String> policies, List<Double> targetMillis) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        double longest = 10;
        List<RunResult> ordered = new ArrayList<>(runs);
        ordered.sort((a, b) -> Boolean.compare(isLull(b), isLull(a)));
        for (RunResult run : ordered) {
            if (run.outputDelay().count() > 0) {
                int index = data.getSeriesCount();
                data.addSeries(cumulative(run));
                renderer.setSeriesPaint(index, Colours.of(run.policy(), policies));
                renderer.setSeriesStroke(index, new BasicStroke(isLull(run) ? 3f : 1.4f));
                longest = Math.max(longest, run.outputDelay().quantileNanos(0.999) / 1e6 * 1.1);
            }
        }
        JFreeChart chart = Svg.points(
                title,
                data,
                Svg.logarithmic("output held at most, ms", LEAST_MILLIS, Math.min(longest, MOST_MILLIS)),
                Svg.linear("share of frames, %", 0, 100.5, 20),
                renderer);
        for (double millis : targetMillis) {
            ValueMarker marker = new ValueMarker(millis, Colours.TEXT, dashed());
            chart.getXYPlot().addDomainMarker(marker);
        }
        return chart;
    }

    private static XYSeries cumulative(RunResult run) {
        XYSeries series = new XYSeries(run.policy(), false);
        long[] counts = run.outputDelay().counts();
        long upTo = 0;
        double shown = 0;
        double edge = LEAST_MILLIS;
        for (int i = 0; i < counts.length; i++) {
            double before = 100.0 * upTo / run.outputDelay().count();
            upTo += counts[i];
            double after = 100.0 * upTo / run.outputDelay().count();
            if (after - shown > LEAST_STEP_PERCENT) {
                series.add(edge, before);
                series.add(Math.max(LEAST_MILLIS, Delays.upperEdgeNanos(i) / 1e6), after);
                shown = after;
            }
            edge = Math.max(LEAST_MILLIS, Delays.upperEdgeNanos(i) / 1e6);
        }
        series.add(Math.max(LEAST_MILLIS, run.outputDelay().maxNanos() / 1e6), 100);
        series.add(MOST_MILLIS, 100);
        return series;
    }

    /** The lengths of the run's last epochs, coloured by what ended them; {@code longestMillis} is the axis's end. */
    static JFreeChart epochs(RunResult run, double longestMillis) {
        Map<TriggerReason, XYSeries> byReason = new EnumMap<>(TriggerReason.class);
        for (EpochPoint epoch : shown(run)) {
            byReason.computeIfAbsent(epoch.reason(), reason -> new XYSeries(words(reason), false))
                    .add(epoch.endedAtNanos() / 1e9, epoch.lengthNanos() / 1e6);
        }
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        byReason.forEach((reason, series) -> {
            int index = data.getSeriesCount();
            data.addSeries(series);
            renderer.setSeriesPaint(index, Colours.of(reason));
            renderer.setSeriesShape(index, new Rectangle2D.Double(-2, -2, 4, 4));
        });
        var time = Svg.fitted("simulated time, s");
        time.setAutoRangeIncludesZero(false);
        var length = Svg.fitted("epoch length, ms");
        length.setRange(0, longestMillis);
        return Svg.points("Epochs: " + run.policy() + " (" + run.setting() + ")", data, time, length, renderer);
    }

    /** The longest epoch that {@link #epochs} shows of {@code run}, in ms; 1 when there is none. */
    static double longestMillis(RunResult run) {
        return shown(run).stream()
                .mapToDouble(epoch -> epoch.lengthNanos() / 1e6)
                .max()
                .orElse(1);
    }

    private static List<EpochPoint> shown(RunResult run) {
        List<EpochPoint> epochs = run.epochs();
        long last = epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).endedAtNanos();
        return epochs.stream()
                .filter(epoch -> epoch.endedAtNanos() > last - SHOWN_NANOS)
                .toList();
    }

    private static String words(TriggerReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static boolean isLull(RunResult run) {
        return run.policy().equals(LullPolicy.NAME);
    }

    private static BasicStroke dashed() {
        return new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0);
    }
}
