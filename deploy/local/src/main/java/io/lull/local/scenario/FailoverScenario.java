package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.Await;
import io.lull.local.Intents;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import io.lull.local.Outcome;
import io.lull.local.client.DownloadReport;
import io.lull.local.client.IncrReport;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerPlacement;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The promise in one run: a guest serves redis and nginx under load, its primary's QEMU and worker are killed at once,
 * and the backup carries on with the same TCP connections, nothing lost and nothing doubled.
 */
public final class FailoverScenario {
    private static final int LOAD_SECONDS = 14;
    private static final int KILL_AFTER_MILLIS = 8_000;
    private static final long DOWNLOAD_BYTES_PER_SECOND = 750_000;
    private static final long TAKEOVER_LIMIT_MILLIS = 20_000;
    private static final long CLIENT_LIMIT_MILLIS = 60_000;
    private static final long REPORTS_LIMIT_MILLIS = 5_000;
    private static final long PLAN_LIMIT_MILLIS = 15_000;
    private static final int T_MAX_MILLIS = 25;
    /**
     * The epochs between two looks at the backup are chosen by their numbers, not by when their reports came: an epoch
     * is reported once acknowledged, which is before the backup counts it as committed.
     */
    private static final int SINCE_THE_START = 0;

    private static final Pattern MD5 = Pattern.compile("MD5 big=([0-9a-f]{32})");

    private final LocalStack stack;

    public FailoverScenario(LocalStack stack) {
        this.stack = stack;
    }

    /**
     * What was seen.
     *
     * @param incr the closed-loop INCR client's own report
     * @param download the download client's own report
     * @param takeoverMillis from the backup's decision until the VM ran there
     * @param fenceMillis how much of that the claim to the fence took
     * @param counted the bytes of the epochs under load before the kill, as each side counted them
     */
    public record Report(
            IncrReport incr,
            DownloadReport download,
            EpochSummary epochs,
            double takeoverMillis,
            double fenceMillis,
            CountedBytes counted,
            List<Verdicts.Verdict> verdicts)
            implements Outcome {
        @Override
        public String text() {
            return epochs.text()
                    + String.format(
                            "%nreplies %d, lost %d, doubled %d, longest gap %d ms; download %d bytes, longest gap %d ms%n"
                                    + "takeover: %.1f ms from decision to running guest, of that %.1f ms for the fence's grant%n%s",
                            incr.replies(),
                            incr.lost(),
                            incr.doubled(),
                            incr.maxGapMillis(),
                            download.bytes(),
                            download.maxGapMillis(),
                            takeoverMillis,
                            fenceMillis,
                            Verdicts.text(verdicts));
        }
    }

    /** Runs it. */
    public Report run() throws IOException {
        awaitPlan();
        WireVerdict wire = WireVerdict.of(stack);
        String md5 = md5();
        int from = stack.observed().reportCount();
        BackupCount begin = BackupCount.of(stack);
        LoadClient incr = LoadClient.incr(stack, LOAD_SECONDS, "lull:counter");
        LoadClient download = LoadClient.download(stack, "/big", DOWNLOAD_BYTES_PER_SECOND);
        try (LiveView view = LiveView.start(stack, incr.log())) {
            Await.pass(KILL_AFTER_MILLIS);
            BackupCount end = BackupCount.of(stack);
            awaitReports(from, end.epoch());
            view.say("killing the primary's QEMU and worker with SIGKILL");
            long killedMicros = System.currentTimeMillis() * 1000;
            ManagedProcess.killAtOnce(List.of(stack.qemu(), stack.primaryWorker()));
            long repliesAtTheKill = incr.replies();
            Await.until("the backup has taken over", TAKEOVER_LIMIT_MILLIS, () -> stack.observed()
                    .saw(ReplicationEvent.Kind.FAILOVER, killedMicros));
            view.say("the backup runs the VM");
            IncrReport replies = incr.report(IncrReport.class, CLIENT_LIMIT_MILLIS);
            DownloadReport file = download.report(DownloadReport.class, CLIENT_LIMIT_MILLIS);
            Verdicts verdicts = new Verdicts();
            wire.judge(verdicts);
            ClientVerdicts.incr(verdicts, replies);
            ClientVerdicts.answeredSince(verdicts, repliesAtTheKill, replies);
            ClientVerdicts.download(verdicts, file, md5);
            EpochSummary summary = EpochSummary.of(stack.observed().steadyReports(from));
            verdicts.check("shipped at least 8 times less than written", summary.ratio() >= 8, summary.ratio());
            CountedBytes counted =
                    CountedBytes.between(begin, end, stack.observed().reports(SINCE_THE_START));
            counted.judge(verdicts);
            JsonNode backup = stack.statusOf("backup").orElseThrow(() -> new IOException("the backup is silent"));
            verdicts.check("the fence says who has the VM", fenced(backup), backup.path("fence"));
            return new Report(
                    replies,
                    file,
                    summary,
                    millis(backup, "takeoverNanos"),
                    millis(backup, "takeoverFenceNanos"),
                    counted,
                    verdicts.all());
        }
    }

    private void awaitPlan() throws IOException {
        stack.control().intend(Intents.idle(stack.options().name(), T_MAX_MILLIS, TriggerPlacement.HOST));
        Await.until("the plan holds", PLAN_LIMIT_MILLIS, () -> stack.statusOf("primary")
                .filter(status -> status.path("policy").asText().equals("plover.idle"))
                .isPresent());
    }

    private void awaitReports(int from, long epoch) throws IOException {
        Await.until("the report of epoch " + epoch, REPORTS_LIMIT_MILLIS, () -> stack.observed().reports(from).stream()
                .anyMatch(report -> report.epoch() >= epoch));
    }

    private static boolean fenced(JsonNode backup) {
        return backup.path("fence").path("state").asText().equals("TAKEN");
    }

    private static double millis(JsonNode status, String field) {
        return status.path(field).asLong() / 1e6;
    }

    private String md5() throws IOException {
        Matcher matcher = MD5.matcher(stack.console());
        if (!matcher.find()) {
            throw new IOException("the guest did not say the MD5 of /big on its console");
        }
        return matcher.group(1);
    }
}
