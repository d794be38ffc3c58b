package io.lull.worker.backup;

import io.lull.worker.limit.Stillness;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one standby process that a {@link HotStandby} has at a time: whether it lives and takes anything in, how it is ended, and whether
 * any that was ended may live on.
 */
final class HeldStandby {
    private static final Logger log = LoggerFactory.getLogger(HeldStandby.class);

    private final LongSupplier nanoClock;
    private final Stillness still;
    private volatile @Nullable Standby standby;
    private volatile Optional<WatchedChannel> channel = Optional.empty();
    private volatile boolean survived;

    /** None yet; one that takes nothing in for so long is ended. */
    HeldStandby(long writeLimitNanos, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.still = new Stillness(writeLimitNanos);
    }

    /** From now on it is this one; returns what it is to be filled through. */
    WatchedChannel hold(Standby started) {
        standby = started;
        WatchedChannel watched = new WatchedChannel(started.stream(), nanoClock);
        channel = Optional.of(watched);
        return watched;
    }

    /** The process, which lives. */
    Standby requireAlive() throws IOException {
        Standby current = standby;
        if (current == null || !current.isAlive()) {
            throw new IOException(
                    current == null ? "no standby process" : current.ended().getNow("standby process ended"));
        }
        return current;
    }

    /** Ends one that takes in nothing; to be called several times in the limit of a write, by one thread. */
    void checkProgress() {
        OptionalLong since = channel.map(WatchedChannel::writingSince).orElse(OptionalLong.empty());
        OptionalLong stillNanos = still.look(since, 0, nanoClock.getAsLong());
        Standby current = standby;
        if (current != null && stillNanos.isPresent()) {
            log.warn("Standby takes in nothing for {} ms: ended", stillNanos.getAsLong() / 1_000_000);
            current.withdraw();
        }
    }

    /** Ends the process, if there is one: from now on there is none. */
    void drop() {
        Standby dropped = standby;
        standby = null;
        if (dropped != null) {
            end(dropped);
        }
    }

    /** Ends a process, which may be one that was handed over. */
    void end(Standby ending) {
        try {
            ending.withdraw();
        } finally {
            survived |= ending.isAlive();
        }
    }

    /** Whether one that was ended isn't known to be gone. */
    boolean mayLiveOn() {
        return survived;
    }
}
