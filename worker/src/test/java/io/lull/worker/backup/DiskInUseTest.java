package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.producer.qemu.QmpClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup writes to no disk that a VM runs from. Fails where QEMU is not installed. */
@Tag("guest")
@Timeout(60)
class DiskInUseTest {
    private static final int DISK_BYTES = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void aDiskThatARunningVmWritesToIsRefusedUntilItsQemuIsGone() throws Exception {
        Path disk = disk();
        Process qemu = qemu(disk, List.of());
        try {
            running(qemu).close();
            assertThatThrownBy(() -> new DiskImage(disk, false)).hasMessageContaining("writes to " + disk);
        } finally {
            qemu.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        new DiskImage(disk, false).close();
    }

    @Test
    void aDiskOfAStandbyThatWaitsIsTheBackupsUntilItsVmRuns() throws Exception {
        Path disk = disk();
        Process qemu = qemu(disk, List.of("-incoming", "defer"));
        try (QmpClient monitor = running(qemu);
                DiskImage image = new DiskImage(disk, false)) {
            assertThat(monitor.call("query-status", Map.of()).path("status").asText())
                    .isEqualTo("inmigrate");
            assertThat(image.inUse()).isEmpty();
        } finally {
            qemu.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Path disk() throws IOException {
        return Files.write(directory.resolve("disk.raw"), new byte[DISK_BYTES]);
    }

    private Process qemu(Path disk, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(TestQemu.MACHINE);
        command.addAll(List.of(
                "-blockdev",
                "driver=raw,node-name=disk0,file.driver=file,file.filename=" + disk,
                "-device",
                "virtio-blk-pci,drive=disk0",
                "-qmp",
                "unix:" + socket() + ",server=on,wait=off"));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "qemu.log"))
                .start();
    }

    private Path socket() {
        return directory.resolve("qmp");
    }

    private QmpClient running(Process qemu) throws Exception {
        return TestQemu.connect(qemu, socket());
    }
}
