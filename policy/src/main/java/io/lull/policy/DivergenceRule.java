package io.lull.policy;

/**
 * Ends an epoch when a second VM, which executes too, did not produce a frame that the first one sent. Only a host
 * with such a VM has the signal ({@link Signal#DIVERGENCE}).
 *
 * @param holdOffNanos how long the guest runs at least before a divergence counts
 */
public record DivergenceRule(long holdOffNanos) {
    public DivergenceRule {
        Checks.notNegative("holdOffNanos", holdOffNanos);
    }
}
