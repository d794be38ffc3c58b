package io.lull.policy.lull;

import io.lull.policy.ServicesRule;

/** What {@link Services} has learned, by service. A class with public fields, because Flink keeps it as state. */
public final class ServicesState {
    /** Time seen, faded, nanoseconds. */
    public double nanos;

    /** Whether the guest stood still at the last sample. */
    public boolean stood;

    /** The open epoch at the last sample. */
    public long epoch;

    /** The guest's ports; 0 where there is no service yet. */
    public int[] port = new int[ServicesRule.MOST_SERVICES];

    /** Clients that it had at once: maxima that decay while it is active. */
    public double[] clients = new double[ServicesRule.MOST_SERVICES];

    /** Time in which it was active, faded, nanoseconds. */
    public double[] activeNanos = new double[ServicesRule.MOST_SERVICES];

    /** Of that, the time in which the service went on, faded, nanoseconds. */
    public double[] servedNanos = new double[ServicesRule.MOST_SERVICES];

    /** Share of the service that stood still when it was last seen active while the guest ran. */
    public double[] starving = new double[ServicesRule.MOST_SERVICES];
}
