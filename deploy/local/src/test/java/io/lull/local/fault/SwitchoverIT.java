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
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.FenceSeat;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.StandbyLauncher;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.fence.kafka.KafkaFence;
import io.lull.worker.primary.SwitchoverException;
import io.lull.worker.primary.SwitchoverReport;
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

/** A real guest is handed over to its backup on purpose, with the fence in a real broker. */
@Tag("guest")
@Timeout(240)
class SwitchoverIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

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

    private TestBackup backup(FaultGuest guest, StandbyLauncher standby) throws IOException {
        FenceSeat seat = new FenceSeat(fence(), new FenceClaim.Party(UUID.randomUUID(), "host-b"));
        return TestBackup.fenced(folder.resolve("image"), guest.disk("backup"), FailoverMode.AUTO, standby, seat);
    }

    private RunningAgent worker(FaultGuest guest, TestBackup backup) throws IOException {
        return new RunningAgent(
                guest.loaded(backup.port(), Map.of("onBackupLoss", "go-on-unprotected", "fence", "kafka")),
                Optional.of(fence()));
    }

    @Test
    void theVmRunsOnTheBackupFromItsLastEpochAndItsOldQemuEnds() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder)) {
            StandbyQemu standby =
                    new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(), folder, STANDBY_START_NANOS));
            try (TestBackup backup = backup(guest, standby);
                    RunningAgent worker = worker(guest, backup);
                    IncrLoop client = new IncrLoop(guest.redisPort())) {
                worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
                Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
                Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);
                // A standby that has just been sent the initial copy may not have taken it in.
                backup.awaitCommits(40);

                SwitchoverReport report = worker.agent().switchOver("test");

                FailoverReport taken = backup.backup().takenOver().get(1, TimeUnit.SECONDS);
                System.out.printf(
                        "switchover: guest stood still %.1f ms; word to running guest %.1f ms, of them %.1f for the"
                                + " fence%n",
                        report.standstillNanos() / 1e6,
                        taken.decisionToResumeNanos() / 1e6,
                        taken.fenceNanos().orElse(0) / 1e6);
                assertThat(taken.epoch()).isEqualTo(report.epoch());
                assertThat(taken.hot()).isTrue();
                assertThat(backup.backup().running().orElseThrow().isAlive()).isTrue();
                assertThat(worker.awaitEnd()).as("the worker's end").isEmpty();
                Await.until(
                        "the old QEMU ends", LIMIT_MILLIS, () -> !guest.qemu().alive());
                assertThat(worker.events().count(ReplicationEvent.Kind.DISARMED))
                        .isEqualTo(1);
                assertThat(worker.events().count(ReplicationEvent.Kind.UNPROTECTED))
                        .isZero();
                try (KafkaFence asked = fence()) {
                    assertThat(asked.look().orElseThrow().state()).isEqualTo(FenceState.TAKEN);
                }
                backup.backup().running().orElseThrow().withdraw();
            }
        }
    }

    @Test
    void aBackupWhoseStandbyCantRunLeavesTheGuestRunningHereAndProtectsItAgain() throws Exception {
        StandbyLauncher broken = () -> {
            throw new IOException("no such program");
        };
        try (FaultGuest guest = FaultGuest.boot(folder);
                TestBackup backup = backup(guest, broken);
                RunningAgent worker = worker(guest, backup);
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);

            assertThatThrownBy(() -> worker.agent().switchOver("test"))
                    .isInstanceOf(SwitchoverException.class)
                    .hasMessageContaining("no such program");

            long before = client.replies();
            Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > before + 20);
            assertThat(guest.running()).isTrue();
        }
    }
}
