package io.lull.worker.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real QEMU says of its VM's disks and netdevs. */
@Tag("guest")
@Timeout(120)
class DeviceQueryIT {
    private static final long FLASH_BYTES = 128 << 10;

    @TempDir
    Path directory;

    @Test
    void findsEachDiskThatTheVmMayWriteToHoweverItWasNamed() throws Exception {
        try (QemuProcess qemu = QemuProcess.start(
                directory,
                "-S",
                "-blockdev",
                "driver=null-co,node-name=disk0",
                "-device",
                "virtio-blk-pci,drive=disk0",
                "-drive",
                "if=none,id=second,driver=null-co",
                "-device",
                "virtio-blk-pci,drive=second,id=blk1",
                "-drive",
                "if=none,id=readonly,driver=null-co,readonly=on",
                "-device",
                "virtio-blk-pci,drive=readonly",
                "-blockdev",
                "driver=null-co,node-name=loose",
                "-drive",
                "if=pflash,format=raw,file=" + file("flash", FLASH_BYTES),
                "-device",
                "ide-cd")) {
            VmDevices devices = DeviceQuery.ask(qemu);

            assertThat(devices.disks()).extracting(VmDevices.Disk::name).containsExactlyInAnyOrder("disk0", "second");
            assertThat(devices.netdevs()).isEmpty();
        }
    }

    @Test
    void aDiskIsMeasuredAndMirroredByItsNodeOrByItsDrive() throws Exception {
        try (QemuProcess qemu = QemuProcess.start(
                directory,
                "-S",
                "-blockdev",
                "driver=null-co,node-name=disk0,size=" + FLASH_BYTES,
                "-device",
                "virtio-blk-pci,drive=disk0",
                "-drive",
                "if=none,id=second,driver=null-co,size=" + FLASH_BYTES,
                "-device",
                "virtio-blk-pci,drive=second",
                "-device",
                "ide-cd,id=empty")) {
            for (String name : List.of("disk0", "second")) {
                assertThat(DeviceQuery.diskBytes(qemu, name)).isEqualTo(FLASH_BYTES);
                qemu.execute(
                        "blockdev-add",
                        Map.of("driver", "null-co", "node-name", "copy-of-" + name, "size", FLASH_BYTES));
                qemu.execute(
                        "blockdev-mirror",
                        Map.of("job-id", "job-" + name, "device", name, "target", "copy-of-" + name, "sync", "full"));
            }
            assertThatThrownBy(() -> DeviceQuery.diskBytes(qemu, "third")).hasMessageContaining("no disk 'third'");
        }
    }

    @Test
    void findsEachNetdevThatADeviceIsOn() throws Exception {
        try (QemuProcess qemu = QemuProcess.start(
                directory,
                "-S",
                "-netdev",
                "user,id=n0",
                "-device",
                "virtio-net-pci,netdev=n0,id=net0,romfile=",
                "-netdev",
                "user,id=n1",
                "-device",
                "e1000,netdev=n1,romfile=",
                "-netdev",
                "user,id=unused",
                "-nic",
                "user,id=n2,model=rtl8139")) {
            VmDevices devices = DeviceQuery.ask(qemu);

            assertThat(devices.netdevs()).containsExactlyInAnyOrder("n0", "n1", "n2");
            assertThat(devices.disks()).isEmpty();
        }
    }

    private Path file(String name, long bytes) throws Exception {
        Path file = directory.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }
}
