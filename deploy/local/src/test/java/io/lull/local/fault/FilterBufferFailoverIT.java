package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.Await;
import io.lull.local.LocalOptions;
import io.lull.local.LocalStack;
import io.lull.local.Removal;
import io.lull.local.Shuttle;
import io.lull.local.Surroundings;
import io.lull.local.client.IncrReport;
import io.lull.local.kafka.ControlAccess;
import io.lull.local.kafka.ControlPlane;
import io.lull.local.kafka.EmbeddedBroker;
import io.lull.local.scenario.LoadClient;
import io.lull.policy.signal.EpochReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A VM whose output waits in QEMU's filter-buffers loses its host: its client goes on over the same connection. */
@Tag("guest")
@Timeout(240)
class FilterBufferFailoverIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final int CLIENT_SECONDS = 300;

    @TempDir
    Path folder;

    @Test
    void theClientMissesNothingAndNobodyClaimsToKnowWhatWasSent() throws Exception {
        LocalOptions plain = LocalOptions.scheduling(
                LocalOptions.repositoryAbove(Path.of("")),
                System.getenv().getOrDefault("LULL_RUN", "it") + "-buf",
                false);
        LocalOptions options = new LocalOptions(
                plain.root(),
                plain.name(),
                plain.vcpus(),
                plain.kernelOptions(),
                Map.of("network.gate", "filter-buffer"),
                plain.backup(),
                plain.keep());
        try (EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"))) {
            broker.start();
            ControlPlane.createTopics(broker.bootstrapServers());
            try (ControlAccess control = new ControlAccess(broker.bootstrapServers());
                    LocalStack stack = LocalStack.start(options, Surroundings.of(control))) {
                stack.protect();
                losesItsHost(stack);
            }
        }
        Removal.remove(options.folder());
    }

    private static void losesItsHost(LocalStack stack) throws Exception {
        Shuttle shuttle = new Shuttle(stack);
        LoadClient client = LoadClient.incr(stack, CLIENT_SECONDS, "lull:buffers");
        shuttle.awaitProtected();
        awaitReplies(client);
        JsonNode status = shuttle.primaryStatus();
        assertThat(status.path("framesKnown").asBoolean(true)).isFalse();
        assertThat(status.has("heldBytes")).isFalse();
        assertThat(status.path("gate").asText()).isEqualTo("FILTER_BUFFER");
        assertThat(status.path("source").asText()).isEqualTo("COLO");
        List<EpochReport> reports = stack.observed().reports(0);
        // Of an epoch whose output may not leave yet it is known that none was released.
        assertThat(reports).noneMatch(report -> report.held().packets() > 0);
        assertThat(reports).anyMatch(report -> !report.held().known());

        shuttle.loseFirstHost();
        awaitReplies(client);

        client.process().signal("TERM");
        IncrReport seen = client.report(IncrReport.class, LIMIT_MILLIS);
        System.out.printf(
                "filter-buffer: %d epochs before the loss of the host; from the decision to the pause %.1f ms, pause %.1f ms,"
                        + " of it the worker's own %.2f ms, commit %.1f ms (medians); %s%n",
                reports.size(),
                medianMillis(reports, report -> report.trigger().decisionToPauseNanos()),
                medianMillis(reports, report -> report.pause().totalNanos()),
                medianMillis(reports, report -> report.pause().workerNanos()),
                medianMillis(reports, report -> report.stages().commitNanos()),
                seen);
        assertThat(seen.alive()).isTrue();
        assertThat(seen.lost()).isZero();
        assertThat(seen.doubled()).isZero();
    }

    private static double medianMillis(List<EpochReport> reports, ToLongFunction<EpochReport> nanos) {
        long[] sorted = reports.stream().mapToLong(nanos).sorted().toArray();
        return sorted[sorted.length / 2] / 1e6;
    }

    private static void awaitReplies(LoadClient client) throws Exception {
        long before = client.replies();
        Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > before + 20);
    }
}
