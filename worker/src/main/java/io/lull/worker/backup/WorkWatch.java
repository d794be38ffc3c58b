package io.lull.worker.backup;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Judges whether this side stands still in its work on one frame, as one whose disk doesn't answer a write: for the whole limit
 * nothing at all was kept or applied. Work that takes long and goes on, as that on the first copy of a disk, is none.
 *
 * <p>Of the time between two looks a fourth of the limit counts at most: this process may have stood still itself.
 *
 * <pre>
 *   standstill = sum over looks since anything was done of min(time since the look before, limit / 4)
 * </pre>
 */
final class WorkWatch {
    private static final int MOST_OF_ONE_LOOK = 4;

    private final long limitNanos;
    private OptionalLong busySinceThen = OptionalLong.empty();
    private long stepsThen;
    private long lookedNanos;
    private long stillNanos;

    WorkWatch(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /**
     * Looks: why this side is to give up, if it is. To be called several times in each limit, by one thread.
     *
     * @param busySince when the work on the frame at hand began; empty without one
     * @param steps grows with all that is kept or applied
     */
    Optional<String> fault(OptionalLong busySince, long steps, long nowNanos) {
        boolean same = busySince.isPresent() && busySince.equals(busySinceThen) && steps == stepsThen;
        long since = Math.min(nowNanos - lookedNanos, limitNanos / MOST_OF_ONE_LOOK);
        stillNanos = same ? stillNanos + since : 0;
        busySinceThen = busySince;
        stepsThen = steps;
        lookedNanos = nowNanos;
        return stillNanos >= limitNanos
                ? Optional.of("this backup has kept and applied nothing for " + stillNanos / 1_000_000
                        + " ms, with work at hand: does its disk answer?")
                : Optional.empty();
    }
}
