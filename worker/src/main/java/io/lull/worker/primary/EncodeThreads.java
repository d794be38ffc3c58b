package io.lull.worker.primary;

import io.lull.policy.signal.HostSample;
import java.util.OptionalInt;

/**
 * How many threads may encode a checkpoint: the caller, and one for each core that was idle lately, up to what both the
 * configuration and the plan grant. One thread observes, any asks.
 */
final class EncodeThreads {
    /** Share of a new sample in the mean: about the last ten samples count. */
    private static final double NEW_SHARE = 0.1;

    private final int configured;
    private double meanIdleCores;
    private boolean observed;
    private volatile int threads;

    /**
     * @param configured most threads, the caller included: the configuration's
     */
    EncodeThreads(int configured) {
        this.configured = configured;
        this.threads = configured;
    }

    /**
     * Takes in what a sample says of the host.
     *
     * @param planned what the plan that holds grants, if one does and says so
     */
    void observe(HostSample host, OptionalInt planned) {
        meanIdleCores = observed ? meanIdleCores + NEW_SHARE * (host.idleCores() - meanIdleCores) : host.idleCores();
        observed = true;
        int granted = Math.min(configured, planned.orElse(configured));
        threads = Math.max(1, Math.min(granted, 1 + (int) meanIdleCores));
    }

    /** Threads for the next checkpoint. */
    int now() {
        return threads;
    }
}
