package io.lull.worker.qemu;

import java.util.List;

/**
 * What a VM can write to and speak by.
 *
 * @param disks those that a device of the VM may write to, firmware flash not among them: its content is the VM's memory too
 * @param netdevs ids of those that a device of the VM is on
 */
public record VmDevices(List<Disk> disks, List<String> netdevs) {
    public VmDevices {
        disks = List.copyOf(disks);
        netdevs = List.copyOf(netdevs);
    }

    /**
     * A disk by its names.
     *
     * @param drive id of its {@code -drive}; empty when it has none
     * @param node name of its topmost block node; QEMU makes one up where nobody gave one
     */
    public record Disk(String drive, String node) {
        /** Whether it has this name. */
        public boolean isCalled(String name) {
            return !name.isEmpty() && (name.equals(drive) || name.equals(node));
        }

        /** The name that an operator gave it, if any did. */
        public String name() {
            return drive.isEmpty() ? node : drive;
        }
    }
}
