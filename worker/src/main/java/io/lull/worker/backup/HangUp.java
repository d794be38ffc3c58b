package io.lull.worker.backup;

import io.lull.worker.wire.Wire;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this side closes a connection, which is a word too.
 *
 * @param drainLimitNanos how long the end of the peer's stream is waited for
 */
record HangUp(Wire wire, String peer, long drainLimitNanos) {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    private interface Farewell {
        void say() throws IOException;
    }

    /** Without a word. */
    void silently() {
        close(() -> {});
    }

    /** By a reset: a primary that is alive and says BYE now must not take this end for the answer. */
    void byReset() {
        close(wire::reset);
    }

    /**
     * The answer to a BYE: the end of this side's stream. Then reads until the primary has ended its own, or the limit, since
     * what is unread when a connection is closed makes a reset of its end.
     */
    void answeringBye() {
        close(() -> {
            wire.endOutput();
            wire.drain(drainLimitNanos);
        });
    }

    private void close(Farewell farewell) {
        try (wire) {
            farewell.say();
        } catch (IOException e) {
            log.debug("Closing the connection of {} failed", peer, e);
        }
    }
}
