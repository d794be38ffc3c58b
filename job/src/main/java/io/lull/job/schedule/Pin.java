package io.lull.job.schedule;

import io.lull.policy.OperatorIntent;
import io.lull.policy.guard.PinnedInterval;
import java.util.Optional;

/** An operator's pinned interval, as Flink keeps it. */
public final class Pin extends Order {
    public long intervalNanos;

    static Pin of(OperatorIntent intent) {
        Pin pin = new Pin();
        pin.take(intent);
        pin.intervalNanos = intent.intervalNanos().orElseThrow();
        return pin;
    }

    Optional<PinnedInterval> value() {
        return present ? Optional.of(new PinnedInterval(intervalNanos, author, why, untilMicros)) : Optional.empty();
    }
}
