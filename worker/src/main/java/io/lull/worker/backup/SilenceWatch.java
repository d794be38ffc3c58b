package io.lull.worker.backup;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Judges how long a peer may keep silent. Silence is what it keeps while this side listens: not while this side is busy
 * with its last frame, nor while this side stood still itself, stopped or starved, with what the peer has said unread.
 * Who is in the middle of a frame isn't silent as long as some of it comes: over a slow link a large one may take longer than
 * the limit. For saying HELLO there is a limit that no bytes move. That this side stood still shows in looks that come late;
 * of the time between two looks a fourth of the limit counts at most.
 *
 * <pre>
 *   silence = sum over looks since something was heard of min(time since the look before, limit / 4)
 * </pre>
 */
final class SilenceWatch {
    private static final int MOST_OF_ONE_LOOK = 4;

    private final BackupOptions.Timing timing;
    private final long openedNanos;
    private volatile boolean greeted;
    private volatile boolean listening = true;
    private volatile long heardNanos;
    private long lookedNanos;
    private long silentNanos;

    SilenceWatch(BackupOptions.Timing timing, long nowNanos) {
        this.timing = timing;
        this.openedNanos = nowNanos;
        this.heardNanos = nowNanos;
        this.lookedNanos = nowNanos;
    }

    /** The peer has said HELLO. */
    void greeted() {
        greeted = true;
    }

    /** Some bytes came, perhaps of a frame that isn't whole yet; for the thread that listens. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** A frame came and is being worked on. */
    void busy() {
        listening = false;
    }

    /** This side listens again. */
    void listening(long nowNanos) {
        heardNanos = nowNanos;
        listening = true;
    }

    /** Since when this side is busy with a frame, by the time at which it heard something last; empty while it listens. */
    OptionalLong busySince() {
        return listening ? OptionalLong.empty() : OptionalLong.of(heardNanos);
    }

    /** Looks: why the peer is to be dropped, if it is. To be called several times in each limit, by one thread. */
    Optional<String> fault(long nowNanos) {
        long heard = heardNanos;
        if (heard - lookedNanos >= 0) {
            silentNanos = 0;
        }
        long since = nowNanos - Math.max(heard, lookedNanos);
        silentNanos += Math.min(Math.max(0, since), timing.silenceLimitNanos() / MOST_OF_ONE_LOOK);
        lookedNanos = nowNanos;
        if (!greeted) {
            return nowNanos - openedNanos > timing.handshakeLimitNanos()
                    ? Optional.of("no HELLO within the handshake limit")
                    : Optional.empty();
        }
        return listening && silentNanos > timing.silenceLimitNanos()
                ? Optional.of("nothing from the primary for " + silentNanos / 1_000_000 + " ms")
                : Optional.empty();
    }
}
