package io.lull.bench.job;

import java.util.Map;
import java.util.TreeMap;

/**
 * Stretches what the job does by the clock for a backlog that is not worked off as fast as it was lived, so that it does
 * as much of it for each sample as it would live: a VM of {@value #SAMPLES_PER_SECOND} samples a second whose plan is
 * sent again each {@value #REASSERT_MILLIS} ms has one plan in fifty samples.
 */
final class Dilation {
    /** From one sample of a VM to the next: the worker's default. */
    static final long SAMPLE_MICROS = 10_000;

    static final int SAMPLES_PER_SECOND = 100;
    static final int REASSERT_MILLIS = 500;

    /** How many samples a second are expected to be worked off. */
    private static final double EXPECTED_PER_SECOND = 300_000;

    private static final long LEAST_MILLIS = 1;
    private static final long LONGEST_LEASE_MILLIS = 600_000;

    private Dilation() {}

    /** The job's options for a backlog of so many VMs. */
    static Map<String, String> options(String policy, int vms) {
        double livedPerSecond = (double) vms * SAMPLES_PER_SECOND;
        long reassertMillis =
                Math.max(LEAST_MILLIS, Math.round(REASSERT_MILLIS * livedPerSecond / EXPECTED_PER_SECOND));
        long leaseMillis = Math.min(LONGEST_LEASE_MILLIS, reassertMillis * 4);
        Map<String, String> options = new TreeMap<>();
        options.put("lull.policy", policy);
        options.put("lull.reassert", reassertMillis + " ms");
        options.put("lull.lease", leaseMillis + " ms");
        // Between turns nothing comes, and that is no silence.
        options.put("lull.staleness", LONGEST_LEASE_MILLIS + " ms");
        options.put("execution.checkpointing.interval", "1 s");
        return options;
    }
}
