package io.lull.lab.report;

import io.lull.lab.run.Findings;
import io.lull.lab.run.TargetWords;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.JFreeChart;

/** Comparisons as one page that needs nothing else: tables, and charts as SVG inside it. */
public final class HtmlReport {
    private static final int WIDE = 1160;
    private static final int HALF = 575;
    private static final int CHART_HEIGHT = 330;
    /** Workloads whose charts are shown at once; the others' open at a click. */
    private static final int OPEN = 2;

    private final StringBuilder page = new StringBuilder();
    private int charts;

    private HtmlReport() {}

    /**
     * One part of the page for each of {@code all}.
     *
     * @param brief whether the runs are left out
     */
    public static String of(List<Findings> all, boolean brief) {
        HtmlReport report = new HtmlReport();
        report.page
                .append("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">")
                .append("<title>Checkpoint policies compared</title>\n<style>")
                .append(CSS)
                .append("</style></head>\n<body>\n<h1>Checkpoint policies compared</h1>\n");
        for (Findings findings : all) {
            report.part(findings, brief, all.size() == 1);
        }
        return report.page.append("</body>\n</html>\n").toString();
    }

    private void part(Findings findings, boolean brief, boolean alone) {
        Comparison comparison = findings.comparison();
        Summary summary = Summary.of(comparison);
        page.append("<h2>Objective ")
                .append(escaped(TargetWords.of(findings.experiment().targets())))
                .append("</h2>\n<p>")
                .append(escaped(Sentences.conditions(findings)))
                .append(". Each policy counts by its best run on each workload.</p>\n<ul>\n");
        Sentences.results(findings, summary)
                .forEach(line -> page.append("<li>").append(escaped(line)).append("</li>\n"));
        page.append("</ul>\n");
        standings(findings, summary);
        if (brief) {
            return;
        }
        page.append(LEGEND).append(summary.hasLull() && summary.hasRivals() ? LEGEND_LULL : LEGEND_BEST);
        int section = 0;
        for (String workload : comparison.workloads()) {
            workload(findings, workload, alone && section++ < OPEN);
        }
    }

    private void standings(Findings findings, Summary summary) {
        Comparison comparison = findings.comparison();
        page.append("<h3>All workloads</h3>\n");
        List<List<String>> standings = Columns.standings(summary);
        table(standings.get(0), standings.subList(1, standings.size()), Columns.STANDING_WORDS, 0);
        List<List<String>> rows = Columns.rows(summary);
        table(rows.get(0), rows.subList(1, rows.size()), Columns.WORDS, 0);
        String distance = comparison.oracles().isEmpty() ? "Distance to the best run" : "Distance to the ceiling";
        int height = Math.max(420, 90 + 26 * summary.standings().size());
        page.append("<div class=\"charts\">\n");
        chart(SummaryCharts.ceilingByPolicy(distance, summary), HALF, height);
        chart(SummaryCharts.workAgainstBandwidth(comparison), HALF, height);
        chart(
                SummaryCharts.ceilingByWorkload(distance + " by workload", comparison),
                WIDE,
                130 + 34 * comparison.workloads().size());
        page.append("</div>\n");
    }

    private void workload(Findings findings, String workload, boolean open) {
        Comparison comparison = findings.comparison();
        List<RunResult> runs = Columns.shownRuns(comparison, workload);
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
        epochs(comparison, workload);
        page.append("</div></details>\n");
    }

    /** Lull beside the best rival; without one of them the two best there are. */
    private void epochs(Comparison comparison, String workload) {
        Optional<RunResult> lull = comparison.best(workload, LullPolicy.NAME);
        Optional<RunResult> rival = comparison.bestRival(workload, LullPolicy.NAME);
        List<RunResult> shown = lull.isPresent() && rival.isPresent()
                ? List.of(lull.get(), rival.get())
                : Columns.bestRuns(comparison, workload).stream().limit(2).toList();
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
            <h3>By workload</h3>
            <p>Useful work is measured by the same guest unprotected. A policy's score is its useful work, times target
            over p99 where its p99 output delay misses the target (dashed line). The ceiling is the best score that is
            known to be possible: the oracle's, or that of the best run. Epoch charts show the last second, a point for
            each epoch, coloured by what ended it, on the same scale:
            """;

    private static final String LEGEND_LULL = "Lull on the left, the best rival on the right.</p>\n";

    private static final String LEGEND_BEST = "the best policy on the left, the second best on the right.</p>\n";

    private static final String CSS = """
            body { font: 14px/1.45 system-ui, sans-serif; color: #333; max-width: 1180px; margin: 24px auto; padding: 0 12px; }
            h1 { font-size: 24px; } h2 { font-size: 20px; margin-top: 32px; } h3 { font-size: 17px; }
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
