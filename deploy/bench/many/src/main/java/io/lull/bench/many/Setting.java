package io.lull.bench.many;

import io.lull.policy.Checks;
import io.lull.worker.page.PageMemory;

/**
 * What is measured.
 *
 * @param vms how many VMs
 * @param ramMebibytes of each
 * @param calmPages that a calm one dirties in an epoch
 * @param wildTimes as many a wild one does
 * @param intervalNanos from checkpoint to checkpoint
 * @param apart whether each VM has page workers of its own, for comparison
 * @param seed of what the guests write
 */
record Setting(int vms, int ramMebibytes, int calmPages, int wildTimes, long intervalNanos, boolean apart, long seed) {
    Setting {
        Checks.within("vms", vms, 2, 256);
        Checks.within("ramMebibytes", ramMebibytes, 1, 1 << 14);
        Checks.positive("calmPages", calmPages);
        Checks.positive("wildTimes", wildTimes);
        Checks.positive("intervalNanos", intervalNanos);
        if ((long) calmPages * wildTimes > ramPages(ramMebibytes)) {
            throw new IllegalArgumentException("a wild VM dirties " + (long) calmPages * wildTimes
                    + " pages in an epoch, but has only " + ramPages(ramMebibytes) + ": give --ram more");
        }
    }

    private static long ramPages(int mebibytes) {
        return ((long) mebibytes << 20) / PageMemory.PAGE_BYTES;
    }

    int wildPages() {
        return calmPages * wildTimes;
    }
}
