package io.lull.worker.ship;

import io.lull.policy.Checks;

/**
 * A ceiling of bytes per second that a link is held to, by a token bucket that may go into debt: {@code allowed = min(burst,
 * allowed + rate * time) - sent}.
 *
 * <p>Frames are sent whole, so the last one that is begun may take more than was allowed; what it took too much is waited for
 * before the next. What must not wait is sent all the same and counted: the rest makes room for it. Goes by the times that it
 * is told; for one thread.
 */
final class Ceiling {
    /** What an idle link saves up: so long at the full rate, and a small epoch leaves at once. */
    static final long BURST_NANOS = 10_000_000L;

    private final double bytesPerNano;
    private final double burstBytes;
    private double allowedBytes;
    private long knownAtNanos;

    /**
     * A ceiling of a link that was idle until now.
     *
     * @throws IllegalArgumentException when the rate isn't positive
     */
    Ceiling(long bytesPerSecond, long nowNanos) {
        Checks.positive("bytesPerSecond", bytesPerSecond);
        this.bytesPerNano = bytesPerSecond / 1e9;
        this.burstBytes = Math.max(1, bytesPerNano * BURST_NANOS);
        this.allowedBytes = burstBytes;
        this.knownAtNanos = nowNanos;
    }

    /** Bytes that may be sent now; 0 when what was sent has to be waited for. */
    long allowed(long nowNanos) {
        allowedBytes = Math.min(burstBytes, allowedBytes + bytesPerNano * Math.max(0, nowNanos - knownAtNanos));
        knownAtNanos = Math.max(knownAtNanos, nowNanos);
        return Math.max(0, (long) allowedBytes);
    }

    /** How long it takes, as seen at the last look, until a byte may be sent; 0 when one may be now. */
    long waitNanos() {
        return allowedBytes >= 1 ? 0 : (long) Math.ceil((1 - allowedBytes) / bytesPerNano);
    }

    /** Counts what was sent, whether it was allowed or not. */
    void sent(long bytes) {
        allowedBytes -= bytes;
    }
}
