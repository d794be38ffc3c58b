package io.lull.local.scenario;

import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.Intents;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import io.lull.local.Outcome;
import io.lull.local.client.IncrClient;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Takes Kafka away for ten seconds: the VM stays protected on the safe interval, and control returns by itself. */
public final class OutageScenario {
    private static final long OUTAGE_MILLIS = 10_000;
    private static final long BACK_LIMIT_MILLIS = 20_000;
    private static final long SETTLE_MILLIS = 3_000;
    private static final long PLAN_LIMIT_MILLIS = 15_000;
    private static final long REPORTS_LIMIT_MILLIS = 10_000;
    private static final long LEASE_MILLIS = 2_000;
    private static final long CONTROL_LIMIT_MILLIS = 2_000;
    private static final int LOAD_SECONDS = 30;
    private static final int T_MAX_MILLIS = 25;
    private static final long MICROS_PER_MILLI = 1_000;

    private final LocalStack stack;

    public OutageScenario(LocalStack stack) {
        this.stack = stack;
    }

    /**
     * What was seen.
     *
     * @param longestGapMillis between two checkpoints, from before the outage until after it
     * @param fallbackEpochs ended by the safe interval
     * @param controlBackMillis from the broker's return until a plan held again
     */
    public record Report(
            double longestGapMillis,
            long fallbackEpochs,
            double fallbackLengthP50Millis,
            double controlBackMillis,
            List<Verdicts.Verdict> verdicts)
            implements Outcome {
        @Override
        public boolean allHeld() {
            return verdicts.stream().allMatch(Verdicts.Verdict::held);
        }

        @Override
        public String text() {
            return Verdicts.text(verdicts);
        }
    }

    /** Runs it. */
    public Report run() throws IOException {
        stack.control().intend(Intents.idle(stack.options().name(), T_MAX_MILLIS, TriggerPlacement.HOST));
        awaitControl("PLANNED", PLAN_LIMIT_MILLIS);
        int from = stack.observed().reportCount();
        Path log = stack.options().folder().resolve("incr.jsonl");
        ManagedProcess incr = stack.own(stack.clientProcess(
                "incr",
                List.of(
                        IncrClient.class.getName(),
                        GuestSpec.ADDRESS,
                        "6379",
                        String.valueOf(LOAD_SECONDS),
                        "lull:outage"),
                log));
        Await.pass(SETTLE_MILLIS);
        long stoppedMicros = nowMicros();
        stack.control().stopBroker();
        awaitControl("FALLBACK", OUTAGE_MILLIS);
        Await.pass(OUTAGE_MILLIS - (nowMicros() - stoppedMicros) / MICROS_PER_MILLI);
        stack.control().startBroker();
        long startedMicros = nowMicros();
        awaitControl("PLANNED", BACK_LIMIT_MILLIS);
        long backMicros = nowMicros();
        Await.pass(SETTLE_MILLIS);
        Await.until(
                "the reports of the outage have arrived",
                REPORTS_LIMIT_MILLIS,
                () -> stack.observed().reports(from).stream().anyMatch(r -> r.endedAtMicros() > backMicros));
        incr.await(LOAD_SECONDS * 1000L);
        return report(from, stoppedMicros, startedMicros, backMicros);
    }

    private Report report(int from, long stoppedMicros, long startedMicros, long backMicros) {
        List<EpochReport> epochs = stack.observed().reports(from).stream()
                .sorted(Comparator.comparingLong(EpochReport::epoch))
                .toList();
        long longestGapMicros = 0;
        boolean gapless = true;
        for (int i = 1; i < epochs.size(); i++) {
            longestGapMicros = Math.max(
                    longestGapMicros,
                    epochs.get(i).endedAtMicros() - epochs.get(i - 1).endedAtMicros());
            gapless &= epochs.get(i).epoch() == epochs.get(i - 1).epoch() + 1;
        }
        long outageEndMicros = startedMicros;
        List<EpochReport> dark = epochs.stream()
                .filter(e -> e.endedAtMicros() > stoppedMicros + LEASE_MILLIS * MICROS_PER_MILLI)
                .filter(e -> e.endedAtMicros() < outageEndMicros)
                .toList();
        List<EpochReport> fallback =
                dark.stream().filter(e -> e.reason() == TriggerReason.FALLBACK).toList();
        double fallbackP50 = fallback.isEmpty() ? 0 : EpochSummary.of(fallback).lengthP50Millis();
        double controlBackMillis = (backMicros - startedMicros) / (double) MICROS_PER_MILLI;
        double longestGapMillis = longestGapMicros / (double) MICROS_PER_MILLI;
        Verdicts verdicts = new Verdicts();
        verdicts.check("no second without a committed checkpoint", longestGapMillis < 1000, longestGapMillis + " ms");
        verdicts.check("every epoch's report arrived", gapless && epochs.size() > 1, epochs.size() + " epochs");
        verdicts.check(
                "after the lease all epochs were fallback ones",
                !dark.isEmpty() && fallback.size() == dark.size(),
                fallback.size() + " of " + dark.size());
        verdicts.check(
                "fallback epochs kept the safe interval of 25 ms",
                fallbackP50 >= 12.5 && fallbackP50 <= 30,
                fallbackP50 + " ms from resume to pause");
        verdicts.check(
                "a FALLBACK event said so",
                stack.observed().saw(ReplicationEvent.Kind.FALLBACK, stoppedMicros),
                stack.observed().events().size() + " events");
        verdicts.check(
                "a PLAN_CONTROL event said that control is back",
                stack.observed().saw(ReplicationEvent.Kind.PLAN_CONTROL, startedMicros),
                stack.observed().events().size() + " events");
        verdicts.check(
                "control was back within 2 s of the broker's return",
                controlBackMillis <= CONTROL_LIMIT_MILLIS,
                controlBackMillis + " ms");
        return new Report(longestGapMillis, fallback.size(), fallbackP50, controlBackMillis, verdicts.all());
    }

    private void awaitControl(String state, long limitMillis) throws IOException {
        Await.until("control is " + state, limitMillis, () -> stack.statusOf("primary")
                .filter(status -> status.path("control").asText().equals(state))
                .isPresent());
    }

    private static long nowMicros() {
        return System.currentTimeMillis() * MICROS_PER_MILLI;
    }
}
