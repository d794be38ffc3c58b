package io.lull.bench.many;

import io.lull.policy.Checks;
import io.lull.worker.page.PageMemory;

/**
 * What is measured.
 *
 * @param vms how many VMs
 * @param guests how many of them are real guests; the last ones
 * @param ramMebibytes of each that is simulated
 * @param calmPages that a calm one dirties in an epoch
 * @param wildTimes as many a wild one does
 * @param intervalNanos from checkpoint to checkpoint
 * @param apart whether each VM has page workers of its own, for comparison
 * @param seed of what the guests write
 */
record Setting(
        int vms,
        int guests,
        int ramMebibytes,
        int calmPages,
        int wildTimes,
        long intervalNanos,
        boolean apart,
        long seed) {
    Setting {
        Checks.within("vms", vms, 2, 256);
        // One at least is simulated, since it turns wild.
        Checks.within("guests", guests, 0, vms - 1);
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

    /** Whether the VM of this number is a real guest. */
    boolean isReal(int number) {
        return number >= vms - guests;
    }

    int wildPages() {
        return calmPages * wildTimes;
    }
}
