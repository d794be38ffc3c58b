package io.lull.worker.primary;

import io.lull.policy.Checks;
import java.util.OptionalLong;

/**
 * Finds out that a backup which lives takes nothing in any more, as one whose disk hangs: something waits for it, and for the whole
 * limit it has neither acknowledged an epoch nor taken a byte of the link's queue.
 *
 * <p>Time in which nobody looked doesn't count: this process stood still then. One thread looks.
 */
final class Standstill {
    /** Who looks, does so each millisecond. */
    static final long LOOK_LIMIT_NANOS = 1_000_000_000L;

    private final long limitNanos;
    private OptionalLong sinceNanos = OptionalLong.empty();
    private long lookedAtNanos;
    private long acknowledgedThen;
    private long carriedThen;

    Standstill(long limitNanos) {
        Checks.positive("limitNanos", limitNanos);
        this.limitNanos = limitNanos;
    }

    /**
     * Looks once.
     *
     * @param waits whether an epoch or a byte waits for the backup
     * @param acknowledgedEpochs so far
     * @param carriedBytes that the link has taken so far
     * @return whether the backup stands still
     */
    boolean lasts(boolean waits, long acknowledgedEpochs, long carriedBytes, long nowNanos) {
        boolean same = acknowledgedEpochs == acknowledgedThen && carriedBytes == carriedThen;
        boolean goesOn = waits && same && nowNanos - lookedAtNanos < LOOK_LIMIT_NANOS;
        acknowledgedThen = acknowledgedEpochs;
        carriedThen = carriedBytes;
        lookedAtNanos = nowNanos;
        if (!goesOn || sinceNanos.isEmpty()) {
            sinceNanos = OptionalLong.of(nowNanos);
        }
        return nowNanos - sinceNanos.getAsLong() >= limitNanos;
    }

    long limitMillis() {
        return limitNanos / 1_000_000;
    }
}
