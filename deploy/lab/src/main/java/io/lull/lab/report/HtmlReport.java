package io.lull.lab.report;

import io.lull.lab.run.Findings;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.JFreeChart;

/** A comparison as one page that needs nothing else: tables, and charts as SVG inside it. */
public final class HtmlReport {
    private static final int WIDE = 1160;
    private static final int HALF = 575;
    private static final int CHART_HEIGHT = 330;
    /** Workloads whose charts are shown at once; the others' open at a click. */
    private static final int OPEN = 2;

    private final Findings findings;
    private final Comparison comparison;
    private final Summary summary;
    private final StringBuilder page = new StringBuilder();
    private int charts;

    private HtmlReport(Findings findings) {
        this.findings = findings;
        this.comparison = findings.comparison();
        this.summary = Summary.of(comparison);
    }

    public static String of(Findings findings) {
        return new HtmlReport(findings).page();
    }

    private String page() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">")
                .append("<title>Lull: comparison of checkpoint policies</title>\n<style>")
                .append(CSS)
                .append("</style></head>\n<body>\n<h1>Checkpoint policies compared</h1>\n<p>")
                .append(escaped(Sentences.conditions(findings)))
                .append(". Each policy counts by its best run on each workload.</p>\n<ul>\n");
        Sentences.results(findings, summary)
                .forEach(line -> page.append("<li>").append(escaped(line)).append("</li>\n"));
        page.append("</ul>\n");
        standings();
        page.append(LEGEND);
        int section = 0;
        for (String workload : comparison.workloads()) {
            workload(workload, section++ < OPEN);
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private void standings() {
        List<List<String>> rows = new ArrayList<>();
        summary.standings().forEach(standing -> rows.add(Columns.of(standing)));
        page.append("<h2>All workloads</h2>\n");
        table(Columns.STANDING_HEADINGS, rows, 1, 0);
        String ceiling = comparison.oracleScores().isEmpty() ? "Distance to the best run" : "Distance to the oracle";
        int policies = summary.standings().size();
        int workloads = comparison.workloads().size();
        page.append("<div class=\"charts\">\n");
        chart(SummaryCharts.ceilingByPolicy(ceiling, summary), HALF, Math.max(420, 90 + 26 * policies));
        chart(SummaryCharts.workAgainstBandwidth(comparison), HALF, Math.max(420, 90 + 26 * policies));
        chart(
                SummaryCharts.ceilingByWorkload(ceiling + ", Lull and the best rival by workload", comparison),
                WIDE,
                130 + 34 * workloads);
        page.append("</div>\n");
    }

    private void workload(String workload, boolean open) {
        List<RunResult> runs = Columns.bestRuns(comparison, workload);
        double ceiling = comparison.ceiling(workload);
        page.append(open ? "<details open>" : "<details>")
                .append("<summary>")
                .append(escaped(workload))
                .append("</summary>\n");
        List<List<String>> rows =
                runs.stream().map(run -> Columns.of(run, ceiling)).toList();
        table(
                Columns.HEADINGS.subList(1, Columns.HEADINGS.size()),
                rows.stream().map(row -> row.subList(1, row.size())).toList(),
                Columns.WORDS - 1,
                0);
        page.append("<div class=\"charts\">\n");
        if (runs.stream().anyMatch(run -> run.outputDelay().count() > 0)) {
            List<Double> target = findings.experiment().targets().outputDelayP99Nanos().stream()
                    .mapToObj(nanos -> nanos / 1e6)
                    .toList();
            chart(
                    RunCharts.delays("How long output was held", runs, comparison.policies(), target),
                    WIDE,
                    CHART_HEIGHT);
        } else {
            page.append("<p>This workload sends nothing: no output is held.</p>\n");
        }
        epochs(workload);
        page.append("</div></details>\n");
    }

    private void epochs(String workload) {
        List<RunResult> shown = new ArrayList<>();
        comparison.best(workload, LullPolicy.NAME).ifPresent(shown::add);
        Optional<RunResult> rival = comparison.bestRival(workload, LullPolicy.NAME);
        rival.ifPresent(shown::add);
        double longest =
                shown.stream().mapToDouble(RunCharts::longestMillis).max().orElse(1);
        shown.forEach(run -> chart(RunCharts.epochs(run, 1.1 * longest), HALF, CHART_HEIGHT));
    }

    private void chart(JFreeChart chart, int width, int height) {
        page.append(Svg.of(chart, "c" + charts++, width, height)).append('\n');
    }

    private void table(List<String> headings, List<List<String>> rows, int words, int policyColumn) {
        page.append("<div class=\"scroll\"><table>\n<tr>");
        for (int i = 0; i < headings.size(); i++) {
            page.append(i < words ? "<th class=\"w\">" : "<th>")
                    .append(escaped(headings.get(i)))
                    .append("</th>");
        }
        page.append("</tr>\n");
        for (List<String> row : rows) {
            page.append(row.get(policyColumn).equals(LullPolicy.NAME) ? "<tr class=\"lull\">" : "<tr>");
            for (int i = 0; i < row.size(); i++) {
                page.append(i < words ? "<td class=\"w\">" : "<td>")
                        .append(escaped(row.get(i)))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</table></div>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static final String LEGEND = """
            <h2>By workload</h2>
            <p>Useful work is measured by the same guest unprotected. A policy's score is its useful work, times target
            over p99 where its p99 output delay misses the target (dashed line). The ceiling is the best score that is
            known to be possible. Epoch charts show the last second, a point for each epoch, coloured by what
            ended it: Lull on the left, the best rival on the right, on the same scale.</p>
            """;

    private static final String CSS = """
            body { font: 14px/1.45 system-ui, sans-serif; color: #333; max-width: 1180px; margin: 24px auto; padding: 0 12px; }
            h1 { font-size: 24px; } h2 { font-size: 18px; margin-top: 32px; }
            table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
            th, td { text-align: right; padding: 3px 7px; border-bottom: 1px solid #e4e4e4; }
            td { white-space: nowrap; } td.w { white-space: normal; }
            th { vertical-align: bottom; font-weight: 600; } .w { text-align: left; }
            tr.lull { background: #fbeaec; font-weight: 600; }
            .scroll { overflow-x: auto; margin: 10px 0; }
            .charts { display: flex; flex-wrap: wrap; gap: 10px; } .charts svg { max-width: 100%; }
            details { border-top: 1px solid #ccc; padding: 8px 0; }
            summary { font-size: 16px; font-weight: 600; cursor: pointer; }
            """;
}
