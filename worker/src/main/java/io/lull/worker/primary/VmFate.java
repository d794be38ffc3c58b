package io.lull.worker.primary;

/** What has become of a VM and of the worker's hold on it. */
enum VmFate {
    /** QEMU answers: the VM is there. */
    RUNS,
    /** QEMU said that the guest powered off, or that it was told to end: no failover. */
    OFF,
    /** QEMU is gone without a word, or does not answer any more: the backup is to take over. */
    LOST,
    /** QEMU's process lives and its monitor is closed: the guest runs, and this worker can do nothing for it. */
    OUT_OF_REACH
}
