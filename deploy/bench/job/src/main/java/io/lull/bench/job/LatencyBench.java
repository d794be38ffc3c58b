package io.lull.bench.job;

import io.lull.bench.job.kafka.AnswerTail;
import io.lull.bench.job.kafka.Answered;
import io.lull.bench.job.kafka.SampleSender;
import io.lull.bench.job.load.Fleet;
import io.lull.bench.job.load.WallClock;
import io.lull.bench.job.report.Check;
import io.lull.bench.job.report.Figure;
import io.lull.bench.job.report.Findings;
import io.lull.bench.job.report.Median;
import io.lull.schemas.topic.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * How long after a sample was due its command is there: the job, the relay and Kafka Streams in turns, all of them
 * running all the time and one of them fed at a time. Each quantile is the median of what the turns measured.
 *
 * <p>Every sample leads to a command (the job is told to send its plan again at each), which is more than it ever does
 * in earnest, and the only load under which it can be compared with a relay.
 */
final class LatencyBench {
    private static final String RELAY = "relay";
    private static final int CHECKED_RATE = 1000;
    private static final double P50_LIMIT = 1.3;
    private static final double P99_LIMIT = 1.5;
    private static final double LEAST_ANSWERED = 0.999;
    private static final double[] QUANTILES = {50, 90, 99, 99.9};
    private static final int HEAP_MEBIBYTES = 512;
    private static final long LEASE_MICROS = 2_000_000;
    private static final long SAMPLE_MICROS = 10_000;
    private static final long GRACE_MILLIS = 500;

    private final Setup setup;
    private final Plan plan;
    private final Findings findings;
    private final WallClock clock = new WallClock();
    private final Map<String, TreeMap<Double, List<Double>>> quantiles = new LinkedHashMap<>();
    private final Map<String, List<Double>> answered = new LinkedHashMap<>();

    /**
     * How it is measured.
     *
     * @param policy by which the job and Kafka Streams decide
     * @param rates samples a second
     * @param vms how many VMs they come of
     * @param warmUpSeconds for which each contender is fed at each rate before a turn counts
     * @param turnSeconds length of a turn
     * @param turns of each contender at each rate
     */
    record Plan(String policy, List<Integer> rates, int vms, int warmUpSeconds, int turnSeconds, int turns) {}

    LatencyBench(Setup setup, Plan plan, Findings findings) {
        this.setup = setup;
        this.plan = plan;
        this.findings = findings;
    }

    void run() throws IOException {
        Map<String, String> options = Map.of(
                "lull.policy", plan.policy(), "lull.reassert", "1 ms", "lull.lease", LEASE_MICROS / 1000 + " ms");
        try (Contender job = Contender.job("job", setup, setup.topics("job"), HEAP_MEBIBYTES, options);
                Contender relay = Contender.relay(setup, setup.topics("relay"), HEAP_MEBIBYTES);
                Contender streams = Contender.streams(setup, setup.topics("streams"), HEAP_MEBIBYTES, options)) {
            List<Contender> contenders = List.of(relay, job, streams);
            List<Topic> answers = contenders.stream()
                    .map(contender -> contender.topics().commands())
                    .toList();
            try (AnswerTail tail = new AnswerTail(setup.connection(), answers, clock::nowMicros);
                    SampleSender sender = new SampleSender(
                            setup.connection(), new Fleet(plan.vms(), plan.vms(), SAMPLE_MICROS), clock)) {
                for (int rate : plan.rates()) {
                    measure(rate, contenders, sender, tail);
                }
            }
        }
    }

    private void measure(int rate, List<Contender> contenders, SampleSender sender, AnswerTail tail) {
        quantiles.clear();
        answered.clear();
        for (Contender contender : contenders) {
            turn(contender, rate, plan.warmUpSeconds(), sender, tail);
        }
        for (int turn = 0; turn < plan.turns(); turn++) {
            for (int i = 0; i < contenders.size(); i++) {
                // Each begins a round once, so that nobody always follows the same one.
                Contender contender = contenders.get((turn + i) % contenders.size());
                keep(
                        contender.name(),
                        turn(contender, rate, plan.turnSeconds(), sender, tail),
                        (long) rate * plan.turnSeconds());
            }
        }
        contenders.forEach(contender -> report(contender.name(), rate));
        if (rate == CHECKED_RATE) {
            check(rate);
        }
    }

    private Histogram turn(Contender contender, int rate, int seconds, SampleSender sender, AnswerTail tail) {
        boolean echo = contender.name().equals(RELAY);
        Answered answers = new Answered(contender.topics().commands().name(), echo, LEASE_MICROS);
        tail.handTo(answers);
        sender.send(contender.topics().telemetry().name(), rate, (long) rate * seconds);
        answers.awaitCount((long) rate * seconds, GRACE_MILLIS);
        return answers.takeMicros();
    }

    private void keep(String contender, Histogram micros, long sent) {
        for (double quantile : QUANTILES) {
            quantiles
                    .computeIfAbsent(contender, name -> new TreeMap<>())
                    .computeIfAbsent(quantile, q -> new ArrayList<>())
                    .add(micros.getValueAtPercentile(quantile) / 1000.0);
        }
        answered.computeIfAbsent(contender, name -> new ArrayList<>()).add((double) micros.getTotalCount() / sent);
    }

    private void report(String contender, int rate) {
        quantiles
                .getOrDefault(contender, new TreeMap<>())
                .forEach((quantile, turns) -> findings.add(new Figure(
                        String.format("latency %d/s %s p%s", rate, contender, text(quantile)),
                        Median.of(turns),
                        "ms")));
        double share = Median.of(answered.getOrDefault(contender, List.of()));
        findings.add(Check.atLeast(
                String.format("share of samples answered, %d/s, %s", rate, contender), share, LEAST_ANSWERED));
    }

    private void check(int rate) {
        findings.add(Check.atMost("latency at " + rate + "/s, p50, job over relay", ratio("job", 50), P50_LIMIT));
        findings.add(Check.atMost("latency at " + rate + "/s, p99, job over relay", ratio("job", 99), P99_LIMIT));
        for (double quantile : new double[] {50, 99}) {
            findings.add(new Figure(
                    String.format("latency %d/s p%s streams over relay", rate, text(quantile)),
                    ratio("streams", quantile),
                    "times"));
        }
    }

    private double ratio(String contender, double quantile) {
        List<Double> mine = quantiles.getOrDefault(contender, new TreeMap<>()).getOrDefault(quantile, List.of());
        List<Double> floor = quantiles.getOrDefault(RELAY, new TreeMap<>()).getOrDefault(quantile, List.of());
        return Median.ofRatios(mine, floor);
    }

    private static String text(double quantile) {
        return quantile == Math.rint(quantile) ? Integer.toString((int) quantile) : Double.toString(quantile);
    }
}
