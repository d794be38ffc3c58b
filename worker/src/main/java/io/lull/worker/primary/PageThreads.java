package io.lull.worker.primary;

import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.OptionalInt;

/**
 * How many threads may work on a VM's pages: the caller, and one for each core that was idle lately, up to what both the
 * configuration and the plan grant. While the guest stands still the cores that its vCPUs ran on are idle too. One thread
 * observes, any asks.
 */
final class PageThreads {
    /** Share of a new sample in the mean: about the last ten samples count. */
    private static final double NEW_SHARE = 0.1;

    private final int configured;
    private double meanIdleCores;
    private double meanGuestCores;
    private boolean observed;
    private volatile int whileRunning;
    private volatile int whileStopped;

    /**
     * All that are configured, until something was observed.
     *
     * @param configured most threads, the caller included: the configuration's
     */
    PageThreads(int configured) {
        this.configured = configured;
        this.whileRunning = configured;
        this.whileStopped = configured;
    }

    /**
     * Takes in what a sample says of the host and of the guest's part in its load.
     *
     * @param planned what the plan that holds grants, if one does and says so
     */
    void observe(VmSample sample, OptionalInt planned) {
        meanIdleCores = mean(meanIdleCores, sample.host().idleCores());
        meanGuestCores = mean(meanGuestCores, guestCores(sample));
        observed = true;
        int granted = Math.min(configured, planned.orElse(configured));
        whileRunning = threads(granted, meanIdleCores);
        whileStopped = threads(granted, meanIdleCores + meanGuestCores);
    }

    private double mean(double before, double now) {
        return observed ? before + NEW_SHARE * (now - before) : now;
    }

    /** Cores that its vCPUs ran on; a sample from outside may be absurd. */
    private static double guestCores(VmSample sample) {
        double runNanos = 0;
        // By index: an iterator a sample is garbage a sample.
        for (int i = 0; i < sample.vcpus().size(); i++) {
            VcpuSample vcpu = sample.vcpus().get(i);
            runNanos += vcpu.runNanos();
        }
        return Math.min(sample.vcpus().size(), runNanos / sample.intervalNanos());
    }

    private static int threads(int granted, double freeCores) {
        return Math.max(1, Math.min(granted, 1 + (int) freeCores));
    }

    /** Threads for work beside the running guest. */
    int whileRunning() {
        return whileRunning;
    }

    /** Threads for work in a pause. */
    int whileStopped() {
        return whileStopped;
    }
}
