package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A primary on raw frames whose fence has it that its backup may take over, and the standbys that the backup starts. */
final class FencedPrimary implements AutoCloseable {
    static final Party RUN = new Party(new UUID(1, 1), "host-a");

    final TestVm vm;
    final MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
    final Fence fence = arbiter.fence();
    final List<FakeStandby> started = new CopyOnWriteArrayList<>();
    private final Path directory;

    /** @param directory of the backup */
    FencedPrimary(Path directory, long seed) {
        this.directory = directory;
        this.vm = new TestVm(seed);
    }

    BackupUnderTest backup() throws IOException {
        return backup(Optional.of(() -> {
            FakeStandby standby = new FakeStandby(false);
            started.add(standby);
            return standby;
        }));
    }

    BackupUnderTest backup(Optional<StandbyLauncher> launcher) throws IOException {
        return BackupUnderTest.fenced(directory, FailoverMode.MANUAL, launcher, arbiter);
    }

    /** Its session, with epoch 1 acknowledged and recorded. */
    RawPrimary protectedBy(BackupUnderTest host) throws Exception {
        RawPrimary session = new RawPrimary(host.backup.address());
        session.send(TestVm.hello(1, OnBackupLoss.ASK_FENCE).frame());
        session.await(FrameType.WELCOME);
        session.send(TestVm.LAYOUT.frame());
        session.await(FrameType.HASHES);
        commit(session, 1);
        UUID id = TestVm.hello(1, OnBackupLoss.ASK_FENCE).sessionId();
        fence.claim(FenceClaim.protect(RUN, id, "epoch 1"));
        return session;
    }

    /** Sends an epoch, and returns when it is acknowledged. */
    void commit(RawPrimary session, long epoch) throws IOException {
        for (Frame frame : vm.epoch(epoch)) {
            session.send(frame);
        }
        session.await(FrameType.ACK);
    }

    /** What the fence has. */
    FenceState recorded() {
        return arbiter.last().orElseThrow().state();
    }

    @Override
    public void close() {
        vm.close();
    }
}
