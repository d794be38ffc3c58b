package io.lull.worker.backup;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log's lines on connections that were dropped before they were a session; a flood of them fills no disk. */
final class StrangerLog {
    static final int MOST_LINES = 20;
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger log = LoggerFactory.getLogger(StrangerLog.class);

    private final LineBudget budget = new LineBudget(MOST_LINES, WINDOW_NANOS);
    private final LongSupplier nanoClock;

    StrangerLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A connection of {@code peer} was dropped. */
    void dropped(Object peer, String why) {
        budget.admit(nanoClock.getAsLong()).ifPresent(leftOut -> {
            String before = leftOut == 0 ? "" : "; " + leftOut + " more were dropped before, see `lull status`";
            log.warn("Connection of {} dropped: {}{}", peer, why, before);
        });
    }
}
