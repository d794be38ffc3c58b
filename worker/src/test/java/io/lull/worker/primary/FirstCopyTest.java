package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.colo.PlayedColo;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.disk.DiskSink;
import io.lull.worker.disk.NbdClient;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk's first copy, and what a guest writes meanwhile, may have more records than an epoch. */
@Timeout(60)
class FirstCopyTest {
    private static final int DISK_BYTES = 1 << 20;
    private static final long TEBIBYTE = 1L << 40;

    @TempDir
    Path folder;

    @Test
    void onlyOfADiskThatMayFillAnEpochAloneIsThereAWarning() {
        assertThat(FirstCopy.warning(TEBIBYTE)).isEmpty();
        assertThat(FirstCopy.warning(TEBIBYTE + 1).orElseThrow())
                .contains("1099511627777 bytes")
                .contains("16777217 records")
                .contains("quiet");
    }

    @Test
    void aFullEpochIsTheReasonOnceAndNotTheMirrorThatFailsByIt() throws Exception {
        List<String> reasons = new CopyOnWriteArrayList<>();
        PrimaryConfig config = PlayedSession.config(folder);
        try (PlayedColo qemu = new PlayedColo();
                DiskReplica replica = DiskReplica.listen(
                        config,
                        new QmpCalls(qemu),
                        new DiskReplica.Spec(DISK_BYTES, 1, new Counted(new EpochRecords(1)), reasons::add))) {
            replica.begin();
            try (NbdClient client = NbdClient.ready(config.socket("nbd.sock"))) {
                assertThat(client.write(0, new byte[] {1})).isZero();
                assertThatThrownBy(() -> client.write(0, new byte[] {1})).isInstanceOf(IOException.class);
            }
            replica.onQemuEvent(
                    "BLOCK_JOB_COMPLETED", JsonNodeFactory.instance.objectNode().put("device", "lull-mirror"));

            assertThat(reasons).hasSize(1);
            assertThat(reasons.get(0)).contains("disk.copyMebibytesPerSecond");
        }
    }

    /** Numbers writes, and lets them go. */
    private static final class Counted implements DiskSink {
        private final EpochRecords records;

        Counted(EpochRecords records) {
            this.records = records;
        }

        @Override
        public void write(long epoch, long offset, ByteBuffer data) {
            records.next(epoch, 0, data.remaining(), 0);
        }

        @Override
        public void zero(long epoch, long offset, long length) {
            records.next(epoch, 0, 0, 0);
        }
    }
}
