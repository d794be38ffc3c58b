package io.lull.bench.job;

import java.util.Map;
import java.util.TreeMap;

/**
 * Stretches what the job does by the clock for a backlog that is not worked off as fast as it was lived, so that it does
 * as much of it for each sample as it would live: a VM of {@value #SAMPLES_PER_SECOND} samples a second whose plan is
 * sent again each {@value #REASSERT_MILLIS} ms has one plan in fifty samples.
 *
 * @param worksOffPerSecond how many samples a second of this machine's clock are worked off
 */
record Dilation(double worksOffPerSecond) {
    /** From one sample of a VM to the next: the worker's default. */
    static final long SAMPLE_MICROS = 10_000;

    static final int SAMPLES_PER_SECOND = 100;
    static final int REASSERT_MILLIS = 500;

    /** For a backlog of which nobody knows yet how fast it is worked off. */
    static final Dilation EXPECTED = new Dilation(300_000);

    /** From one Flink checkpoint to the next. */
    static final String FLINK_CHECKPOINTS = "execution.checkpointing.interval";

    private static final long LEAST_MILLIS = 1;
    private static final long LONGEST_LEASE_MILLIS = 600_000;

    Dilation {
        if (!(worksOffPerSecond > 0)) {
            throw new IllegalArgumentException("a backlog is worked off at a pace, not at " + worksOffPerSecond);
        }
    }

    /** The job's options for a backlog of so many VMs, but for {@link #FLINK_CHECKPOINTS}. */
    Map<String, String> options(String policy, int vms) {
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

    /** How long so much of the life of so many VMs takes. */
    long stretchedMillis(long livedMillis, int vms) {
        double livedPerSecond = (double) vms * SAMPLES_PER_SECOND;
        return Math.max(LEAST_MILLIS, Math.round(livedMillis * livedPerSecond / worksOffPerSecond));
    }
}
