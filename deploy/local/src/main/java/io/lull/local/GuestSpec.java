package io.lull.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A test guest as QEMU is started with it. Primary and standby differ in their folder, TAP, disk file and in how they
 * begin; everything that shapes the machine is the same by construction.
 *
 * @param images folder with vmlinux, initrd.gz, data.ext4 and condfix.so
 * @param vcpus 1 or more
 * @param ramKib not a multiple of 256: QEMU before 9.0 loses dirty pages under TCG otherwise
 * @param kernelOptions the guest's own {@code g.*} options
 * @param ramFile where the guest's RAM is kept in a shared file, for a test's oracle; empty for anonymous RAM
 * @param onFull what becomes of a write for which the disk's file has no room
 */
public record GuestSpec(
        Path images, int vcpus, int ramKib, String kernelOptions, Optional<Path> ramFile, OnFull onFull) {
    /** 128 MiB and 8 KiB. */
    public static final int RAM_KIB = 131_080;

    public static final String ADDRESS = "10.9.0.2";

    private static final String NAME = "lull,debug-threads=on";

    public GuestSpec {
        if (vcpus < 1) {
            throw new IllegalArgumentException("a guest needs at least one vCPU, not " + vcpus);
        }
        if (ramKib % 256 == 0) {
            throw new IllegalArgumentException(
                    "ramKib " + ramKib + " is a multiple of 256: unsafe under TCG before 9.0");
        }
    }

    /** A guest that is told of its disk's errors. */
    public GuestSpec(Path images, int vcpus, int ramKib, String kernelOptions, Optional<Path> ramFile) {
        this(images, vcpus, ramKib, kernelOptions, ramFile, OnFull.TELL);
    }

    /** What QEMU does when a disk's file has no room for a write. */
    public enum OnFull {
        /** The guest gets an error. */
        TELL("report"),
        /** The guest is stopped until there is room: what QEMU does if nobody says otherwise. */
        STOP("enospc");

        private final String option;

        OnFull(String option) {
            this.option = option;
        }
    }

    /**
     * Where one QEMU process of this guest lives.
     *
     * @param folder for its sockets and logs
     * @param qmp path of its monitor, or the backup's placeholder for it
     * @param disk its raw disk image; empty for a guest without one
     * @param tap its TAP device; empty for a guest without network
     */
    public record Seat(Path folder, String qmp, Optional<Path> disk, Optional<String> tap) {
        /** A seat whose monitor lies in its folder. */
        public static Seat in(Path folder, Optional<Path> disk, Optional<String> tap) {
            return new Seat(folder, folder.resolve("qmp.sock").toString(), disk, tap);
        }

        /** A seat of a standby, whose monitor the backup places. */
        public static Seat standby(Path folder, Optional<Path> disk, Optional<String> tap) {
            return new Seat(folder, "{qmp}", disk, tap);
        }

        /** The monitor of the worker's watchdog process. */
        public Path watchdogQmp() {
            return folder.resolve("qmp-watchdog.sock");
        }

        /** A monitor for whoever only looks on. */
        public Path observerQmp() {
            return folder.resolve("qmp-observer.sock");
        }

        public Path console() {
            return folder.resolve("console.log");
        }

        /** The counter's serial port. */
        public Path counter() {
            return folder.resolve("counter.log");
        }
    }

    /** The command line of the running guest. */
    public List<String> primaryCommand(Seat seat) {
        return command(seat);
    }

    /** The command line of a guest that goes on from a state which was saved to a file. */
    public List<String> restoredCommand(Seat seat, Path state) {
        List<String> command = command(seat);
        command.addAll(List.of("-incoming", "exec:cat '" + state + "'"));
        return command;
    }

    /** The command line of a standby that waits for the stream at the backup's placeholder. */
    public List<String> standbyCommand(Seat seat) {
        List<String> command = command(seat);
        command.addAll(List.of("-incoming", "unix:{incoming}"));
        return command;
    }

    private List<String> command(Seat seat) {
        List<String> command = new ArrayList<>(
                List.of("env", "LD_PRELOAD=" + images.resolve("condfix.so"), "qemu-system-x86_64", "-name", NAME));
        command.addAll(machine());
        command.addAll(boot());
        command.addAll(sockets(seat));
        seat.tap().ifPresent(tap -> command.addAll(network(tap)));
        seat.disk().ifPresent(disk -> command.addAll(disk(disk)));
        return command;
    }

    private List<String> machine() {
        List<String> machine = new ArrayList<>(List.of(
                "-M",
                "pc-i440fx-7.2" + (ramFile.isPresent() ? ",memory-backend=ram0" : ""),
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                "qemu64",
                "-smp",
                String.valueOf(vcpus),
                "-m",
                ramKib + "K",
                "-nodefaults",
                "-no-user-config",
                "-vga",
                "none",
                "-display",
                "none",
                "-no-reboot"));
        ramFile.ifPresent(file -> machine.addAll(
                List.of("-object", "memory-backend-file,id=ram0,size=" + ramKib + "K,share=on,mem-path=" + file)));
        return machine;
    }

    private List<String> boot() {
        return List.of(
                "-kernel",
                images.resolve("vmlinux").toString(),
                "-initrd",
                images.resolve("initrd.gz").toString(),
                "-append",
                "console=ttyS0 quiet panic=-1 " + kernelOptions);
    }

    private static List<String> sockets(Seat seat) {
        return List.of(
                "-serial",
                "file:" + seat.console(),
                "-serial",
                "file:" + seat.counter(),
                "-qmp",
                "unix:" + seat.qmp() + ",server=on,wait=off",
                "-qmp",
                "unix:" + seat.watchdogQmp() + ",server=on,wait=off",
                "-qmp",
                "unix:" + seat.observerQmp() + ",server=on,wait=off");
    }

    private static List<String> network(String tap) {
        return List.of(
                "-netdev",
                "tap,id=net0,ifname=" + tap + ",script=no,downscript=no",
                "-device",
                "virtio-net-pci,netdev=net0,id=nic0,addr=0x4,romfile=,mac=52:54:00:10:09:02");
    }

    /** The replicated copy is the safe one, so the local file need not be flushed (a flush is part of each pause). */
    private List<String> disk(Path file) {
        return List.of(
                "-blockdev",
                "driver=raw,node-name=disk0,cache.no-flush=on,file.driver=file,file.filename=" + file,
                "-device",
                "virtio-blk-pci,drive=disk0,id=blk0,addr=0x5,werror=" + onFull.option + ",rerror=report");
    }
}
