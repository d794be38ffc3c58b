package io.lull.lab.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.lab.run.Experiment;
import io.lull.lab.run.Findings;
import io.lull.lab.run.TargetWords;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.Delays;
import io.lull.policy.sim.RunResult;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Comparisons as JSON: what the table shows, in full precision; what is not known is left out.
 *
 * <pre>
 * comparisons[]  one for each objective
 *   experiment   how it was made
 *   bestRuns[]   of each policy on each workload in its best setting there; not in a brief report
 *   workloads[]  lull, best rival and oracle: scores and ratios
 *   means        geometric means of these ratios
 *   standings[]  policies over all workloads: best setting on each, and best single setting; Lull's work, delay, bytes
 *   oracle       asked: whether; ceiling where it has no word: the best run of any policy
 *   leftOut[]    in words
 * </pre>
 */
public final class JsonReport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    /** @param brief whether the runs are left out */
    public static String of(List<Findings> all, boolean brief) {
        ObjectNode root = NODES.objectNode();
        ArrayNode comparisons = root.putArray("comparisons");
        all.forEach(findings -> comparisons.add(comparison(findings, brief)));
        return root.toPrettyString() + "\n";
    }

    private static ObjectNode comparison(Findings findings, boolean brief) {
        Comparison comparison = findings.comparison();
        Summary summary = Summary.of(comparison);
        ObjectNode node = NODES.objectNode();
        node.set("experiment", experiment(findings.experiment(), comparison));
        if (!brief) {
            ArrayNode runs = node.putArray("bestRuns");
            for (String workload : comparison.workloads()) {
                Columns.shownRuns(comparison, workload)
                        .forEach(run -> runs.add(run(run, comparison.ceiling(workload))));
            }
        }
        ArrayNode workloads = node.putArray("workloads");
        summary.rows().forEach(row -> workloads.add(row(row)));
        ObjectNode means = node.putObject("means");
        put(means, "lullOverRivalRatio", summary.mean(Summary.Row::lullOverRival));
        put(means, "lullOverOracleRatio", summary.mean(Summary.Row::lullOverOracle));
        put(means, "oracleOverRivalRatio", summary.mean(Summary.Row::oracleOverRival));
        ArrayNode standings = node.putArray("standings");
        summary.standings().forEach(standing -> standings.add(standing(standing)));
        ObjectNode oracle = node.putObject("oracle");
        oracle.put("asked", findings.experiment().oracle());
        findings.withoutOracle().forEach(oracle.putArray("noOracleBestRunIsTheCeiling")::add);
        findings.leftOut().forEach(node.putArray("leftOut")::add);
        return node;
    }

    private static ObjectNode experiment(Experiment experiment, Comparison comparison) {
        ObjectNode node = NODES.objectNode()
                .put("objective", TargetWords.of(experiment.targets()))
                .put("costModel", experiment.cost().name())
                .put("runNanos", experiment.settings().runNanos())
                .put("warmUpNanos", experiment.settings().warmUpNanos());
        experiment.seeds().forEach(node.putArray("seeds")::add);
        return node.put("runs", comparison.runs().size() * experiment.seeds().size());
    }

    private static ObjectNode row(Summary.Row row) {
        ObjectNode node = NODES.objectNode().put("workload", row.workload());
        put(node, "lullScoreRatio", row.lullScoreRatio());
        row.bestRival().ifPresent(rival -> node.putObject("bestRival")
                .put("policy", rival.policy())
                .put("setting", rival.setting())
                .put("scoreRatio", rival.scoreRatio()));
        put(node, "oracleScoreRatio", row.oracleScoreRatio());
        put(node, "lullOverRivalRatio", row.lullOverRival());
        put(node, "lullOverOracleRatio", row.lullOverOracle());
        put(node, "oracleOverRivalRatio", row.oracleOverRival());
        return node;
    }

    private static void put(ObjectNode node, String name, OptionalDouble value) {
        value.ifPresent(number -> node.put(name, number));
    }

    private static ObjectNode run(RunResult run, double ceilingRatio) {
        ObjectNode node = NODES.objectNode()
                .put("workload", run.workload())
                .put("policy", run.policy())
                .put("setting", run.setting())
                .put("usefulWorkRatio", run.usefulWorkRatio())
                .put("requestsPerSecond", run.requestsPerSecond())
                .put("transferredBytesPerSecond", run.transferredBytesPerSecond())
                .put("backgroundRatio", run.backgroundRatio());
        quantiles(node, "outputDelay", run.outputDelay());
        quantiles(node, "pause", run.pause());
        node.put("pausedRatio", run.pausedRatio())
                .put("checkpointsPerSecond", run.checkpointsPerSecond())
                .put("shippedBytesPerSecond", run.shippedBytesPerSecond())
                .put("dirtyPagesPerCheckpoint", run.dirtyPagesPerCheckpoint())
                .put("slotRatio", run.slotRatio())
                .put("planChangesPerSecond", run.planChangesPerSecond())
                .put("scoreRatio", run.scoreRatio());
        if (ceilingRatio > 0) {
            node.put("ceilingShareRatio", run.scoreRatio() / ceilingRatio);
        }
        ObjectNode reasons = node.putObject("reasons");
        new TreeMap<>(run.reasons()).forEach((reason, times) -> reasons.put(reason.name(), times));
        return node;
    }

    private static void quantiles(ObjectNode node, String name, Delays delays) {
        Quantiles.of(delays).ifPresent(quantiles -> node.putObject(name)
                .put("count", delays.count())
                .put("p50Nanos", quantiles.p50Nanos())
                .put("p99Nanos", quantiles.p99Nanos())
                .put("maxNanos", quantiles.maxNanos()));
    }

    private static ObjectNode standing(Summary.Standing standing) {
        ObjectNode node = NODES.objectNode()
                .put("policy", standing.policy())
                .put("workloads", standing.workloads())
                .put("scoreRatio", standing.scoreRatio())
                .put("ceilingShareRatio", standing.ceilingShareRatio());
        put(node, "lullAdvantageRatio", standing.lullAdvantageRatio());
        standing.lull().ifPresent(lull -> {
            ObjectNode ratios = node.putObject("lullOverIts").put("usefulWorkRatio", lull.usefulWorkRatio());
            put(ratios, "outputDelayP99Ratio", lull.outputDelayRatio());
            put(ratios, "shippedBytesForWorkRatio", lull.shippedBytesRatio());
        });
        ObjectNode single = node.putObject("bestSingleSetting")
                .put("setting", standing.single().setting())
                .put("scoreRatio", standing.single().scoreRatio());
        put(single, "lullAdvantageRatio", standing.lullAdvantageOverSingleRatio());
        return node;
    }
}
