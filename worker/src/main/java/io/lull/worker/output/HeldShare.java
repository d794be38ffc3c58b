package io.lull.worker.output;

import io.lull.worker.limit.DirectMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much output may be held in this process, in the gates of all its VMs together: beyond it frames are dropped, as beyond a gate's
 * own limit. Without it the VMs that hold at the same time, as when their backup's host is lost, would leave nothing for the sessions
 * that end that. Each gate may hold a little all the same, or VMs that wait for a backup would silence those that have theirs. Thread-safe.
 */
final class HeldShare {
    /** Frames fill their memory to 71 % at least: so a third of the limit takes less than a half. */
    private static final int PART_OF_DIRECT_MEMORY = 3;

    /** What each gate may hold however much others do: a VM whose backup is there holds what it sends in some epochs, and no more. */
    private static final long FLOOR_BYTES = 1 << 20;

    private static final HeldShare PROCESS =
            new HeldShare(DirectMemory.maxBytes() / PART_OF_DIRECT_MEMORY, FLOOR_BYTES);

    private final long maxBytes;
    private final long floorBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /** @param floorBytes what each gate may hold although others fill the rest */
    HeldShare(long maxBytes, long floorBytes) {
        this.maxBytes = maxBytes;
        this.floorBytes = floorBytes;
    }

    /** That of all gates of this process. */
    static HeldShare ofThisProcess() {
        return PROCESS;
    }

    /** A gate holds so much more, or less. */
    void add(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** How much more a gate may hold that holds so much already. */
    long roomBytes(long occupiedBytes) {
        return Math.max(0, Math.max(maxBytes - heldBytes.get(), floorBytes - occupiedBytes));
    }
}
