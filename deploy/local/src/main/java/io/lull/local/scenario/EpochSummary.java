package io.lull.local.scenario;

import io.lull.policy.signal.EpochReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The epochs of a stretch of a run, summed up; all times in milliseconds.
 *
 * @param reasons how many epochs each trigger reason ended
 * @param workerP50Millis how much of a pause the worker took itself, see {@link EpochReport.Pause#workerNanos}
 * @param signalToDecisionP50Millis from the end of the deciding sample until the worker's trigger fired
 * @param decisionToPauseP50Millis from there until the guest was paused
 */
public record EpochSummary(
        int epochs,
        Map<String, Long> reasons,
        double lengthP50Millis,
        double lengthP99Millis,
        double pauseP50Millis,
        double pauseP99Millis,
        double stopP50Millis,
        double captureP50Millis,
        double deviceStateP50Millis,
        double workerP50Millis,
        double workerP99Millis,
        double commitP50Millis,
        double commitP99Millis,
        double heldP50Millis,
        double heldP99Millis,
        double signalToDecisionP50Millis,
        double signalToDecisionP99Millis,
        double decisionToPauseP50Millis,
        double decisionToPauseP99Millis,
        double deltaP50Millis,
        double compressP50Millis,
        long dirtyPagesP50,
        long writtenBytes,
        long deltaBytes,
        long shippedBytes,
        double ratio) {

    /** Sums up; there must be at least one report. */
    public static EpochSummary of(List<EpochReport> reports) {
        if (reports.isEmpty()) {
            throw new IllegalArgumentException("no epochs to sum up");
        }
        Map<String, Long> reasons = new TreeMap<>(
                reports.stream().collect(Collectors.groupingBy(r -> r.reason().name(), Collectors.counting())));
        long written = sum(reports, r -> r.bytes().writtenBytes());
        long shipped = sum(reports, r -> r.bytes().shippedBytes());
        return new EpochSummary(
                reports.size(),
                reasons,
                millis(reports, 0.5, EpochReport::lengthNanos),
                millis(reports, 0.99, EpochReport::lengthNanos),
                millis(reports, 0.5, r -> r.pause().totalNanos()),
                millis(reports, 0.99, r -> r.pause().totalNanos()),
                millis(reports, 0.5, r -> r.pause().stopNanos()),
                millis(reports, 0.5, r -> r.pause().captureNanos()),
                millis(reports, 0.5, r -> r.pause().deviceStateNanos()),
                millis(reports, 0.5, r -> r.pause().workerNanos()),
                millis(reports, 0.99, r -> r.pause().workerNanos()),
                millis(reports, 0.5, r -> r.stages().commitNanos()),
                millis(reports, 0.99, r -> r.stages().commitNanos()),
                millis(reports, 0.5, r -> r.held().maxWaitNanos()),
                millis(reports, 0.99, r -> r.held().maxWaitNanos()),
                millis(reports, 0.5, r -> r.trigger().signalToDecisionNanos()),
                millis(reports, 0.99, r -> r.trigger().signalToDecisionNanos()),
                millis(reports, 0.5, r -> r.trigger().decisionToPauseNanos()),
                millis(reports, 0.99, r -> r.trigger().decisionToPauseNanos()),
                millis(reports, 0.5, r -> r.stages().deltaNanos()),
                millis(reports, 0.5, r -> r.stages().compressNanos()),
                quantile(reports, 0.5, r -> r.pages().dirtyPages()),
                written,
                sum(reports, r -> r.bytes().deltaBytes()),
                shipped,
                round(written / (double) Math.max(1, shipped)));
    }

    private static long sum(List<EpochReport> reports, ToLongFunction<EpochReport> value) {
        return reports.stream().mapToLong(value).sum();
    }

    private static double millis(List<EpochReport> reports, double share, ToLongFunction<EpochReport> nanos) {
        return round(quantile(reports, share, nanos) / 1e6);
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    static long quantile(List<EpochReport> reports, double share, ToLongFunction<EpochReport> value) {
        long[] sorted = reports.stream().mapToLong(value).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    /** Some lines for a person. */
    public String text() {
        return String.format(
                "epochs %d %s%n  length p50/p99 %.1f/%.1f ms, pause p50/p99 %.2f/%.2f ms (stop %.2f, pages %.2f, device"
                        + " %.2f; the worker's own %.2f/%.2f), commit p50/p99 %.2f/%.2f ms%n  held output p50/p99 %.1f/%.1f ms, signal to decision"
                        + " p50/p99 %.2f/%.2f ms, decision to pause p50/p99 %.2f/%.2f ms%n  dirty pages p50 %d, written"
                        + " %.1f MiB, delta %.1f MiB, shipped %.1f MiB: %.1f times smaller",
                epochs,
                reasons,
                lengthP50Millis,
                lengthP99Millis,
                pauseP50Millis,
                pauseP99Millis,
                stopP50Millis,
                captureP50Millis,
                deviceStateP50Millis,
                workerP50Millis,
                workerP99Millis,
                commitP50Millis,
                commitP99Millis,
                heldP50Millis,
                heldP99Millis,
                signalToDecisionP50Millis,
                signalToDecisionP99Millis,
                decisionToPauseP50Millis,
                decisionToPauseP99Millis,
                dirtyPagesP50,
                writtenBytes / 1048576.0,
                deltaBytes / 1048576.0,
                shippedBytes / 1048576.0,
                ratio);
    }
}
