package io.lull.local.scenario;

import io.lull.local.Await;
import io.lull.local.Intents;
import io.lull.local.LocalStack;
import io.lull.local.Outcome;
import io.lull.local.client.RedisBenchmark;
import io.lull.policy.OperatorIntent;
import io.lull.policy.TriggerPlacement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Compares schedules on one protected guest in one run: fixed 25 ms epochs, idle slots found on the host, idle slots
 * found in the job; closed-loop redis clients measure. Ratios are against the fixed rounds of the same run.
 */
public final class SchedulingScenario {
    private static final long PLAN_LIMIT_MILLIS = 15_000;
    private static final int T_MILLIS = 25;
    private static final double ROUND_SECONDS = 6;
    private static final int WARM_UP_REQUESTS = 8_000;

    private final LocalStack stack;
    private final List<Round> rounds = new ArrayList<>();

    public SchedulingScenario(LocalStack stack) {
        this.stack = stack;
    }

    /** One schedule under one number of clients. */
    public record Round(String schedule, RedisBenchmark.Result load, EpochSummary epochs) {
        String text() {
            return String.format(
                    "%-12s c=%-3d %7.0f ops/s, p50 %.2f ms, p99 %.2f ms%n%s",
                    schedule, load.clients(), load.opsPerSecond(), load.p50Millis(), load.p99Millis(), epochs.text());
        }
    }

    /** All rounds and what they must show. */
    public record Report(List<Round> rounds, List<Verdicts.Verdict> verdicts) implements Outcome {
        @Override
        public String text() {
            return rounds.stream().map(Round::text).collect(Collectors.joining("\n")) + "\n" + Verdicts.text(verdicts);
        }

        @Override
        public boolean allHeld() {
            return verdicts.stream().allMatch(Verdicts.Verdict::held);
        }
    }

    /** Runs all rounds, fixed ones first and last. */
    public Report run() throws IOException {
        warmUp();
        round("fixed", Intents.fixed(vm(), T_MILLIS), 10);
        round("fixed", Intents.fixed(vm(), T_MILLIS), 1);
        for (TriggerPlacement placement : List.of(TriggerPlacement.HOST, TriggerPlacement.JOB)) {
            String name = "idle-" + placement.name().toLowerCase(Locale.ROOT);
            round(name, Intents.idle(vm(), T_MILLIS, placement), 10);
            round(name, Intents.idle(vm(), T_MILLIS, placement), 1);
        }
        return new Report(List.copyOf(rounds), verdicts().all());
    }

    private String vm() {
        return stack.options().name();
    }

    /** The JVMs compile while this runs; without it the first round would measure the compiler. */
    private void warmUp() throws IOException {
        adopt(Intents.idle(vm(), T_MILLIS, TriggerPlacement.BOTH));
        RedisBenchmark.run(stack.network(), stack.options().folder(), 10, WARM_UP_REQUESTS);
    }

    private void round(String schedule, OperatorIntent intent, int clients) throws IOException {
        adopt(intent);
        double expectedOpsPerSecond = (schedule.equals("fixed") ? 40 : 120) * clients;
        int requests = (int) (expectedOpsPerSecond * ROUND_SECONDS);
        int from = stack.observed().reportCount();
        RedisBenchmark.Result load =
                RedisBenchmark.run(stack.network(), stack.options().folder(), clients, requests);
        Round round = new Round(schedule, load, EpochSummary.of(stack.observed().reports(from)));
        rounds.add(round);
        System.out.println(round.text());
    }

    /** Sends an intent and waits until the primary runs on a plan of its policy and placement. */
    private void adopt(OperatorIntent intent) throws IOException {
        long sentMicros = intent.issuedAtMicros();
        stack.control().intend(intent);
        String policy = intent.policy().orElseThrow();
        String placement = intent.placement().orElseThrow().name();
        Await.until(
                "a plan of " + policy + " placed " + placement + " (sent " + sentMicros + ")",
                PLAN_LIMIT_MILLIS,
                () -> stack.statusOf("primary")
                        .filter(status -> status.path("control").asText().equals("PLANNED"))
                        .filter(status -> status.path("policy").asText().equals(policy))
                        .filter(status -> status.path("placement").asText().equals(placement))
                        .isPresent());
    }

    private Verdicts verdicts() {
        Verdicts verdicts = new Verdicts();
        Round fixed10 = find("fixed", 10);
        Round fixed1 = find("fixed", 1);
        verdicts.check(
                "fixed 25 ms, c=10: 370 to 400 ops/s",
                within(fixed10.load().opsPerSecond(), 370, 400.5),
                fixed10.load().opsPerSecond());
        verdicts.check(
                "fixed 25 ms, c=10: p50 24 to 26 ms",
                within(fixed10.load().p50Millis(), 24, 26.05),
                fixed10.load().p50Millis());
        verdicts.check(
                "fixed 25 ms, c=1: 38 to 40 ops/s",
                within(fixed1.load().opsPerSecond(), 38, 40.05),
                fixed1.load().opsPerSecond());
        for (int clients : new int[] {10, 1}) {
            double fixed = find("fixed", clients).load().opsPerSecond();
            ratio(verdicts, "idle-host", clients, fixed, 2.5);
            ratio(verdicts, "idle-job", clients, fixed, 1.5);
        }
        verdicts.check(
                "shipped at least 8 times less than written, fixed 25 ms, c=10",
                fixed10.epochs().ratio() >= 8,
                fixed10.epochs().ratio());
        return verdicts;
    }

    private void ratio(Verdicts verdicts, String schedule, int clients, double fixed, double atLeast) {
        double times = find(schedule, clients).load().opsPerSecond() / fixed;
        verdicts.check(
                schedule + ", c=" + clients + ": at least " + atLeast + " times fixed",
                times >= atLeast,
                Math.round(times * 100) / 100.0);
    }

    private Round find(String schedule, int clients) {
        return rounds.stream()
                .filter(round ->
                        round.schedule().equals(schedule) && round.load().clients() == clients)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no round " + schedule + " c=" + clients));
    }

    private static boolean within(double value, double low, double high) {
        return value >= low && value <= high;
    }
}
