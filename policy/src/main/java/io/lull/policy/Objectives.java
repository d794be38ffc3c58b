package io.lull.policy;

/**
 * What the operator wants of a VM, and where its trigger runs.
 *
 * @param intervalNanos epoch length of a fixed-interval policy
 * @param maxEpochNanos longest epoch (T_max) of the other policies
 * @param placement who looks for idle slots
 * @param targets what the operator wants to be kept; followed by the policies that can
 */
public record Objectives(long intervalNanos, long maxEpochNanos, TriggerPlacement placement, Targets targets) {
    /** 25 ms (the reading of Remus that PLOVER compares with), T_max 25 ms, trigger on the host. */
    public static final Objectives DEFAULT =
            new Objectives(25_000_000, 25_000_000, TriggerPlacement.HOST, Targets.NONE);

    public Objectives {
        Checks.positive("intervalNanos", intervalNanos);
        Checks.positive("maxEpochNanos", maxEpochNanos);
    }
}
