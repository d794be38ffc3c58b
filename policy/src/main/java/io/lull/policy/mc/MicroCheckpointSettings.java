package io.lull.policy.mc;

import io.lull.policy.Checks;

/**
 * The parameter of {@link MicroCheckpointPolicy}.
 *
 * @param delayNanos {@code freq}, as {@code migrate-set-mc-delay} sets it
 */
public record MicroCheckpointSettings(long delayNanos) {
    /** 100 ms, the source's own default. */
    public static final MicroCheckpointSettings DEFAULT = new MicroCheckpointSettings(100_000_000);

    public MicroCheckpointSettings {
        Checks.positive("delayNanos", delayNanos);
    }
}
