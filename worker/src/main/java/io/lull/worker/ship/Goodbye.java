package io.lull.worker.ship;

import io.lull.worker.limit.PartedWait;
import io.lull.worker.protocol.Bye;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a link parts from its backup in peace: BYE behind all that is queued, and the end of the backup's stream as the answer. */
final class Goodbye {
    private final SendRing ring;
    private final long limitNanos;
    private final CountDownLatch endOfStream = new CountDownLatch(1);
    private volatile boolean begun;

    /** @param limitNanos of each step */
    Goodbye(SendRing ring, long limitNanos) {
        this.ring = ring;
        this.limitNanos = limitNanos;
    }

    /** Whether the link's end is this side's wish. */
    boolean isBegun() {
        return begun;
    }

    /** Says it, and closes the ring; whether the backup has answered within the limit. If not, it may have heard nothing. */
    boolean say(String why) {
        begun = true;
        try {
            // A backup that takes nothing in any more must not keep the session, and the VM's disk, from ending.
            boolean queued = ring.put(new Bye(why).frame(), limitNanos);
            if (queued && ring.awaitEmpty(limitNanos)) {
                // Nothing may follow: bytes that the backup never reads would turn its close into a reset.
                ring.close();
                return PartedWait.until(limitNanos, nanos -> endOfStream.await(nanos, TimeUnit.NANOSECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** The backup has ended its stream; for the thread that reads it, before it ends the link. */
    void answered() throws InterruptedException {
        endOfStream.countDown();
        if (begun) {
            // The answer may be here before the sender has noted that it wrote the BYE.
            ring.awaitEmpty(limitNanos);
        }
    }
}
