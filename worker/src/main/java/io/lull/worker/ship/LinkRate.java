package io.lull.worker.ship;

import java.util.OptionalDouble;

/**
 * What the link carries, from the time that writes take: the exponentially weighted mean of bytes per second of
 * writing.
 *
 * <p>Where the link is the bottleneck, the socket's buffer is full and a write takes as long as the link needs. Where it
 * isn't, this is the speed of copying into that buffer, an upper bound that says: not the bottleneck.
 */
final class LinkRate {
    /** Half of the weight is on the last 4 MiB or so. */
    private static final double MEMORY_BYTES = 6.0 * (1 << 20);
    /** Before this much was written the buffer's size is all that one sees. */
    private static final long KNOWN_AFTER_BYTES = 1 << 20;

    private double bytes;
    private double nanos;
    private long total;

    synchronized void wrote(long moreBytes, long moreNanos) {
        double keep = Math.exp(-moreBytes / MEMORY_BYTES);
        bytes = bytes * keep + moreBytes;
        nanos = nanos * keep + moreNanos;
        total += moreBytes;
    }

    synchronized OptionalDouble bytesPerSecond() {
        return total < KNOWN_AFTER_BYTES || nanos <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(bytes / nanos * 1e9);
    }

    synchronized long totalBytes() {
        return total;
    }
}
