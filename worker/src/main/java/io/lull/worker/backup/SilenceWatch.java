package io.lull.worker.backup;

import java.util.Optional;

/**
 * Judges how long a peer may keep silent. Silence is what it keeps while this side listens, not while this side is busy
 * with its last frame.
 */
final class SilenceWatch {
    private final BackupOptions.Timing timing;
    private final long openedNanos;
    private volatile boolean greeted;
    private volatile boolean listening = true;
    private volatile long heardNanos;

    SilenceWatch(BackupOptions.Timing timing, long nowNanos) {
        this.timing = timing;
        this.openedNanos = nowNanos;
        this.heardNanos = nowNanos;
    }

    /** The peer has said HELLO. */
    void greeted() {
        greeted = true;
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

    /** Why the peer is to be dropped, if it is. */
    Optional<String> fault(long nowNanos) {
        if (!greeted) {
            return nowNanos - openedNanos > timing.handshakeLimitNanos()
                    ? Optional.of("no HELLO within the handshake limit")
                    : Optional.empty();
        }
        long silentNanos = nowNanos - heardNanos;
        return listening && silentNanos > timing.silenceLimitNanos()
                ? Optional.of("nothing from the primary for " + silentNanos / 1_000_000 + " ms")
                : Optional.empty();
    }
}
