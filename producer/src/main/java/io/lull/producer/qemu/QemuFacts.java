package io.lull.producer.qemu;

import io.lull.policy.Checks;
import java.util.Set;

/**
 * What decides whether a QEMU may be armed.
 *
 * @param commands the names that it was built with
 * @param ramBytes size of the guest's main memory
 * @param preloadPresent whether Lull's lock fix is loaded into the process; matters for TCG only
 */
public record QemuFacts(
        QemuVersion version, Set<String> commands, Accelerator accelerator, long ramBytes, boolean preloadPresent) {
    public QemuFacts {
        Checks.positive("ramBytes", ramBytes);
        commands = Set.copyOf(commands);
    }
}
