package io.lull.policy.signal;

/**
 * Smooths what a VM's TCP connections say: which share of them waits for what.
 *
 * <pre>
 * share(x) = Ewma(connections in state x / connections)
 * </pre>
 *
 * <p>Regimes: a bulk download has most connections stalled or with full windows, and output held costs it throughput; a
 * closed loop of requests alternates between pending and stalled; an open loop has neither. While no connection is open
 * nothing is learned: a share of none has no value. Unit: ratio, 0..1.
 */
public final class TcpModel {
    private TcpModel() {}

    /** Takes up {@code sample} with a memory of {@code tauNanos}. */
    public static void update(TcpState state, SampleView sample, long tauNanos) {
        int connections = sample.connections;
        if (connections <= 0) {
            return;
        }
        long dt = sample.intervalNanos;
        Ewma.update(state.stalledRatio, ratio(sample.stalled, connections), dt, tauNanos);
        Ewma.update(state.windowFullRatio, ratio(sample.windowFull, connections), dt, tauNanos);
        Ewma.update(state.zeroWindowRatio, ratio(sample.zeroWindow, connections), dt, tauNanos);
        Ewma.update(state.pendingRatio, ratio(sample.requestsPending, connections), dt, tauNanos);
    }

    /** Whether a sample with a connection has been seen. */
    public static boolean isKnown(TcpState state) {
        return Ewma.isKnown(state.stalledRatio);
    }

    private static double ratio(int part, int whole) {
        return Math.max(0, Math.min(1, part / (double) whole));
    }
}
