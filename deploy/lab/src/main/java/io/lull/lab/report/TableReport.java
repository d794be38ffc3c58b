package io.lull.lab.report;

import io.lull.lab.run.Findings;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;

/** Comparisons as text: the best runs by workload, the summary, the standings, and what is to be said of them. */
public final class TableReport {
    private TableReport() {}

    /**
     * One part for each of {@code all}.
     *
     * @param brief whether the runs are left out
     */
    public static String of(List<Findings> all, boolean brief) {
        return String.join(
                "\n", all.stream().map(findings -> of(findings, brief)).toList());
    }

    private static String of(Findings findings, boolean brief) {
        Summary summary = Summary.of(findings.comparison());
        return Sentences.conditions(findings) + "\n\n" + (brief ? "" : runs(findings.comparison()))
                + aligned(Columns.rows(summary), Columns.WORDS) + "\n"
                + aligned(Columns.standings(summary), Columns.STANDING_WORDS) + "\n"
                + String.join("\n", Sentences.results(findings, summary)) + "\n";
    }

    private static String runs(Comparison comparison) {
        List<List<String>> runs = new ArrayList<>();
        runs.add(Columns.HEADINGS);
        for (String workload : comparison.workloads()) {
            double ceiling = comparison.ceiling(workload);
            for (RunResult run : Columns.shownRuns(comparison, workload)) {
                runs.add(Columns.of(run, ceiling));
            }
            runs.add(List.of());
        }
        return aligned(runs, Columns.WORDS);
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
