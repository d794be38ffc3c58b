package io.lull.worker.output;

import io.lull.worker.limit.DirectMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much output may be held in this process, in the gates of all its VMs together: beyond it frames are dropped, as beyond a gate's
 * own limit. Without it the VMs that hold at the same time, as when their backup's host is lost, would leave nothing for the sessions
 * that end that. Thread-safe.
 */
final class HeldShare {
    /** Frames fill their memory to 71 % at least: so a third of the limit takes less than a half. */
    private static final int PART_OF_DIRECT_MEMORY = 3;

    private static final HeldShare PROCESS = new HeldShare(DirectMemory.maxBytes() / PART_OF_DIRECT_MEMORY);

    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    HeldShare(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** That of all gates of this process. */
    static HeldShare ofThisProcess() {
        return PROCESS;
    }

    /** A gate holds so much more, or less. */
    void add(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    long roomBytes() {
        return Math.max(0, maxBytes - heldBytes.get());
    }
}
