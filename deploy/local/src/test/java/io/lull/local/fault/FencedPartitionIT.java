package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.Await;
import io.lull.local.kafka.EmbeddedBroker;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceState;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.backup.FailoverException;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FenceSeat;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.kafka.KafkaFence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Primary and backup live and can't reach each other, the primary is to go on without a backup, and the backup is to take
 * over: whoever comes first at the fence is heard, the other never.
 */
@Tag("guest")
@Timeout(240)
class FencedPartitionIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;
    /** Long enough for replies to come, if any left. */
    private static final long LISTEN_MILLIS = 1_000;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private KafkaConnection kafka;

    @BeforeEach
    void start() throws IOException {
        broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        kafka = KafkaConnection.plain(broker.bootstrapServers());
        try (TopicAdmin admin = new TopicAdmin(kafka, 1, TopicAdmin.DEFAULT_LIMIT)) {
            admin.createMissing(Topics.DEFAULT);
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private KafkaFence fence() {
        KafkaFence fence =
                new KafkaFence(kafka, Topics.DEFAULT.fence(), new VmId(FaultGuest.VM), InstantSource.system());
        fence.keepReady();
        return fence;
    }

    private FenceState recorded() throws IOException {
        try (KafkaFence asked = fence()) {
            return asked.look().orElseThrow().state();
        } catch (FenceException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private TestBackup backup(FaultGuest guest, FailoverMode mode) throws IOException {
        StandbyQemu standby =
                new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(), folder, STANDBY_START_NANOS));
        FenceSeat seat = new FenceSeat(fence(), new FenceClaim.Party(UUID.randomUUID(), "host-b"));
        return TestBackup.fenced(folder.resolve("image"), guest.disk("backup"), mode, standby, seat);
    }

    private static PrimaryConfig config(FaultGuest guest, CutLink link) throws IOException {
        return guest.loaded(link.port(), Map.of("onBackupLoss", "go-on-unprotected", "fence", "kafka"));
    }

    @Test
    void aPrimaryThatComesTooLateIsNeverHeardAgain() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = backup(guest, FailoverMode.AUTO);
                CutLink link = new CutLink(backup.port());
                RunningAgent worker = new RunningAgent(config(guest, link), Optional.of(fence()));
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            assertThat(recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

            link.cut();
            assertThat(backup.backup()
                            .takenOver()
                            .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
                            .hot())
                    .isTrue();
            long heard = client.replies();
            assertThat(worker.awaitEnd().orElseThrow()).contains("TAKEN");
            assertThat(worker.events().count(ReplicationEvent.Kind.FENCED)).isEqualTo(1);
            worker.close();
            Await.pass(LISTEN_MILLIS);
            assertThat(client.replies()).as("replies since the takeover").isEqualTo(heard);
            assertThat(guest.running()).as("the old VM goes on, unheard").isTrue();
            backup.backup().running().orElseThrow().withdraw();
        }
    }

    @Test
    void aBackupThatComesTooLateStaysOneAndProtectsThePrimaryAgain() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = backup(guest, FailoverMode.MANUAL);
                CutLink link = new CutLink(backup.port());
                RunningAgent worker = new RunningAgent(config(guest, link), Optional.of(fence()));
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

            link.cut();
            worker.events().await(ReplicationEvent.Kind.BACKUP_LOST, 1, LIMIT_MILLIS);
            Await.until("the fence has it alone", LIMIT_MILLIS, () -> recorded() == FenceState.ALONE);
            long before = client.replies();
            Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > before + 20);
            assertThatThrownBy(() -> backup.backup().takeOver("test"))
                    .isInstanceOf(FailoverException.class)
                    .hasMessageContaining("ALONE");

            link.mend();
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 2, LIMIT_MILLIS);
            assertThat(recorded()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            long then = client.replies();
            Await.until("the client is served by epochs", LIMIT_MILLIS, () -> client.replies() > then + 20);
        }
    }
}
