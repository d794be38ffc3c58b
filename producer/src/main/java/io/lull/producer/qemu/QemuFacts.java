package io.lull.producer.qemu;

import io.lull.policy.Checks;
import java.util.Set;

/**
 * What decides whether a QEMU may be armed.
 *
 * @param version what it says it is
 * @param commands the names that it was built with
 * @param ramBytes size of the guest's main memory
 * @param preloadPresent whether Lull's lock fix is loaded into the process; matters for TCG only
 * @param dirtyRing whether KVM logs dirty pages in rings, one for each vCPU, and not in a bitmap
 */
public record QemuFacts(
        QemuVersion version,
        Set<String> commands,
        Accelerator accelerator,
        long ramBytes,
        boolean preloadPresent,
        boolean dirtyRing) {
    public QemuFacts {
        Checks.positive("ramBytes", ramBytes);
        commands = Set.copyOf(commands);
    }
}
