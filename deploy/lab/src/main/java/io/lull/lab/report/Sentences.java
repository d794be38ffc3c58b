package io.lull.lab.report;

import io.lull.lab.run.Experiment;
import io.lull.lab.run.Findings;
import io.lull.lab.run.TargetWords;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import java.util.ArrayList;
import java.util.List;

/** What is said of a comparison in words. */
final class Sentences {
    private Sentences() {}

    /** How the comparison was made, in one line. */
    static String conditions(Findings findings) {
        Experiment experiment = findings.experiment();
        return findings.comparison().runs().size() + " runs of "
                + Columns.number("%.1f", experiment.settings().runNanos() / 1e9) + " s on "
                + findings.comparison().workloads().size() + " workloads; objective "
                + TargetWords.of(experiment.targets()) + ", cost model "
                + experiment.cost().name() + ", seed " + experiment.seed();
    }

    /** What was found, each in one line. */
    static List<String> results(Findings findings, Summary summary) {
        Comparison comparison = findings.comparison();
        List<String> lines = new ArrayList<>();
        summary.hardest()
                .ifPresent(hardest -> lines.add("Lull's hardest workload is " + hardest.workload() + ": "
                        + Columns.percent(hardest.scoreRatio()) + " % of the best rival, " + hardest.rival() + " ("
                        + hardest.setting() + ")."));
        if (comparison.policies().contains(LullPolicy.NAME)) {
            String share = Columns.percent(comparison.shareOfCeiling(LullPolicy.NAME));
            lines.add(
                    comparison.oracleScores().isEmpty()
                            ? "Lull reaches " + share + " % of the best run of any policy; --oracle measures it by"
                                    + " the best schedule instead."
                            : "Lull reaches " + share + " % of the ceiling: of the oracle, or of the best run where"
                                    + " that passes it.");
        }
        findings.leftOut().forEach(line -> lines.add(line + "."));
        return lines;
    }
}
