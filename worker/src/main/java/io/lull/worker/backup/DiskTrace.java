package io.lull.worker.backup;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What a backup wrote to its disk's copy last and hasn't written over since, oldest first: by it the copy is told from another
 * disk, and from an older copy of the same. One thread at a time.
 */
final class DiskTrace {
    /** Writes that are kept. */
    static final int MAX_SAMPLES = 32;

    private final Deque<DiskSample> samples = new ArrayDeque<>();

    /** One that an earlier process left; no samples where there was none. */
    DiskTrace(List<DiskSample> left) {
        samples.addAll(left);
    }

    void wrote(DiskWrite write) {
        isUnknown(write);
        if (samples.size() == MAX_SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(DiskSample.of(write.offsetBytes(), write.data()));
    }

    /** It was, or may have been, written: what is there isn't known. */
    void isUnknown(DiskWrite write) {
        forget(write.offsetBytes(), write.data().remaining());
    }

    /** As for a write. Zeros are no sample: any disk has them. */
    void isUnknown(DiskZero zero) {
        forget(zero.offsetBytes(), zero.lengthBytes());
    }

    private void forget(long fromBytes, long lengthBytes) {
        samples.removeIf(sample -> sample.touches(fromBytes, lengthBytes));
    }

    List<DiskSample> samples() {
        return List.copyOf(samples);
    }
}
