package io.lull.policy.lull;

import io.lull.policy.ServicesRule;

/** What {@link Services} has learned, by service. A class with public fields, because Flink keeps it as state. */
public final class ServicesState {
    /** Time seen, faded, nanoseconds. */
    public double nanos;

    /** The guest's ports; 0 where there is no service yet. */
    public int[] port = new int[ServicesRule.MOST_SERVICES];

    /** Connections that waited or asked at once: decaying maxima. */
    public double[] clients = new double[ServicesRule.MOST_SERVICES];

    /** Time in which any of them waited or asked, faded, nanoseconds. */
    public double[] activeNanos = new double[ServicesRule.MOST_SERVICES];

    /** Of that, the time in which the service went on, faded, nanoseconds. */
    public double[] servedNanos = new double[ServicesRule.MOST_SERVICES];

    /** Share of the service that stood still at the last sample; 1 where it was not active. */
    public double[] starving = new double[ServicesRule.MOST_SERVICES];
}
