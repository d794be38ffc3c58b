package io.lull.worker.ship;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Empties a link's ring onto its wire, and says something when there is nothing to send; for the link's sender thread.
 *
 * <p>A ceiling has records wait: pages and disk writes. What else is said is not held up by it, but where a record stands
 * before it in the ring: its order is kept.
 */
final class LinkSender {
    private final LinkOptions options;
    private final Wire wire;
    private final SendRing ring;
    private final LinkRate rate;
    private final Optional<Ceiling> ceiling;

    LinkSender(LinkOptions options, Wire wire, SendRing ring, LinkRate rate) {
        this.options = options;
        this.wire = wire;
        this.ring = ring;
        this.rate = rate;
        this.ceiling = options.ceilingBytesPerSecond().isPresent()
                ? Optional.of(new Ceiling(options.ceilingBytesPerSecond().getAsLong(), System.nanoTime()))
                : Optional.empty();
    }

    /** Sends until the ring is closed. */
    void run() throws IOException, InterruptedException {
        long wroteAtNanos = System.nanoTime();
        while (!ring.isClosed()) {
            ByteBuffer[] parts = next(wroteAtNanos + options.heartbeatNanos());
            if (parts.length > 0) {
                long written = writeOut(parts);
                ceiling.ifPresent(limit -> limit.sent(written));
                wroteAtNanos = System.nanoTime();
            } else if (!ring.isClosed() && System.nanoTime() - wroteAtNanos >= options.heartbeatNanos()) {
                wire.send(Frame.control(FrameType.HEARTBEAT, 0));
                wroteAtNanos = System.nanoTime();
            }
        }
    }

    private ByteBuffer[] next(long heartbeatAtNanos) throws InterruptedException {
        long now = System.nanoTime();
        long quietNanos = heartbeatAtNanos - now;
        if (ceiling.isEmpty()) {
            return ring.peek(quietNanos, Long.MAX_VALUE);
        }
        long allowed = ceiling.get().allowed(now);
        long waitNanos =
                Math.min(quietNanos, allowed > 0 ? quietNanos : ceiling.get().waitNanos());
        return ring.peek(waitNanos, allowed);
    }

    /** Writes all of it; returns how many bytes those are. */
    private long writeOut(ByteBuffer[] parts) throws IOException {
        ByteBuffer last = parts[parts.length - 1];
        long total = 0;
        while (last.hasRemaining()) {
            long before = System.nanoTime();
            long written = wire.write(parts);
            rate.wrote(written, System.nanoTime() - before);
            ring.release(written);
            total += written;
        }
        return total;
    }
}
