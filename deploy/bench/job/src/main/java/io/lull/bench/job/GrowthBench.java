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
import java.util.TreeMap;

/**
 * What a sample costs as VMs become more: the same work for each sample ({@link ThroughputBench}), for fleets of several
 * sizes, each by a job of its own whose heap is 2 GiB.
 *
 * <p>All that goes by the clock is stretched alike ({@link Dilation}), Flink checkpoints too: a sample carries as much of
 * them as where 100,000 VMs have the cores that their samples ask for, a Flink checkpoint each second of a VM's life. Each
 * second of this machine's, a fleet worked off at a thirtieth of its pace would write its state thirty times as often.
 * How fast a fleet is worked off a job of its own tells before, in one turn that does not count: with one pace for all, the
 * fleet that costs most would be given most Flink checkpoints and plans a sample on top. It goes by CPU time, as a core is
 * about what the job keeps busy: how long a turn takes depends on what else the machine does, and on the Flink checkpoint
 * that it ends with.
 */
final class GrowthBench {
    private static final int FEW = 1_000;
    private static final int MANY = 100_000;
    private static final double MOST_GROWTH = 1.5;
    private static final long FLINK_CHECKPOINTS_MILLIS = 1_000;
    private static final int HEAP_MEBIBYTES = 2048;

    /** Of the turn that tells the pace, for every fleet: compilers are busy in it, and weigh as much in each. */
    private static final long PACE_SAMPLES = 10_000_000;

    private static final double MOST_LIVE_GIBIBYTES = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Setup setup;
    private final Plan plan;
    private final Findings findings;
    private final Map<Integer, Double> nanosPerSample = new TreeMap<>();

    /**
     * How it is measured.
     *
     * @param policy by which the job decides
     * @param vms sizes of fleets
     * @param vmsPerHost how many VMs are in a tick
     * @param samples of a turn, about; at least a second's of each VM, and with it a Flink checkpoint's
     * @param warmUpTurns that don't count
     * @param turns that count
     */
    record Plan(String policy, List<Integer> vms, int vmsPerHost, long samples, int warmUpTurns, int turns) {
        private static final int LEAST_TICKS = 100;

        long ticks(int vms) {
            return ticks(vms, samples);
        }

        static long ticks(int vms, long samples) {
            return Math.max(LEAST_TICKS, samples / vms);
        }
    }

    GrowthBench(Setup setup, Plan plan, Findings findings) {
        this.setup = setup;
        this.plan = plan;
        this.findings = findings;
    }

    void run() throws IOException {
        for (int vms : plan.vms()) {
            measure(vms);
        }
        Double few = nanosPerSample.get(FEW);
        Double many = nanosPerSample.get(MANY);
        if (few != null && many != null) {
            findings.add(Check.atMost("cost of a sample, 100,000 VMs over 1,000", many / few, MOST_GROWTH));
        }
    }

    /** At which pace a fleet is worked off. */
    private Dilation paceOf(int vms) throws IOException {
        Topics topics = setup.replayedTopics("pace-" + vms);
        try (Progress progress = new Progress(setup.connection());
                Backlog backlog = backlog(vms);
                Contender job = job("pace-" + vms, vms, topics, Dilation.EXPECTED)) {
            long ticks = Plan.ticks(vms, PACE_SAMPLES);
            Dilation pace =
                    new Dilation(turn(job, topics, ticks, backlog, progress).perCpuSecond());
            findings.add(new Figure("growth " + vms + " VMs, pace", pace.worksOffPerSecond(), "samples a second"));
            return pace;
        }
    }

    private Backlog backlog(int vms) {
        Fleet fleet = new Fleet(vms, plan.vmsPerHost(), Dilation.SAMPLE_MICROS);
        return new Backlog(setup.connection(), fleet, new WallClock().nowMicros(), Dilation.SAMPLE_MICROS);
    }

    private Contender job(String name, int vms, Topics topics, Dilation pace) throws IOException {
        Map<String, String> options = Contender.replayed(pace.options(plan.policy(), vms));
        options.put(Dilation.FLINK_CHECKPOINTS, pace.stretchedMillis(FLINK_CHECKPOINTS_MILLIS, vms) + " ms");
        return Contender.job(name, setup, topics, HEAP_MEBIBYTES, options);
    }

    private static WorkedOff turn(Contender job, Topics topics, long ticks, Backlog backlog, Progress progress)
            throws IOException {
        job.shut();
        long samples = backlog.write(topics.telemetry().name(), ticks);
        return WorkedOff.measure(job, topics, samples, backlog, progress);
    }

    private void measure(int vms) throws IOException {
        Dilation pace = paceOf(vms);
        Topics topics = setup.replayedTopics("growth-" + vms);
        try (Progress progress = new Progress(setup.connection());
                Backlog backlog = backlog(vms);
                Contender job = job("job-" + vms, vms, topics, pace)) {
            List<Double> nanos = new ArrayList<>();
            for (int turn = 1 - plan.warmUpTurns(); turn <= plan.turns(); turn++) {
                WorkedOff worked = turn(job, topics, plan.ticks(vms), backlog, progress);
                if (turn > 0) {
                    nanos.add(NANOS_PER_SECOND / worked.perCpuSecond());
                    worked.report(findings, "growth " + vms + " VMs, turn " + turn);
                }
            }
            nanosPerSample.put(vms, Median.of(nanos));
            findings.add(new Figure("growth " + vms + " VMs", Median.of(nanos), "ns of CPU time per sample"));
            double liveGibibytes = job.liveBytes() / (double) (1 << 30);
            findings.add(new Figure("growth " + vms + " VMs, live heap", liveGibibytes, "GiB"));
            if (vms == MANY) {
                // It ran in a heap of 2 GiB, or it would not have come here.
                findings.add(Check.atMost("live heap for 100,000 VMs, GiB", liveGibibytes, MOST_LIVE_GIBIBYTES));
            }
        }
    }
}
