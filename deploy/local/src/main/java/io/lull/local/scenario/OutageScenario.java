package io.lull.local.scenario;

import io.lull.local.Await;
import io.lull.local.Intents;
import io.lull.local.LocalStack;
import io.lull.local.Outcome;
import io.lull.local.client.IncrReport;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import java.io.IOException;
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
    private static final long CLIENT_LIMIT_MILLIS = 60_000;
    /** In 8 s on the safe interval a closed-loop client gets some 300: far fewer, and output was held back. */
    private static final long LEAST_REPLIES = 100;

    private static final int T_MAX_MILLIS = 25;
    /** A pause that takes longer is given up, and as much again for a machine that stands still. */
    private static final long LONGEST_GAP_MILLIS = 4_000;

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
     * @param incr the closed-loop INCR client's own report
     */
    public record Report(
            double longestGapMillis,
            long fallbackEpochs,
            double fallbackLengthP50Millis,
            double controlBackMillis,
            IncrReport incr,
            List<Verdicts.Verdict> verdicts)
            implements Outcome {
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
        LoadClient incr = LoadClient.incr(stack, LOAD_SECONDS, "lull:outage");
        Await.pass(SETTLE_MILLIS);
        long stoppedMicros = nowMicros();
        stack.plane().stopBroker();
        awaitControl("FALLBACK", OUTAGE_MILLIS);
        long repliesInTheDark = incr.replies();
        Await.pass(OUTAGE_MILLIS - (nowMicros() - stoppedMicros) / MICROS_PER_MILLI);
        repliesInTheDark = incr.replies() - repliesInTheDark;
        stack.plane().startBroker();
        long startedMicros = nowMicros();
        awaitControl("PLANNED", BACK_LIMIT_MILLIS);
        Moments moments = new Moments(stoppedMicros, startedMicros, nowMicros());
        Await.pass(SETTLE_MILLIS);
        Await.until(
                "the reports of the outage have arrived",
                REPORTS_LIMIT_MILLIS,
                () -> stack.observed().reports(from).stream().anyMatch(r -> r.endedAtMicros() > moments.backMicros()));
        IncrReport replies = incr.report(IncrReport.class, CLIENT_LIMIT_MILLIS);
        List<EpochReport> epochs = stack.observed().reports(from).stream()
                .sorted(Comparator.comparingLong(EpochReport::epoch))
                .toList();
        return report(epochs, moments, repliesInTheDark, replies);
    }

    /** Wall-clock moments: the broker was stopped, it was back, and a plan held again. */
    private record Moments(long stoppedMicros, long startedMicros, long backMicros) {
        double controlBackMillis() {
            return (backMicros - startedMicros) / (double) MICROS_PER_MILLI;
        }
    }

    private Report report(List<EpochReport> epochs, Moments moments, long repliesInTheDark, IncrReport replies) {
        List<EpochReport> dark = epochs.stream()
                .filter(e -> e.endedAtMicros() > moments.stoppedMicros() + LEASE_MILLIS * MICROS_PER_MILLI)
                .filter(e -> e.endedAtMicros() < moments.startedMicros())
                .toList();
        List<EpochReport> fallback =
                dark.stream().filter(e -> e.reason() == TriggerReason.FALLBACK).toList();
        double fallbackP50 = fallback.isEmpty() ? 0 : EpochSummary.of(fallback).lengthP50Millis();
        double longestGapMillis = longestGapMillis(epochs);
        Verdicts verdicts = new Verdicts();
        floors(verdicts, longestGapMillis, repliesInTheDark);
        verdicts.timing("no second without a committed checkpoint", longestGapMillis < 1000, longestGapMillis + " ms");
        verdicts.check("every epoch's report arrived", gapless(epochs) && epochs.size() > 1, epochs.size() + " epochs");
        verdicts.check(
                "after the lease all epochs were fallback ones",
                !dark.isEmpty() && fallback.size() == dark.size(),
                fallback.size() + " of " + dark.size());
        verdicts.timing(
                "fallback epochs kept the safe interval of 25 ms",
                fallbackP50 >= 12.5 && fallbackP50 <= 30,
                fallbackP50 + " ms from resume to pause");
        control(verdicts, moments);
        ClientVerdicts.incr(verdicts, replies);
        verdicts.timing("the client was served well in fallback", repliesInTheDark >= LEAST_REPLIES, repliesInTheDark);
        return new Report(
                longestGapMillis, fallback.size(), fallbackP50, moments.controlBackMillis(), replies, verdicts.all());
    }

    /** What holds however busy the machine is. */
    private static void floors(Verdicts verdicts, double longestGapMillis, long repliesInTheDark) {
        verdicts.check(
                "the VM was never long without a checkpoint",
                longestGapMillis < LONGEST_GAP_MILLIS,
                longestGapMillis + " ms");
        verdicts.check("the client was served in fallback", repliesInTheDark > 0, repliesInTheDark);
    }

    private static double longestGapMillis(List<EpochReport> epochs) {
        long longestMicros = 0;
        for (int i = 1; i < epochs.size(); i++) {
            longestMicros = Math.max(
                    longestMicros,
                    epochs.get(i).endedAtMicros() - epochs.get(i - 1).endedAtMicros());
        }
        return longestMicros / (double) MICROS_PER_MILLI;
    }

    private static boolean gapless(List<EpochReport> epochs) {
        for (int i = 1; i < epochs.size(); i++) {
            if (epochs.get(i).epoch() != epochs.get(i - 1).epoch() + 1) {
                return false;
            }
        }
        return true;
    }

    private void control(Verdicts verdicts, Moments moments) {
        verdicts.check(
                "a FALLBACK event said so",
                stack.observed().saw(ReplicationEvent.Kind.FALLBACK, moments.stoppedMicros()),
                stack.observed().events().size() + " events");
        verdicts.check(
                "a PLAN_CONTROL event said that control is back",
                stack.observed().saw(ReplicationEvent.Kind.PLAN_CONTROL, moments.startedMicros()),
                stack.observed().events().size() + " events");
        verdicts.timing(
                "control was back within 2 s of the broker's return",
                moments.controlBackMillis() <= CONTROL_LIMIT_MILLIS,
                moments.controlBackMillis() + " ms");
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
