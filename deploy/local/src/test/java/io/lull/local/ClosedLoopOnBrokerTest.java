package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.schedule.Operators;
import io.lull.local.loop.Epoch;
import io.lull.local.loop.Expectation;
import io.lull.local.loop.LiveLoop;
import io.lull.local.loop.SlowClock;
import io.lull.local.loop.Trial;
import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.sim.ControlPath;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import io.lull.worker.config.KafkaConfig;
import io.lull.worker.primary.SimulatedPrimary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole loop by real clocks: the job on a Flink mini cluster, a real broker, and a worker's control code for each
 * policy, all at once, around simulated guests. Their epochs must be such as the simulator predicts, within the tolerances
 * of {@link Expectation}; a worker that ignores its plans and an interval other than the one predicted must not be.
 */
class ClosedLoopOnBrokerTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Wire WIRE = new Wire();
    private static final long MILLI = 1_000_000;

    /** A dozen workers, a broker and a Flink cluster share a machine that may have two cores. */
    private static final int SLOWDOWN = 4;

    // In the guests' time; periods as in a worker's configuration.
    private static final long TICK_NANOS = MILLI / 2;
    private static final long TELEMETRY_NANOS = 10 * MILLI;
    private static final long FAST_TELEMETRY_NANOS = MILLI;
    private static final long WARM_UP_NANOS = 2_500 * MILLI;
    private static final long SPAN_NANOS = 2_000 * MILLI;

    /** What plans take through the job: 1 ms of the machine's time on a quiet machine, 24 ms on a loaded one. */
    private static final List<Long> WAYS_NANOS = List.of(MILLI / 4, 6 * MILLI);

    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
    private static final String WORKLOAD = "closed-10";

    /**
     * The workload for {@code remus.adaptive}, whose threshold is 100 frames a second: ten clients get just that from
     * its epochs of 100 ms, so that a microsecond would decide between its modes.
     */
    private static final String BUSIER_WORKLOAD = "closed-50";

    @TempDir
    private Path folder;

    /** A policy on its VM, and what is done to it. */
    private record Entry(
            String name, Trial trial, OperatorIntent intent, Predicate<WorkerCommand> heeds, boolean holds) {
        VmId vm() {
            return new VmId(name);
        }
    }

    /** What a worker reported, and how long its commands took. */
    private record Seen(List<Epoch> epochs, List<Long> waysNanos) {}

    private static Entry honest(String policy, TriggerPlacement placement) {
        String name = policy + "-" + placement.name().toLowerCase(Locale.ROOT);
        String workload = policy.equals("remus.adaptive") ? BUSIER_WORKLOAD : WORKLOAD;
        Trial trial = new Trial(policy, workload, placement, SEEDS.get(0));
        return new Entry(name, trial, trial.intent(new VmId(name)), command -> true, true);
    }

    private static List<Entry> entries() {
        PolicyRegistry registry = PolicyRegistry.standard();
        List<Entry> entries = new ArrayList<>();
        for (String policy : registry.names()) {
            if (Operators.whyNot(registry, policy).isEmpty()) {
                entries.add(honest(policy, TriggerPlacement.HOST));
            }
        }
        entries.add(honest("plover.idle", TriggerPlacement.JOB));
        entries.add(honest("lull", TriggerPlacement.JOB));
        Trial fixed = new Trial("remus.fixed", WORKLOAD, TriggerPlacement.HOST, SEEDS.get(0));
        entries.add(new Entry(
                "ignores-plans",
                fixed,
                fixed.intent(new VmId("ignores-plans")),
                command -> !(command instanceof StandingPlan),
                false));
        Objectives asked = fixed.objectives();
        Objectives longer = new Objectives(
                asked.intervalNanos() + 5 * MILLI, asked.maxEpochNanos(), asked.placement(), asked.targets());
        entries.add(new Entry(
                "other-interval", fixed, fixed.intent(new VmId("other-interval"), longer), command -> true, false));
        return entries;
    }

    /** How often the job hears of the VM, by the worker's own rule. */
    private static long telemetryNanos(Trial trial) {
        boolean fast = trial.policy().equals("lull") || trial.placement().inJob();
        return fast ? FAST_TELEMETRY_NANOS : TELEMETRY_NANOS;
    }

    /**
     * What is expected of a trial.
     *
     * @param waysNanos how long its commands took, ascending; without any, plans may take what {@link #WAYS_NANOS} says
     */
    private static Expectation expected(Trial trial, List<Long> waysNanos) {
        long telemetryNanos = telemetryNanos(trial);
        List<ControlPath> paths = waysNanos.isEmpty()
                ? WAYS_NANOS.stream()
                        .map(wayNanos -> Trial.steadyWay(telemetryNanos, wayNanos))
                        .toList()
                : List.of(Trial.way(telemetryNanos, quantile(waysNanos, 0.5), quantile(waysNanos, 0.99)));
        List<List<Epoch>> predictions = new ArrayList<>();
        for (ControlPath path : paths) {
            for (long seed : SEEDS) {
                predictions.add(new Trial(trial.policy(), trial.workload(), trial.placement(), seed)
                        .predicted(Trial.settings(TICK_NANOS, path, WARM_UP_NANOS, SPAN_NANOS)));
            }
        }
        return new Expectation(predictions, SPAN_NANOS, new Expectation.Lateness(TICK_NANOS, telemetryNanos));
    }

    private static long quantile(List<Long> ascending, double q) {
        return ascending.get((int) (q * (ascending.size() - 1)));
    }

    /** Options of the job: times that the guests' hosts see must be as slow as their clocks. */
    private static Map<String, String> options() {
        return Map.of(
                "lull.policy", "remus.fixed",
                "lull.placement", "HOST",
                "lull.metrics", "false",
                "lull.reassert", 500 * SLOWDOWN + " ms",
                "lull.lease", 2 * SLOWDOWN + " s");
    }

    @Test
    @Timeout(180)
    void epochsOfEveryPolicyAreSuchAsTheSimulatorPredicts() throws Exception {
        List<Entry> entries = entries();
        List<Seen> seen;
        try (JobOnBroker job = JobOnBroker.start(folder, TOPICS, options())) {
            for (Entry entry : entries) {
                job.topics().send(TOPICS.intents().name(), RecordKeys.of(entry.intent()), WIRE.encode(entry.intent()));
            }
            awaitJob(job);
            seen = run(job, entries);
            assertThat(job.restarts()).isZero();
        }
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            judge(entries.get(i), seen.get(i)).ifPresent(wrong::add);
        }
        assertThat(wrong).isEmpty();
    }

    /** What is wrong with what was seen of an entry; empty when nothing is, or when that is what was to be noticed. */
    private static Optional<String> judge(Entry entry, Seen seen) {
        Expectation expected = expected(entry.trial(), seen.waysNanos());
        List<String> misses = expected.misses(seen.epochs(), SPAN_NANOS);
        StringBuilder line = new StringBuilder("closed loop by real clocks: ")
                .append(entry.name())
                .append(": ")
                .append(expected.compare(seen.epochs(), SPAN_NANOS));
        if (!seen.waysNanos().isEmpty()) {
            line.append("; from sample to firing ")
                    .append(SLOWDOWN * quantile(seen.waysNanos(), 0.5) / 1000)
                    .append(" us of the machine's time, p99 ")
                    .append(SLOWDOWN * quantile(seen.waysNanos(), 0.99) / 1000);
        }
        System.out.println(line + (misses.isEmpty() ? "" : "; not as predicted: " + misses));
        if (entry.holds() == misses.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(entry.name() + (entry.holds() ? ": " + misses : " was not noticed"));
    }

    /** Returns when the job plans: it reads what comes from then on. */
    private static void awaitJob(JobOnBroker job) throws Exception {
        LullSamples scout = new LullSamples(new VmId("scout"), 1);
        job.until("a plan for the scout", () -> {
            job.topics().send(TOPICS.telemetry().name(), "scout", WIRE.encode(scout.next()));
            return !job.topics().received(TOPICS.commands().name()).isEmpty();
        });
    }

    private static List<Seen> run(JobOnBroker job, List<Entry> entries) throws Exception {
        KafkaConfig kafka = new KafkaConfig(job.bootstrapServers(), TOPICS.prefix(), "");
        SimulatedPrimary.Periods periods =
                new SimulatedPrimary.Periods(TICK_NANOS, TELEMETRY_NANOS, FAST_TELEMETRY_NANOS);
        SlowClock clock = new SlowClock(SLOWDOWN);
        List<LiveLoop> loops = new ArrayList<>();
        try {
            for (Entry entry : entries) {
                loops.add(new LiveLoop(entry.trial(), entry.vm(), kafka, clock, periods, entry.heeds()));
            }
            clock.start();
            loops.forEach(LiveLoop::start);
            // Somewhat more, for the last commits to be reported.
            long endNanos = WARM_UP_NANOS + SPAN_NANOS + 100 * MILLI;
            // The hosts live for a span of their clocks, which is what is compared: there is no event to wait for.
            while (clock.nanos() < endNanos) {
                Thread.sleep(Math.max(1, (endNanos - clock.nanos()) * SLOWDOWN / MILLI));
            }
            return loops.stream()
                    .map(loop ->
                            new Seen(loop.epochs(WARM_UP_NANOS, SPAN_NANOS), loop.waysNanos(WARM_UP_NANOS, SPAN_NANOS)))
                    .toList();
        } finally {
            loops.forEach(LiveLoop::close);
        }
    }
}
