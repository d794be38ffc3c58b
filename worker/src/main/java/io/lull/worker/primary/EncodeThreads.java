package io.lull.worker.primary;

import io.lull.policy.signal.HostSample;

/**
 * How many threads may encode a checkpoint: the caller, and one for each core that was idle lately, up to what is granted.
 * One thread observes, any asks.
 */
final class EncodeThreads {
    /** Share of a new sample in the mean: about the last ten samples count. */
    private static final double NEW_SHARE = 0.1;

    private final int granted;
    private double meanIdleCores;
    private boolean observed;
    private volatile int threads;

    /**
     * @param granted most threads, the caller included: the configuration's, as a plan names none
     */
    EncodeThreads(int granted) {
        this.granted = granted;
        this.threads = granted;
    }

    /** Takes in what a sample says of the host. */
    void observe(HostSample host) {
        meanIdleCores = observed ? meanIdleCores + NEW_SHARE * (host.idleCores() - meanIdleCores) : host.idleCores();
        observed = true;
        threads = Math.max(1, Math.min(granted, 1 + (int) meanIdleCores));
    }

    /** Threads for the next checkpoint. */
    int now() {
        return threads;
    }
}
