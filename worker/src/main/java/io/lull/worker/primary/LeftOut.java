package io.lull.worker.primary;

import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.qemu.VmDevices;
import java.util.ArrayList;
import java.util.List;

/** Finds what of a VM its configuration leaves out: a disk that would be another after a takeover, output that isn't held. */
final class LeftOut {
    private LeftOut() {}

    /**
     * One line for each, that says what to do; empty when the VM is whole.
     *
     * <p>Of disks nothing is said where {@link #knowsDisks} doesn't hold.
     */
    static List<String> of(VmDevices devices, PrimaryConfig.Disk disk, PrimaryConfig.Network network) {
        List<String> lines = new ArrayList<>();
        boolean known = knowsDisks(devices, disk);
        devices.disks().stream()
                .filter(one -> known
                        && !one.isCalled(disk.node())
                        && disk.others().stream().noneMatch(one::isCalled))
                .map(one -> "the VM writes to the disk '" + one.name()
                        + "', which isn't replicated: after a takeover it is what"
                        + " lies on the backup's host. Take it away, have it read-only, name it in 'disk.node', or in 'disk.others'"
                        + " when that is meant")
                .forEach(lines::add);
        devices.netdevs().stream()
                .filter(id -> !id.equals(network.netdev()) && !network.others().contains(id))
                .map(
                        id -> "the VM speaks by the netdev '" + id
                                + "', whose output isn't held: its clients may see what a takeover"
                                + " undoes. Take it away, name it in 'network.netdev', or in 'network.others' when that is meant")
                .forEach(lines::add);
        return lines;
    }

    /**
     * Whether the disk that is to be replicated is among them, and so the others can be told from it. If not, another node lies on top
     * of it: a filter, or that of a copy which an earlier worker began.
     */
    static boolean knowsDisks(VmDevices devices, PrimaryConfig.Disk disk) {
        return !disk.used() || devices.disks().stream().anyMatch(one -> one.isCalled(disk.node()));
    }
}
