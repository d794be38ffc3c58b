package io.lull.policy.signal;

/** What {@link TcpModel} has learned. A class with public fields, because Flink keeps it as state. */
public final class TcpState {
    /** Share of the connections that are stalled, smoothed, 0..1. */
    public EwmaState stalledRatio = new EwmaState();

    /** Share whose client takes no further segment. */
    public EwmaState windowFullRatio = new EwmaState();

    /** Share whose client announced a window of zero. */
    public EwmaState zeroWindowRatio = new EwmaState();

    /** Share with a request that nothing has answered yet. */
    public EwmaState pendingRatio = new EwmaState();
}
