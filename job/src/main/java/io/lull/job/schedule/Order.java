package io.lull.job.schedule;

import io.lull.policy.OperatorIntent;
import java.util.Optional;

/** Something that an operator ordered, by whom, why and until when, as Flink keeps it. */
public class Order {
    /** Longest author and longest reason that are kept; both are repeated in plans and decisions, whatever was sent. */
    private static final int KEPT_CHARS = 200;

    public boolean present;
    public String author = "";
    public String why = "";

    /** Not in force from then on; {@link Long#MAX_VALUE} when it stays. */
    public long untilMicros;

    static Order of(OperatorIntent intent) {
        Order order = new Order();
        order.take(intent);
        return order;
    }

    final void take(OperatorIntent intent) {
        present = true;
        author = cut(intent.author());
        why = cut(intent.reason());
        untilMicros = intent.expiresAtMicros().orElse(Long.MAX_VALUE);
    }

    final boolean holdsAt(long nowMicros) {
        return present && nowMicros < untilMicros;
    }

    /** {@code what} with who ordered it and why; empty when it is not in force. */
    final Optional<String> inWords(String what, long nowMicros) {
        return holdsAt(nowMicros) ? Optional.of(what + " by " + author + ": " + why) : Optional.empty();
    }

    private static String cut(String text) {
        return text.length() <= KEPT_CHARS ? text : text.substring(0, KEPT_CHARS);
    }
}
