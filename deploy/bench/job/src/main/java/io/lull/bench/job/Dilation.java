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

    /** From one Flink checkpoint to the next. */
    static final String FLINK_CHECKPOINTS = "execution.checkpointing.interval";

    private static final long LEAST_MILLIS = 1;
    private static final long LONGEST_LEASE_MILLIS = 600_000;

    private Dilation() {}

    /** The job's options for a backlog of so many VMs, but for {@link #FLINK_CHECKPOINTS}. */
    static Map<String, String> options(String policy, int vms) {
        long reassertMillis = stretchedMillis(REASSERT_MILLIS, vms);
        long leaseMillis = Math.min(LONGEST_LEASE_MILLIS, reassertMillis * 4);
        Map<String, String> options = new TreeMap<>();
        options.put("lull.policy", policy);
        options.put("lull.reassert", reassertMillis + " ms");
        options.put("lull.lease", leaseMillis + " ms");
        // Between turns nothing comes, and that is no silence.
        options.put("lull.staleness", LONGEST_LEASE_MILLIS + " ms");
        return options;
    }

    /** How long so much of the life of so many VMs is expected to take. */
    static long stretchedMillis(long livedMillis, int vms) {
        double livedPerSecond = (double) vms * SAMPLES_PER_SECOND;
        return Math.max(LEAST_MILLIS, Math.round(livedMillis * livedPerSecond / EXPECTED_PER_SECOND));
    }
}
