package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session's first epoch may be large and take long, and the guest goes on meanwhile. */
@Timeout(120)
class FirstEpochTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);

    FirstEpochTest() {
        System.out.println("FirstEpochTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void aGuestThatWritesItsDiskAgainAndAgainDuringTheFirstCopyIsProtected() throws Exception {
        long redoBytes = RedoBudget.limitBytes(0, 0) + 2L * TestVm.PAGES * 4096 + TestVm.DISK_BYTES;
        try (BackupUnderTest host = BackupUnderTest.plain(directory);
                RawPrimary primary = session(host, 1)) {
            List<Frame> records = vm.whole(1);
            records.remove(records.size() - 1);
            for (long bytes = 0; bytes < redoBytes; bytes += DiskWrite.MAX_DATA_BYTES) {
                byte[] data = new byte[DiskWrite.MAX_DATA_BYTES];
                vm.random.nextBytes(data);
                System.arraycopy(data, 0, vm.disk, 0, data.length);
                records.add(new DiskWrite(0, ByteBuffer.wrap(data)).frame(1, records.size()));
            }
            records.add(vm.end(1, records));
            for (Frame frame : records) {
                primary.send(frame);
            }
            assertThat(primary.await(FrameType.ACK).header().epoch()).isEqualTo(1);
            assertThat(host.awaitCommit().image()).isEqualTo(vm.snapshot());
            assertThat(Files.readAllBytes(host.disk)).isEqualTo(vm.disk);
        }
    }

    private static RawPrimary session(BackupUnderTest host, long firstEpoch) throws IOException {
        RawPrimary primary = new RawPrimary(host.backup.address());
        primary.send(TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT).frame());
        primary.await(FrameType.WELCOME);
        primary.send(TestVm.LAYOUT.frame());
        primary.await(FrameType.HASHES);
        return primary;
    }
}
