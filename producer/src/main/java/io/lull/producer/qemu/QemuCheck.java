package io.lull.producer.qemu;

import java.util.ArrayList;
import java.util.List;

/**
 * Says which QEMUs must not be armed for checkpoints by COLO, because they would hang, stop or silently lose pages.
 *
 * <ul>
 *   <li>Before 7.2 nothing was tried.
 *   <li>A build without replication has no COLO.
 *   <li>10.0.0 to 10.0.6 and 10.1 complete the migration instead of entering COLO and leave the guest stopped. A point
 *       release of 10.1 may have the fix; as none is known to, all are refused.
 *   <li>With KVM's dirty rings QEMU aborts at the first checkpoint: COLO collects dirty pages without the lock that a ring wants.
 *   <li>Under TCG the COLO thread waits with a lock that it does not own and deadlocks, unless the lock fix is preloaded.
 *   <li>Under TCG before 9.0 dirty pages of a memory whose size is a multiple of 256 KiB are silently lost.
 * </ul>
 */
public final class QemuCheck {
    private static final long LOSING_MULTIPLE_BYTES = 256 << 10;
    private static final long PADDING_BYTES = 8 << 10;

    private QemuCheck() {}

    /** Why this QEMU must not be armed, one line a reason with what to do; empty when it may be. */
    public static List<String> refusals(QemuFacts facts) {
        List<String> refusals = new ArrayList<>();
        QemuVersion version = facts.version();
        addIfTooOld(version, refusals);
        if (!facts.commands().contains("x-colo-lost-heartbeat")) {
            refusals.add("QEMU " + version + " was built without COLO (no x-colo-lost-heartbeat):"
                    + " run a build with replication, as Debian's");
        }
        if (neverEntersColo(version)) {
            refusals.add("QEMU " + version + " stops the guest instead of entering COLO:"
                    + " run 10.0.7 or later of 10.0, or 10.2 or later");
        }
        if (facts.dirtyRing()) {
            refusals.add("QEMU ends itself at the first checkpoint by COLO where KVM has dirty rings:"
                    + " start it without dirty-ring-size (libvirt: <dirty-ring/>)");
        }
        if (facts.accelerator() == Accelerator.TCG) {
            addTcgRefusals(facts, refusals);
        }
        return List.copyOf(refusals);
    }

    /**
     * Why this QEMU must not be armed for checkpoints from shared memory, which need neither its dirty bitmap nor COLO;
     * empty when it may be. Whether the guest's memory is shared is another question.
     */
    public static List<String> sharedMemoryRefusals(QemuFacts facts) {
        List<String> refusals = new ArrayList<>();
        addIfTooOld(facts.version(), refusals);
        if (!facts.commands().contains("xen-save-devices-state")) {
            refusals.add("QEMU " + facts.version() + " can't save its devices alone (no xen-save-devices-state):"
                    + " run a build that can, as Debian's");
        }
        return List.copyOf(refusals);
    }

    private static void addIfTooOld(QemuVersion version, List<String> refusals) {
        if (!version.isAtLeast(7, 2, 0)) {
            refusals.add("QEMU " + version + " is too old: run 7.2 or later");
        }
    }

    private static void addTcgRefusals(QemuFacts facts, List<String> refusals) {
        if (!facts.preloadPresent()) {
            refusals.add("TCG deadlocks in COLO without Lull's lock fix:"
                    + " start QEMU with the fix in LD_PRELOAD, or with KVM");
        }
        if (!facts.version().isAtLeast(9, 0, 0) && facts.ramBytes() % LOSING_MULTIPLE_BYTES == 0) {
            refusals.add(
                    "TCG before QEMU 9.0 loses dirty pages of a memory whose size is a multiple of 256 KiB: use -m "
                            + (facts.ramBytes() + PADDING_BYTES) / 1024 + "K, or QEMU 9.0 or later");
        }
    }

    private static boolean neverEntersColo(QemuVersion version) {
        boolean early = version.isAtLeast(10, 0, 0) && !version.isAtLeast(10, 0, 7);
        return early || version.isAtLeast(10, 1, 0) && !version.isAtLeast(10, 2, 0);
    }
}
