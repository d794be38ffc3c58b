package io.lull.producer.probe;

/**
 * Splits the dirty pages of checkpoints among the vCPUs by the time that each ran since the checkpoint before.
 *
 * <p>With run times r_i and D pages, vCPU i gets round(D · (r_0 + … + r_i) / Σ r) less what those before it got, so the
 * shares add up to D exactly. vCPUs that did not run at all share evenly. Not thread-safe.
 */
public final class DirtyApportioner {
    private final long[] runNanos;

    public DirtyApportioner(int vcpus) {
        runNanos = new long[vcpus];
    }

    public void ran(int vcpu, long nanos) {
        runNanos[vcpu] += nanos;
    }

    /** The shares of these pages; run times are counted anew from here. */
    public long[] split(long dirtyPages) {
        double total = 0;
        for (long nanos : runNanos) {
            total += nanos;
        }
        long[] pages = new long[runNanos.length];
        double upTo = 0;
        long given = 0;
        for (int i = 0; i < pages.length; i++) {
            upTo += total == 0 ? 1.0 / pages.length : runNanos[i] / total;
            long due = i == pages.length - 1 ? dirtyPages : Math.min(dirtyPages, Math.round(dirtyPages * upTo));
            pages[i] = due - given;
            given = due;
            runNanos[i] = 0;
        }
        return pages;
    }
}
