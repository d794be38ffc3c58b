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
import java.util.TreeMap;

/** A comparison as JSON: what the table shows, in full precision; what is not known is left out. */
public final class JsonReport {
    private JsonReport() {}

    public static String of(Findings findings) {
        Comparison comparison = findings.comparison();
        Summary summary = Summary.of(comparison);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("experiment", experiment(findings.experiment(), comparison));
        ArrayNode runs = root.putArray("bestRuns");
        for (String workload : comparison.workloads()) {
            Columns.bestRuns(comparison, workload).forEach(run -> runs.add(run(run, comparison.ceiling(workload))));
        }
        ArrayNode standings = root.putArray("standings");
        summary.standings().forEach(standing -> standings.add(standing(standing)));
        summary.hardest().ifPresent(hardest -> root.putObject("hardestForLull")
                .put("workload", hardest.workload())
                .put("bestRival", hardest.rival())
                .put("setting", hardest.setting())
                .put("scoreRatio", hardest.scoreRatio()));
        ObjectNode oracle = root.putObject("oracleScores");
        new TreeMap<>(comparison.oracleScores()).forEach(oracle::put);
        findings.leftOut().forEach(root.putArray("leftOut")::add);
        return root.toPrettyString() + "\n";
    }

    private static ObjectNode experiment(Experiment experiment, Comparison comparison) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("objective", TargetWords.of(experiment.targets()))
                .put("costModel", experiment.cost().name())
                .put("runNanos", experiment.settings().runNanos())
                .put("warmUpNanos", experiment.settings().warmUpNanos())
                .put("seed", experiment.seed())
                .put("runs", comparison.runs().size());
    }

    private static ObjectNode run(RunResult run, double ceilingRatio) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
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
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("policy", standing.policy())
                .put("workloads", standing.workloads())
                .put("scoreRatio", standing.scoreRatio());
        standing.lullAdvantageRatio().ifPresent(ratio -> node.put("lullAdvantageRatio", ratio));
        return node.put("ceilingShareRatio", standing.ceilingShareRatio());
    }
}
