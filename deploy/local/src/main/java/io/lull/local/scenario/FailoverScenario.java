package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.Intents;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import io.lull.local.Outcome;
import io.lull.local.client.DownloadClient;
import io.lull.local.client.IncrClient;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.signal.EpochReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final long PLAN_LIMIT_MILLIS = 15_000;
    private static final int T_MAX_MILLIS = 25;
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
     * @param shippedBytes of all epochs, as the primary counted them
     * @param receivedBytes of all epochs, as the backup counted them
     */
    public record Report(
            JsonNode incr,
            JsonNode download,
            EpochSummary epochs,
            double takeoverMillis,
            long shippedBytes,
            long receivedBytes,
            List<Verdicts.Verdict> verdicts)
            implements Outcome {
        @Override
        public boolean allHeld() {
            return verdicts.stream().allMatch(Verdicts.Verdict::held);
        }

        @Override
        public String text() {
            return epochs.text()
                    + String.format(
                            "%nreplies %d, lost %d, doubled %d, longest gap %d ms; download %d bytes, longest gap %d ms%n"
                                    + "takeover: %.1f ms from decision to running guest%n%s",
                            incr.path("replies").asLong(),
                            incr.path("lost").asLong(),
                            incr.path("doubled").asLong(),
                            incr.path("maxGapMillis").asLong(),
                            download.path("bytes").asLong(),
                            download.path("maxGapMillis").asLong(),
                            takeoverMillis,
                            Verdicts.text(verdicts));
        }
    }

    /** Runs it. */
    public Report run() throws IOException {
        stack.control().intend(Intents.idle(stack.options().name(), T_MAX_MILLIS, TriggerPlacement.HOST));
        Await.until("the plan holds", PLAN_LIMIT_MILLIS, () -> stack.statusOf("primary")
                .filter(status -> status.path("policy").asText().equals("plover.idle"))
                .isPresent());
        String md5 = md5();
        int from = stack.observed().reportCount();
        ManagedProcess incr = client(
                "incr",
                List.of(
                        IncrClient.class.getName(),
                        GuestSpec.ADDRESS,
                        "6379",
                        String.valueOf(LOAD_SECONDS),
                        "lull:counter"));
        ManagedProcess download = client(
                "download",
                List.of(
                        DownloadClient.class.getName(),
                        GuestSpec.ADDRESS,
                        "/big",
                        String.valueOf(DOWNLOAD_BYTES_PER_SECOND)));
        try (LiveView view = LiveView.start(stack, incr.log())) {
            Await.pass(KILL_AFTER_MILLIS);
            JsonNode primary = stack.statusOf("primary").orElseThrow(() -> new IOException("the primary is silent"));
            view.say("killing the primary's QEMU and worker with SIGKILL");
            long killedMicros = System.currentTimeMillis() * 1000;
            stack.qemu().kill();
            stack.primaryWorker().kill();
            Await.until("the backup has taken over", TAKEOVER_LIMIT_MILLIS, () -> stack.observed()
                    .saw(ReplicationEvent.Kind.FAILOVER, killedMicros));
            view.say("the backup runs the VM");
            finish(incr);
            finish(download);
            return report(primary, md5, stack.observed().steadyReports(from), last(incr), last(download));
        }
    }

    private Report report(JsonNode primary, String md5, List<EpochReport> epochs, JsonNode incr, JsonNode download)
            throws IOException {
        JsonNode backup = stack.statusOf("backup").orElseThrow(() -> new IOException("the backup is silent"));
        EpochSummary summary = EpochSummary.of(epochs);
        Verdicts verdicts = new Verdicts();
        verdicts.check("the INCR connection is alive", incr.path("alive").asBoolean(), incr.path("alive"));
        verdicts.check("no reply lost", incr.path("lost").asLong() == 0, incr.path("lost"));
        verdicts.check("no reply doubled", incr.path("doubled").asLong() == 0, incr.path("doubled"));
        verdicts.check("replies came after the takeover", incr.path("replies").asLong() > 100, incr.path("replies"));
        verdicts.check("the download is whole", download.path("whole").asBoolean(), download.path("bytes"));
        verdicts.check(
                "the download's MD5 is right", download.path("md5").asText().equals(md5), download.path("md5"));
        verdicts.check("shipped at least 8 times less than written", summary.ratio() >= 8, summary.ratio());
        long shipped = primary.path("shippedBytes").asLong();
        long received = backup.path("receivedBytes").asLong();
        verdicts.check(
                "the backup counts the bytes that the primary counts",
                received >= shipped * 0.9,
                "primary " + shipped + " with framing, backup " + received + " without");
        return new Report(
                incr,
                download,
                summary,
                backup.path("takeoverNanos").asLong() / 1e6,
                shipped,
                received,
                verdicts.all());
    }

    private ManagedProcess client(String name, List<String> mainAndArguments) throws IOException {
        Path log = stack.options().folder().resolve(name + ".jsonl");
        return stack.own(stack.clientProcess(name, mainAndArguments, log));
    }

    private static void finish(ManagedProcess client) throws IOException {
        if (!client.await(CLIENT_LIMIT_MILLIS)) {
            throw new IOException("client " + client.name() + " does not end: " + client.tail(3));
        }
    }

    private static JsonNode last(ManagedProcess client) throws IOException {
        List<String> lines = Files.readAllLines(client.log(), StandardCharsets.UTF_8);
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("{\"end\"")) {
                return new JsonMapper().readTree(lines.get(i));
            }
        }
        throw new IOException("client " + client.name() + " said nothing at its end: " + client.tail(5));
    }

    private String md5() throws IOException {
        Matcher matcher = MD5.matcher(stack.console());
        if (!matcher.find()) {
            throw new IOException("the guest did not say the MD5 of /big on its console");
        }
        return matcher.group(1);
    }
}
