package io.lull.producer.qemu;

/** What runs the guest's instructions. */
public enum Accelerator {
    /** The processor, through the kernel. */
    KVM,
    /** QEMU's own translator. */
    TCG
}
