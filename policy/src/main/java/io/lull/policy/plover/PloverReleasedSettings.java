package io.lull.policy.plover;

import io.lull.policy.Checks;

/**
 * The constants of {@link PloverReleasedPolicy}, by hand for one host in the released code.
 *
 * @param busyCoreRatio a probe is busy when the VM uses this share of one core, all its vCPUs together
 * @param probeNanos length of a probe
 * @param probes idle probes in a row that make an idle slot; at least 1
 */
public record PloverReleasedSettings(double busyCoreRatio, long probeNanos, int probes) {
    /** A quarter of a core, three probes of 200 us. */
    public static final PloverReleasedSettings DEFAULT = new PloverReleasedSettings(0.25, 200_000, 3);

    public PloverReleasedSettings {
        Checks.within("busyCoreRatio", busyCoreRatio, 0, 1);
        Checks.positive("probeNanos", probeNanos);
        Checks.positive("probes", probes);
    }
}
