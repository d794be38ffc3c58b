package io.lull.lab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;
import org.jfree.svg.SVGGraphics2D;

/** Charts in the page's style, drawn as SVG without a screen. */
final class Svg {
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);

    static {
        // Before any class of AWT looks for a screen.
        System.setProperty("java.awt.headless", "true");
    }

    private Svg() {}

    /** An SVG element; {@code key} keeps its ids apart from those of other charts of the page. */
    static String of(JFreeChart chart, String key, int width, int height) {
        SVGGraphics2D canvas = new SVGGraphics2D(width, height);
        canvas.setDefsKeyPrefix(key);
        canvas.setGeomDoubleConverter(Svg::tenths);
        canvas.setTransformDoubleConverter(Svg::tenths);
        chart.draw(canvas, new Rectangle2D.Double(0, 0, width, height));
        return canvas.getSVGElement(key, true, null, null, null);
    }

    /** Finer than a tenth of a pixel can't be seen. */
    private static String tenths(double value) {
        double rounded = Math.round(value * 10) / 10.0;
        return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
    }

    static JFreeChart points(String title, XYDataset data, ValueAxis x, ValueAxis y, XYItemRenderer renderer) {
        XYPlot plot = new XYPlot(data, x, y, renderer);
        plot.setDomainGridlinePaint(Colours.GRID);
        plot.setRangeGridlinePaint(Colours.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(1));
        plot.setRangeGridlineStroke(new BasicStroke(1));
        return styled(title, plot);
    }

    static JFreeChart bars(String title, CategoryPlot plot) {
        plot.setRangeGridlinePaint(Colours.GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.getDomainAxis().setTickLabelFont(SMALL);
        plot.getDomainAxis().setTickLabelPaint(Colours.TEXT);
        plot.getDomainAxis().setLowerMargin(0.01);
        plot.getDomainAxis().setUpperMargin(0.01);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
        return styled(title, plot);
    }

    static NumberAxis linear(String label, double low, double high, double step) {
        NumberAxis axis = new NumberAxis(label);
        style(axis);
        axis.setRange(low, high);
        axis.setTickUnit(new NumberTickUnit(step));
        return axis;
    }

    static NumberAxis fitted(String label) {
        NumberAxis axis = new NumberAxis(label);
        style(axis);
        axis.setAutoRangeIncludesZero(true);
        return axis;
    }

    static LogAxis logarithmic(String label, double low, double high) {
        LogAxis axis = new LogAxis(label);
        style(axis);
        axis.setBase(10);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new PlainNumbers(3));
        axis.setRange(0.99 * low, Math.max(high, low * 10));
        axis.setMinorTickMarksVisible(true);
        return axis;
    }

    private static void style(ValueAxis axis) {
        axis.setLabelFont(SMALL);
        axis.setTickLabelFont(SMALL);
        axis.setLabelPaint(Colours.TEXT);
        axis.setTickLabelPaint(Colours.TEXT);
    }

    private static JFreeChart styled(String title, Plot plot) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setInsets(new RectangleInsets(4, 4, 4, 12));
        JFreeChart chart = new JFreeChart(title, TITLE, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setPaint(Colours.TEXT);
        chart.getLegend().setItemFont(SMALL);
        chart.getLegend().setItemPaint(Colours.TEXT);
        chart.getLegend().setPosition(RectangleEdge.BOTTOM);
        chart.getLegend().setFrame(BlockBorder.NONE);
        return chart;
    }
}
