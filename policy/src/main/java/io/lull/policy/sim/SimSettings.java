package io.lull.policy.sim;

import io.lull.policy.Checks;
import io.lull.policy.HardLimits;

/**
 * How a run is made.
 *
 * @param limits the worker's hard limits
 * @param tickNanos of the worker's trigger
 * @param control the way through the job
 * @param warmUpNanos at the start, not counted
 * @param runNanos counted
 */
public record SimSettings(HardLimits limits, long tickNanos, ControlPath control, long warmUpNanos, long runNanos) {
    /** Ticks of 0.25 ms, near the 0.2 ms of PLOVER's probes; 3 s of warm-up, 10 s counted. */
    public static final SimSettings DEFAULT = new SimSettings(
            new HardLimits(0, 500_000_000, 25_000_000, 1 << 20, 256L << 20),
            250_000,
            ControlPath.MEASURED,
            3_000_000_000L,
            10_000_000_000L);

    public SimSettings {
        Checks.duration("tickNanos", tickNanos, 1);
        Checks.duration("warmUpNanos", warmUpNanos, 0);
        Checks.duration("runNanos", runNanos, 1);
    }

    public SimSettings lasting(long newWarmUpNanos, long newRunNanos) {
        return new SimSettings(limits, tickNanos, control, newWarmUpNanos, newRunNanos);
    }

    public SimSettings over(ControlPath path) {
        return new SimSettings(limits, tickNanos, path, warmUpNanos, runNanos);
    }

    public SimSettings within(HardLimits hardLimits) {
        return new SimSettings(hardLimits, tickNanos, control, warmUpNanos, runNanos);
    }
}
