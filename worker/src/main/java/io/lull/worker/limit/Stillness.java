package io.lull.worker.limit;

import java.util.OptionalLong;

/**
 * Tells for how long nothing has happened to what somebody waits for: a peer's next word, the next write of a work under way.
 *
 * <p>This process may have stood still itself, stopped or starved, and then knows nothing of that time. It shows in looks that come
 * late, so of the time between two looks a fourth of the limit counts at most.
 *
 * <pre>
 *   stillness = sum over looks since anything happened of min(time since the look before, limit / 4)
 * </pre>
 *
 * <p>For one thread.
 */
public final class Stillness {
    private static final int MOST_OF_ONE_LOOK = 4;

    private final long limitNanos;
    private OptionalLong sinceThen = OptionalLong.empty();
    private long stepsThen;
    private long lookedNanos;
    private long stillNanos;

    /** @param limitNanos at which whoever asks gives up */
    public Stillness(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /**
     * Looks, to be called several times in each limit.
     *
     * @param since when what is waited for began; empty while nothing is
     * @param steps grows with all that happens to it
     * @return for how long it has been still, once that is the limit; empty before
     */
    public OptionalLong look(OptionalLong since, long steps, long nowNanos) {
        boolean same = since.isPresent() && since.equals(sinceThen) && steps == stepsThen;
        stillNanos = same ? stillNanos + Math.min(nowNanos - lookedNanos, limitNanos / MOST_OF_ONE_LOOK) : 0;
        sinceThen = since;
        stepsThen = steps;
        lookedNanos = nowNanos;
        return stillNanos >= limitNanos ? OptionalLong.of(stillNanos) : OptionalLong.empty();
    }
}
