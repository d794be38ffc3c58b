package io.lull.lab.report;

import io.lull.lab.run.Findings;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;

/** A comparison as text: the best runs by workload, the standings, and what is to be said of them. */
public final class TableReport {
    private TableReport() {}

    public static String of(Findings findings) {
        Comparison comparison = findings.comparison();
        Summary summary = Summary.of(comparison);
        List<List<String>> runs = new ArrayList<>();
        runs.add(Columns.HEADINGS);
        for (String workload : comparison.workloads()) {
            double ceiling = comparison.ceiling(workload);
            for (RunResult run : Columns.bestRuns(comparison, workload)) {
                runs.add(Columns.of(run, ceiling));
            }
            runs.add(List.of());
        }
        List<List<String>> standings = new ArrayList<>();
        standings.add(Columns.STANDING_HEADINGS);
        summary.standings().forEach(standing -> standings.add(Columns.of(standing)));
        return Sentences.conditions(findings) + "\n\n" + aligned(runs, Columns.WORDS) + aligned(standings, 1) + "\n"
                + String.join("\n", Sentences.results(findings, summary)) + "\n";
    }

    /** Rows with columns of equal width, the first {@code words} of them left-aligned. */
    private static String aligned(List<List<String>> rows, int words) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String space = " ".repeat(widths[i] - row.get(i).length());
                line.append(i < words ? row.get(i) + space : space + row.get(i)).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
