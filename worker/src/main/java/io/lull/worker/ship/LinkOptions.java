package io.lull.worker.ship;

import io.lull.policy.Checks;
import java.net.InetSocketAddress;
import java.util.OptionalLong;

/**
 * How to reach a backup, and the limits of the connection.
 *
 * @param backup its address
 * @param queueBytes size of the send ring; at least one largest frame
 * @param connectLimitNanos longest wait for the connection, the proof of who is who, and the answer to HELLO
 * @param heartbeatNanos something is sent at least this often
 * @param silenceLimitNanos the link is lost when nothing arrived for so long; several heartbeats
 * @param ceilingBytesPerSecond most that is sent, before encryption; empty for no ceiling
 */
public record LinkOptions(
        InetSocketAddress backup,
        int queueBytes,
        long connectLimitNanos,
        long heartbeatNanos,
        long silenceLimitNanos,
        OptionalLong ceilingBytesPerSecond) {
    public LinkOptions {
        if (queueBytes < SendRing.MIN_BYTES) {
            throw new IllegalArgumentException("queueBytes is " + queueBytes + ", at least " + SendRing.MIN_BYTES);
        }
        Checks.positive("connectLimitNanos", connectLimitNanos);
        Checks.positive("heartbeatNanos", heartbeatNanos);
        if (silenceLimitNanos < 2 * heartbeatNanos) {
            throw new IllegalArgumentException("silenceLimitNanos " + silenceLimitNanos
                    + " must be at least two heartbeats of " + heartbeatNanos + " ns");
        }
        ceilingBytesPerSecond.ifPresent(rate -> Checks.positive("ceilingBytesPerSecond", rate));
    }

    /** 64 MiB ring, 5 s to connect, a heartbeat every 100 ms, lost after 1 s of silence, no ceiling. */
    public static LinkOptions defaults(InetSocketAddress backup) {
        return new LinkOptions(backup, 64 << 20, 5_000_000_000L, 100_000_000L, 1_000_000_000L, OptionalLong.empty());
    }

    /** With another limit of silence. */
    public LinkOptions silentAtMost(long nanos) {
        return new LinkOptions(backup, queueBytes, connectLimitNanos, heartbeatNanos, nanos, ceilingBytesPerSecond);
    }

    /** With another ceiling, or without one. */
    public LinkOptions atMost(OptionalLong bytesPerSecond) {
        return new LinkOptions(
                backup, queueBytes, connectLimitNanos, heartbeatNanos, silenceLimitNanos, bytesPerSecond);
    }

    /** Size of the ring: no more than a ceiling lets out within half the silence limit, so that a goodbye is heard in time. */
    int ringBytes() {
        if (ceilingBytesPerSecond.isEmpty()) {
            return queueBytes;
        }
        double leaves = ceilingBytesPerSecond.getAsLong() * (silenceLimitNanos / 2 / 1e9);
        return (int) Math.max(SendRing.MIN_BYTES, Math.min(queueBytes, leaves));
    }
}
