package io.lull.job.schedule;

import io.lull.policy.OperatorIntent;
import io.lull.policy.guard.PinnedInterval;
import java.util.Optional;

/** An operator's pinned interval, as Flink keeps it. */
public final class Pin {
    /** Longest author and longest reason that are kept; both are repeated in every plan, whatever was sent. */
    private static final int KEPT_CHARS = 200;

    public boolean present;
    public long intervalNanos;
    public String author = "";
    public String why = "";

    /** Not in force from then on; {@link Long#MAX_VALUE} when it stays. */
    public long untilMicros;

    static Pin of(OperatorIntent intent) {
        Pin pin = new Pin();
        pin.present = true;
        pin.intervalNanos = intent.intervalNanos().orElseThrow();
        pin.author = cut(intent.author());
        pin.why = cut(intent.reason());
        pin.untilMicros = intent.expiresAtMicros().orElse(Long.MAX_VALUE);
        return pin;
    }

    Optional<PinnedInterval> value() {
        return present ? Optional.of(new PinnedInterval(intervalNanos, author, why, untilMicros)) : Optional.empty();
    }

    private static String cut(String text) {
        return text.length() <= KEPT_CHARS ? text : text.substring(0, KEPT_CHARS);
    }
}
