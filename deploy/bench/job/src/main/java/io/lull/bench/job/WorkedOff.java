package io.lull.bench.job;

import io.lull.bench.job.kafka.Backlog;
import io.lull.bench.job.kafka.Progress;
import io.lull.bench.job.report.Figure;
import io.lull.bench.job.report.Findings;
import io.lull.schemas.topic.Topics;
import java.io.IOException;

/**
 * What it took a contender to work off a part of a backlog.
 *
 * @param samples how many
 * @param cpuNanos CPU time of its process
 * @param wallNanos how long it took
 * @param commands how many it wrote
 * @param decisions how many it wrote
 * @param windows how many it wrote
 */
record WorkedOff(long samples, long cpuNanos, long wallNanos, long commands, long decisions, long windows) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Opens the gate, waits until all of the telemetry so far is committed, and shuts it again. */
    static WorkedOff measure(Contender contender, Topics topics, long samples, Backlog backlog, Progress progress)
            throws IOException {
        long commands = progress.written(topics.commands());
        long decisions = progress.written(topics.decisions());
        long windows = progress.written(topics.metrics());
        long cpuNanos = contender.cpuNanos();
        long startNanos = System.nanoTime();
        contender.open();
        progress.awaitDone(contender.group(), topics.telemetry(), backlog);
        WorkedOff worked = new WorkedOff(
                samples,
                contender.cpuNanos() - cpuNanos,
                System.nanoTime() - startNanos,
                progress.written(topics.commands()) - commands,
                progress.written(topics.decisions()) - decisions,
                progress.written(topics.metrics()) - windows);
        contender.shut();
        return worked;
    }

    double perCpuSecond() {
        return samples / (cpuNanos / NANOS_PER_SECOND);
    }

    /** Adds what a reader needs to judge the figure. */
    void report(Findings findings, String name) {
        findings.add(new Figure(name, perCpuSecond(), "samples per CPU-second"));
        findings.add(new Figure(name + ", cores", (double) cpuNanos / wallNanos, "cores busy"));
        findings.add(new Figure(name + ", commands", (double) commands / samples, "per sample"));
        findings.add(new Figure(name + ", decisions", (double) decisions / samples, "per sample"));
        findings.add(new Figure(name + ", windows", (double) windows / samples, "per sample"));
    }
}
