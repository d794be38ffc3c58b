package io.lull.lab.report;

import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.awt.Font;
import java.awt.Paint;
import java.awt.geom.Ellipse2D;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** The charts of a whole comparison: distance to the ceiling, and what throughput costs in bandwidth. */
final class SummaryCharts {
    private static final double LEAST_MEGABYTES = 0.1;

    private SummaryCharts() {}

    /** A bar for each policy: how near it comes to the best that is known to be possible, over all workloads. */
    static JFreeChart ceilingByPolicy(String title, Summary summary) {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        List<String> names =
                summary.standings().stream().map(Summary.Standing::policy).toList();
        summary.standings()
                .forEach(standing -> data.addValue(100 * standing.ceilingShareRatio(), "share", standing.policy()));
        BarRenderer renderer = new BarRenderer() {
            private static final long serialVersionUID = 1L;

            @Override
            public Paint getItemPaint(int row, int column) {
                return names.get(column).equals(LullPolicy.NAME) ? Colours.LULL : Colours.RIVAL;
            }
        };
        JFreeChart chart = bars(title, data, renderer);
        chart.removeLegend();
        return chart;
    }

    /** Bars for each workload: Lull's share of the ceiling if it took part, and the best rival's. */
    static JFreeChart ceilingByWorkload(String title, Comparison comparison) {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        String other = comparison.policies().contains(LullPolicy.NAME) ? "best rival" : "best policy";
        for (String workload : comparison.workloads()) {
            double ceiling = comparison.ceiling(workload);
            add(data, LullPolicy.NAME, workload, comparison.best(workload, LullPolicy.NAME), ceiling);
            add(data, other, workload, comparison.bestRival(workload, LullPolicy.NAME), ceiling);
        }
        BarRenderer renderer = new BarRenderer();
        for (int row = 0; row < data.getRowCount(); row++) {
            boolean lull = data.getRowKey(row).equals(LullPolicy.NAME);
            renderer.setSeriesPaint(row, lull ? Colours.LULL : Colours.RIVAL);
        }
        return bars(title, data, renderer);
    }

    private static void add(
            DefaultCategoryDataset data, String row, String workload, Optional<RunResult> run, double ceiling) {
        if (ceiling > 0) {
            run.ifPresent(found -> data.addValue(100 * found.scoreRatio() / ceiling, row, workload));
        }
    }

    private static JFreeChart bars(String title, DefaultCategoryDataset data, BarRenderer renderer) {
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0.05);
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", new PlainNumbers(1)));
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
        renderer.setDefaultItemLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        renderer.setDefaultItemLabelPaint(Colours.TEXT);
        CategoryPlot plot =
                new CategoryPlot(data, new CategoryAxis(), Svg.linear("% of the ceiling", 0, 110, 20), renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        return Svg.bars(title, plot);
    }

    /** A point for each policy's best run on each workload: useful work against bytes shipped. */
    static JFreeChart workAgainstBandwidth(Comparison comparison) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        double most = 10;
        for (String policy : comparison.policies()) {
            XYSeries series = new XYSeries(policy, false);
            for (String workload : comparison.workloads()) {
                Optional<RunResult> best = comparison.best(workload, policy);
                if (best.isPresent()) {
                    double megabytes = best.get().shippedBytesPerSecond() / 1e6;
                    most = Math.max(most, megabytes * 1.2);
                    series.add(
                            Math.max(LEAST_MEGABYTES, megabytes),
                            100 * best.get().usefulWorkRatio());
                }
            }
            int index = data.getSeriesCount();
            boolean lull = policy.equals(LullPolicy.NAME);
            data.addSeries(series);
            renderer.setSeriesPaint(index, Colours.of(policy, comparison.policies()));
            renderer.setSeriesShape(
                    index, lull ? new Ellipse2D.Double(-5, -5, 10, 10) : new Ellipse2D.Double(-3, -3, 6, 6));
        }
        return Svg.points(
                "Useful work against bandwidth, a point for each workload",
                data,
                Svg.logarithmic("shipped, MB/s", LEAST_MEGABYTES, most),
                Svg.linear("useful work, % of unprotected", 0, 105, 20),
                renderer);
    }
}
