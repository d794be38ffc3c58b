package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup whose VM runs stays out of its way, over any number of restarts. */
@Timeout(60)
class TakenOverBeforeTest {

    @TempDir
    Path directory;

    @Test
    void aBackupThatIsRestartedAfterItsTakeoverRefusesThePrimaryUntilAnOperatorSaysOtherwise() throws Exception {
        Path marker = takenOver();
        assertThat(marker).content().contains("took it over").contains("Remove it");

        try (BackupUnderTest again = host()) {
            assertThat(again.refusal()).isEqualTo(RefusalReason.FAILED_OVER);
            assertThat(again.backup.status().failover()).isEqualTo(Failover.State.TAKEN_OVER);
            assertThatThrownBy(() -> again.backup.takeOver("test")).hasMessageContaining(marker.toString());
            // The disk is the running VM's.
            DiskImage mine = new DiskImage(again.disk, false);
            mine.close();
        }
        Files.delete(marker);
        try (BackupUnderTest later = host();
                RawPrimary primary = hello(later)) {
            assertThat(primary.await(FrameType.WELCOME)).isNotNull();
        }
    }

    @Test
    void anEmptyMarkerOfACrashCountsAsWell() throws Exception {
        Files.createFile(directory.resolve("disk.raw.taken-over"));
        try (BackupUnderTest host = host()) {
            assertThat(host.refusal()).isEqualTo(RefusalReason.FAILED_OVER);
        }
    }

    @Test
    void withoutADiskTheMarkerLiesInTheImagesFolder() {
        BackupOptions.Store store = BackupOptions.Store.defaults(directory, Optional.empty());
        assertThat(TakeoverMarker.of(store).file()).isEqualTo(directory.resolve("taken-over"));
    }

    @Test
    void twoBackupsDoNotShareAFolderOrADisk() throws Exception {
        try (BackupUnderTest host = host()) {
            assertThatThrownBy(this::host).hasMessageContaining("in use by another backup");
            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
            BackupOptions.Store store = BackupOptions.Store.defaults(elsewhere, Optional.of(host.disk));
            assertThatThrownBy(() -> new OwnedStore(TestVm.ID, store, Optional.empty(), Optional.empty()))
                    .hasMessageContaining(host.disk + " is in use");
        }
        host().close();
    }

    private Path takenOver() throws Exception {
        try (BackupUnderTest host = host();
                TestVm vm = new TestVm(1)) {
            try (RawPrimary primary = hello(host)) {
                primary.await(FrameType.WELCOME);
                primary.send(TestVm.LAYOUT.frame());
                for (Frame frame : vm.epoch(1)) {
                    primary.send(frame);
                }
                host.awaitCommit();
            }
            host.backup.takenOver().get(20, TimeUnit.SECONDS);
            return host.marker();
        }
    }

    private BackupUnderTest host() throws IOException {
        return new BackupUnderTest(
                directory, FailoverMode.AUTO, Optional.of(() -> new FakeStandby(false)), BackupUnderTest.COLD);
    }

    private static RawPrimary hello(BackupUnderTest host) throws IOException {
        RawPrimary primary = new RawPrimary(host.backup.address());
        primary.send(TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT).frame());
        return primary;
    }
}
