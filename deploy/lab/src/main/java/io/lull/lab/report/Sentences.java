package io.lull.lab.report;

import io.lull.lab.run.Experiment;
import io.lull.lab.run.Findings;
import io.lull.lab.run.TargetWords;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What is said of a comparison in words. */
final class Sentences {
    private Sentences() {}

    /** How the comparison was made, in one line. */
    static String conditions(Findings findings) {
        Experiment experiment = findings.experiment();
        List<Long> seeds = experiment.seeds();
        return findings.comparison().runs().size() * seeds.size() + " runs of "
                + Columns.number("%.1f", experiment.settings().runNanos() / 1e9) + " s on "
                + findings.comparison().workloads().size() + " workloads; objective "
                + TargetWords.of(experiment.targets()) + ", cost model "
                + experiment.cost().name()
                + (seeds.size() == 1 ? ", seed " + seeds.get(0) : ", geometric means over seeds " + words(seeds));
    }

    private static String words(List<Long> seeds) {
        return String.join(", ", seeds.stream().map(String::valueOf).toList());
    }

    /** What was found, each in one line. */
    static List<String> results(Findings findings, Summary summary) {
        List<String> lines = new ArrayList<>();
        summary.hardest().ifPresent(row -> {
            RunResult rival = row.bestRival().orElseThrow();
            lines.add("Lull's hardest workload is " + row.workload() + ": "
                    + percent(row.lullOverRival()) + " % of the best rival, " + rival.policy() + " ("
                    + rival.setting() + ").");
        });
        if (summary.hasLull() && summary.hasRivals()) {
            lines.add("Lull reaches " + percent(summary.mean(Summary.Row::lullOverRival))
                    + " % of the best rival of each workload, in its best setting there, on the geometric mean.");
        }
        ceiling(findings, summary, lines);
        findings.leftOut().forEach(line -> lines.add(line + "."));
        return lines;
    }

    private static void ceiling(Findings findings, Summary summary, List<String> lines) {
        if (!findings.experiment().oracle()) {
            lines.add("No oracle was asked (--oracle): the best run of any policy is the ceiling.");
            return;
        }
        if (summary.hasLull()) {
            summary.mean(Summary.Row::lullOverOracle)
                    .ifPresent(share -> lines.add("Lull reaches " + Columns.percent(share)
                            + " % of the oracle on the geometric mean, "
                            + percent(summary.least(Summary.Row::lullOverOracle)) + " % at least."));
        }
        summary.mean(Summary.Row::oracleOverRival)
                .ifPresent(bound -> lines.add("The oracle is " + Columns.number("%.3f", bound)
                        + " times the best rival of each workload: the most that any policy can be"
                        + " better than them, as far as it sees."));
        if (!findings.withoutOracle().isEmpty()) {
            lines.add("No oracle on " + String.join(", ", findings.withoutOracle())
                    + ", which change over a longer time than it can look through:"
                    + " the best run of any policy is the ceiling there.");
        }
    }

    private static String percent(OptionalDouble ratio) {
        return ratio.isPresent() ? Columns.percent(ratio.getAsDouble()) : Columns.NOTHING;
    }
}
