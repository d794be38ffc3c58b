package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.Await;
import io.lull.local.Intents;
import io.lull.local.LocalStack;
import io.lull.local.Outcome;
import io.lull.local.client.IncrReport;
import io.lull.policy.signal.EpochReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Forty checkpoints a second for minutes, of a guest that dirties about a thousand pages in each epoch: memory, queues
 * and the delay of commits must not grow. The first minute warms up; the rest is judged in thirds, last against first.
 */
public final class SoakScenario {
    /**
     * From pause to pause it is some 25 ms: where QEMU emulates the guest a pause of a thousand pages takes more than half of that, and the
     * guest gets half of the interval to run all the same.
     */
    private static final int INTERVAL_MILLIS = 17;

    private static final int WARM_UP_SECONDS = 60;
    private static final int LOOK_SECONDS = 10;
    private static final int THIRDS = 3;
    private static final long PLAN_LIMIT_MILLIS = 15_000;
    private static final long CLIENT_LIMIT_MILLIS = 60_000;
    private static final double LEAST_PER_SECOND = 40;
    private static final long LEAST_PAGES = 900;
    private static final double MOST_WORKER_MILLIS = 1;
    private static final double MOST_WORKER_RATIO = 0.15;
    /** What memory and queues may differ by chance: allocators, a burst at the moment of a look. */
    private static final double MOST_GROWTH = 1.05;

    private static final double SLACK_MEBIBYTES = 8;
    private static final double MOST_SLOWER = 1.25;

    private final LocalStack stack;
    private final int minutes;

    public SoakScenario(LocalStack stack, int minutes) {
        if (minutes < 2) {
            throw new IllegalArgumentException("a soak takes two minutes at least, not " + minutes);
        }
        this.stack = stack;
        this.minutes = minutes;
    }

    /**
     * Some seconds of the run.
     *
     * @param primaryMebibytes memory in use by the primary's worker
     * @param backupMebibytes by the backup's
     * @param queueMebibytes output that is held, and redo logs
     */
    public record Look(
            int second,
            double epochsPerSecond,
            double commitP50Millis,
            double commitP99Millis,
            double primaryMebibytes,
            double backupMebibytes,
            double queueMebibytes) {
        String text() {
            return String.format(
                    "%4d s  %5.1f epochs/s, commit p50/p99 %.2f/%.2f ms, primary %.0f MiB, backup %.0f MiB, queues %.2f MiB",
                    second,
                    epochsPerSecond,
                    commitP50Millis,
                    commitP99Millis,
                    primaryMebibytes,
                    backupMebibytes,
                    queueMebibytes);
        }
    }

    /** All looks and what they must show. */
    public record Report(List<Look> looks, EpochSummary epochs, IncrReport incr, List<Verdicts.Verdict> verdicts)
            implements Outcome {
        @Override
        public String text() {
            return epochs.text() + "\n" + Verdicts.text(verdicts);
        }
    }

    /** Runs it. */
    public Report run() throws IOException {
        stack.control().intend(Intents.fixed(stack.options().name(), INTERVAL_MILLIS));
        Await.until("the plan holds", PLAN_LIMIT_MILLIS, () -> stack.statusOf("primary")
                .filter(status -> status.path("policy").asText().equals("remus.fixed"))
                .isPresent());
        LoadClient incr = LoadClient.incr(stack, minutes * 60, "lull:soak");
        Await.pass(WARM_UP_SECONDS * 1000L);
        int start = stack.observed().reportCount();
        List<Look> looks = new ArrayList<>();
        for (int second = WARM_UP_SECONDS; second + LOOK_SECONDS <= minutes * 60; second += LOOK_SECONDS) {
            int from = stack.observed().reportCount();
            Await.pass(LOOK_SECONDS * 1000L);
            Look look = look(second + LOOK_SECONDS, stack.observed().reports(from));
            System.out.println(look.text());
            looks.add(look);
        }
        EpochSummary epochs = EpochSummary.of(stack.observed().reports(start));
        IncrReport replies = incr.report(IncrReport.class, CLIENT_LIMIT_MILLIS);
        return new Report(looks, epochs, replies, judge(looks, epochs, replies));
    }

    private Look look(int second, List<EpochReport> epochs) throws IOException {
        EpochSummary summary = EpochSummary.of(epochs);
        return new Look(
                second,
                epochs.size() / (double) LOOK_SECONDS,
                summary.commitP50Millis(),
                summary.commitP99Millis(),
                stack.primaryWorker().residentBytes() / 1048576.0,
                stack.backupWorker().residentBytes() / 1048576.0,
                (bytes("primary", "heldBytes") + bytes("backup", "redoBytes")) / 1048576.0);
    }

    private double bytes(String worker, String field) throws IOException {
        JsonNode status = stack.statusOf(worker).orElseThrow(() -> new IOException("the " + worker + " is silent"));
        return status.path(field).asLong();
    }

    private static List<Verdicts.Verdict> judge(List<Look> looks, EpochSummary epochs, IncrReport replies) {
        Verdicts verdicts = new Verdicts();
        ClientVerdicts.incr(verdicts, replies);
        double rate =
                looks.stream().mapToDouble(Look::epochsPerSecond).average().orElse(0);
        verdicts.timing("at least " + LEAST_PER_SECOND + " checkpoints a second", rate >= LEAST_PER_SECOND, rate);
        verdicts.timing(
                "the guest dirties at least " + LEAST_PAGES + " pages an epoch",
                epochs.dirtyPagesP50() >= LEAST_PAGES,
                epochs.dirtyPagesP50());
        verdicts.timing(
                "the worker's own part of a pause is at most " + MOST_WORKER_MILLIS + " ms at the median",
                epochs.workerP50Millis() <= MOST_WORKER_MILLIS,
                epochs.workerP50Millis());
        verdicts.timing(
                "and at most " + MOST_WORKER_RATIO + " of the median pause",
                epochs.workerP50Millis() <= MOST_WORKER_RATIO * epochs.pauseP50Millis(),
                String.format("%.2f of %.2f ms", epochs.workerP50Millis(), epochs.pauseP50Millis()));
        doesNotGrow(verdicts, "memory of the primary's worker", looks, Look::primaryMebibytes);
        doesNotGrow(verdicts, "memory of the backup's worker", looks, Look::backupMebibytes);
        doesNotGrow(verdicts, "held output and redo logs", looks, Look::queueMebibytes);
        double first = median(looks, 0, Look::commitP50Millis);
        double last = median(looks, THIRDS - 1, Look::commitP50Millis);
        verdicts.timing(
                "commits take no longer in the end",
                last <= first * MOST_SLOWER,
                String.format("%.2f and %.2f ms", first, last));
        return verdicts.all();
    }

    private static void doesNotGrow(
            Verdicts verdicts, String what, List<Look> looks, ToDoubleFunction<Look> mebibytes) {
        double first = median(looks, 0, mebibytes);
        double last = median(looks, THIRDS - 1, mebibytes);
        verdicts.check(
                what + " does not grow",
                last <= first * MOST_GROWTH + SLACK_MEBIBYTES,
                String.format("%.1f and %.1f MiB", first, last));
    }

    /** The median of a third of the looks. */
    private static double median(List<Look> looks, int third, ToDoubleFunction<Look> value) {
        int size = looks.size() / THIRDS;
        List<Double> sorted = looks.subList(third * size, third * size + Math.max(1, size)).stream()
                .map(value::applyAsDouble)
                .sorted()
                .toList();
        return sorted.get(sorted.size() / 2);
    }
}
