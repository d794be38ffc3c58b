package io.lull.local.fault;

import io.lull.local.kafka.ControlPlane;
import io.lull.local.kafka.EmbeddedBroker;
import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceState;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topics;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FenceSeat;
import io.lull.worker.backup.StandbyLauncher;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.kafka.KafkaFence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A fence for {@link FaultGuest} in a real broker, and backups and workers that ask it; ends the broker alone. */
final class FencedGuest implements AutoCloseable {
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

    private final Path folder;
    private final EmbeddedBroker broker;
    private final KafkaConnection kafka;

    FencedGuest(Path folder) throws IOException {
        this.folder = folder;
        this.broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        this.kafka = KafkaConnection.plain(broker.bootstrapServers());
        ControlPlane.createTopics(broker.bootstrapServers());
    }

    /** One more that asks. */
    KafkaFence fence() {
        KafkaFence fence =
                new KafkaFence(kafka, Topics.DEFAULT.fence(), new VmId(FaultGuest.VM), InstantSource.system());
        fence.keepReady();
        return fence;
    }

    /** What stands in the topic. */
    FenceState recorded() throws IOException {
        try (KafkaFence asked = fence()) {
            return asked.look().orElseThrow().state();
        } catch (FenceException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A backup with a real standby. */
    TestBackup backup(FaultGuest guest, FailoverMode mode) throws IOException {
        return backup(guest, mode, standby(guest));
    }

    TestBackup backup(FaultGuest guest, FailoverMode mode, StandbyLauncher standby) throws IOException {
        return backup(guest, mode, standby, fence());
    }

    /** A backup with a real standby that asks by way of this fence. */
    TestBackup backup(FaultGuest guest, FailoverMode mode, Fence asked) throws IOException {
        return backup(guest, mode, standby(guest), asked);
    }

    private StandbyQemu standby(FaultGuest guest) throws IOException {
        return new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(), folder, STANDBY_START_NANOS));
    }

    private TestBackup backup(FaultGuest guest, FailoverMode mode, StandbyLauncher standby, Fence asked)
            throws IOException {
        FenceSeat seat = new FenceSeat(asked, new FenceClaim.Party(UUID.randomUUID(), "host-b"));
        return TestBackup.fenced(folder.resolve("image"), guest.disk("backup"), mode, standby, seat);
    }

    /** A worker that goes on unprotected where the fence grants it, by way of this port. */
    RunningAgent worker(FaultGuest guest, int backupPort) throws IOException {
        return new RunningAgent(
                guest.loaded(backupPort, Map.of("onBackupLoss", "go-on-unprotected", "fence", "kafka")),
                Optional.of(fence()));
    }

    @Override
    public void close() {
        broker.close();
    }
}
