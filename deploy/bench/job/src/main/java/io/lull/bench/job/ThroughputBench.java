package io.lull.bench.job;

import io.lull.bench.job.kafka.Backlog;
import io.lull.bench.job.kafka.Progress;
import io.lull.bench.job.load.Fleet;
import io.lull.bench.job.load.WallClock;
import io.lull.bench.job.report.Check;
import io.lull.bench.job.report.Figure;
import io.lull.bench.job.report.Findings;
import io.lull.bench.job.report.Median;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How many samples a second of CPU time is good for. A backlog of host ticks is written, then worked off as fast as it
 * goes by one contender after the other; counted is the CPU time of the contender's whole process, from the first record
 * to the commit of the last.
 *
 * <p>A backlog is worked off faster or slower than its VMs lived it. What the job does by the clock (it sends plans again)
 * is stretched by the same factor ({@link Dilation}), so that a sample carries as much of it as it would live. Flink
 * checkpoints come each second all the same.
 */
final class ThroughputBench {
    private static final double LEAST_PER_CPU_SECOND = 300_000;
    private static final double LEAST_OVER_STREAMS = 1.5;

    /** Of the windows that Kafka Streams writes for the same samples; with fewer the two have not done the same. */
    private static final double LEAST_WINDOWS = 0.95;

    private static final long FLINK_CHECKPOINTS_MILLIS = 1_000;
    private static final int HEAP_MEBIBYTES = 1536;

    private final Setup setup;
    private final Plan plan;
    private final Findings findings;

    /**
     * How it is measured.
     *
     * @param policy by which contenders decide
     * @param vms how many VMs
     * @param vmsPerHost how many of them are in a tick
     * @param samples of a turn, about
     * @param warmUpTurns that don't count: in them compilers are busy, and each contender's process is counted whole
     * @param turns that count
     * @param streams whether Kafka Streams runs too
     */
    record Plan(String policy, int vms, int vmsPerHost, long samples, int warmUpTurns, int turns, boolean streams) {
        long ticks() {
            return Math.max(1, samples / vms);
        }
    }

    ThroughputBench(Setup setup, Plan plan, Findings findings) {
        this.setup = setup;
        this.plan = plan;
        this.findings = findings;
    }

    void run() throws IOException {
        Topics topics = setup.replayedTopics("throughput");
        Map<String, String> options = Contender.replayed(Dilation.EXPECTED.options(plan.policy(), plan.vms()));
        options.put(Dilation.FLINK_CHECKPOINTS, FLINK_CHECKPOINTS_MILLIS + " ms");
        List<Contender> contenders = new ArrayList<>();
        try (Progress progress = new Progress(setup.connection());
                Backlog backlog = new Backlog(
                        setup.connection(),
                        new Fleet(plan.vms(), plan.vmsPerHost(), Dilation.SAMPLE_MICROS),
                        new WallClock().nowMicros(),
                        Dilation.SAMPLE_MICROS)) {
            contenders.add(Contender.job("job", setup, topics, HEAP_MEBIBYTES, options));
            if (plan.streams()) {
                contenders.add(Contender.streams(setup, topics, HEAP_MEBIBYTES, options));
            }
            contenders.add(Contender.committingRelay(setup, topics, HEAP_MEBIBYTES));
            measure(contenders, topics, backlog, progress);
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private void measure(List<Contender> contenders, Topics topics, Backlog backlog, Progress progress)
            throws IOException {
        List<List<Double>> perCpuSecond = new ArrayList<>();
        List<List<Double>> windows = new ArrayList<>();
        contenders.forEach(contender -> {
            perCpuSecond.add(new ArrayList<>());
            windows.add(new ArrayList<>());
        });
        for (int turn = 1 - plan.warmUpTurns(); turn <= plan.turns(); turn++) {
            for (Contender contender : contenders) {
                contender.shut();
            }
            long samples = backlog.write(topics.telemetry().name(), plan.ticks());
            for (int i = 0; i < contenders.size(); i++) {
                int at = Math.floorMod(turn + i, contenders.size());
                WorkedOff worked = WorkedOff.measure(contenders.get(at), topics, samples, backlog, progress);
                if (turn > 0) {
                    perCpuSecond.get(at).add(worked.perCpuSecond());
                    windows.get(at).add((double) worked.windows() / samples);
                    worked.report(
                            findings,
                            "throughput turn " + turn + " " + contenders.get(at).name());
                }
            }
        }
        report(perCpuSecond, windows);
    }

    /** The job's figures come first in both lists, those of Kafka Streams second, those of the relay last. */
    private void report(List<List<Double>> perCpuSecond, List<List<Double>> windows) {
        double job = Median.of(perCpuSecond.get(0));
        List<Double> relay = perCpuSecond.get(perCpuSecond.size() - 1);
        findings.add(new Figure("throughput relay", Median.of(relay), "samples per CPU-second, whole ticks copied"));
        findings.add(new Figure("throughput job", job, "samples per CPU-second"));
        findings.add(Check.atLeast("samples per CPU-second of the job", job, LEAST_PER_CPU_SECOND));
        if (plan.streams()) {
            double streams = Median.of(perCpuSecond.get(1));
            findings.add(new Figure("throughput streams", streams, "samples per CPU-second"));
            findings.add(Check.atLeast(
                    "samples per CPU-second, job over Kafka Streams",
                    Median.ofRatios(perCpuSecond.get(0), perCpuSecond.get(1)),
                    LEAST_OVER_STREAMS));
            findings.add(Check.atLeast(
                    "windows of a sample, job over Kafka Streams",
                    Median.ofRatios(windows.get(0), windows.get(1)),
                    LEAST_WINDOWS));
        }
    }
}
