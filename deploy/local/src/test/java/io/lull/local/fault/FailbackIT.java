package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The host that took a VM over is its primary from then on, the old host its backup, and the VM goes back there. */
@Tag("guest")
@Timeout(300)
class FailbackIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final int CLIENT_SECONDS = 600;

    @TempDir
    Path folder;

    @Test
    void aVmThatLostItsHostIsProtectedWhereItRunsNowAndGoesBackWithItsClientNoneTheWiser() throws Exception {
        Path root = LocalOptions.repositoryAbove(Path.of(""));
        String run = System.getenv().getOrDefault("LULL_RUN", "it");
        LocalOptions options = LocalOptions.switchover(root, run + "-back", false);
        try (EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"))) {
            broker.start();
            ControlPlane.createTopics(broker.bootstrapServers());
            try (ControlAccess control = new ControlAccess(broker.bootstrapServers());
                    LocalStack stack = LocalStack.start(options, Surroundings.of(control))) {
                stack.protect();
                thereAndBack(stack);
                ServedMetrics.assertAllThere(root, options.folder());
            }
        }
        Removal.remove(options.folder());
    }

    private static void thereAndBack(LocalStack stack) throws Exception {
        Shuttle shuttle = new Shuttle(stack);
        LoadClient client = LoadClient.incr(stack, CLIENT_SECONDS, "lull:failback");
        shuttle.awaitProtected();
        assertThat(shuttle.primaryAtStandby()).contains("standby that waits for its stream");
        awaitReplies(client);

        shuttle.loseFirstHost();
        shuttle.settle();
        shuttle.awaitProtected();
        assertThat(fence(shuttle)).isEqualTo("PRIMARY_PROTECTED");
        awaitReplies(client);

        shuttle.switchOver();
        shuttle.settle();
        shuttle.awaitProtected();
        awaitReplies(client);

        client.process().signal("TERM");
        IncrReport seen = client.report(IncrReport.class, LIMIT_MILLIS);
        assertThat(seen.alive()).isTrue();
        assertThat(seen.lost()).isZero();
        assertThat(seen.doubled()).isZero();
    }

    private static String fence(Shuttle shuttle) throws Exception {
        return shuttle.primaryStatus().path("fence").path("state").asText();
    }

    private static void awaitReplies(LoadClient client) throws Exception {
        long before = client.replies();
        Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > before + 20);
    }
}
