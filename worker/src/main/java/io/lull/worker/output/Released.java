package io.lull.worker.output;

import io.lull.policy.Checks;

/**
 * The output that one release let go.
 *
 * @param bytes as held, framing words included
 * @param oldestWaitNanos how long the oldest of its frames was held; 0 when there was none
 */
public record Released(long packets, long bytes, long oldestWaitNanos) {
    public static final Released NONE = new Released(0, 0, 0);

    public Released {
        Checks.notNegative("packets", packets);
        Checks.notNegative("bytes", bytes);
        Checks.notNegative("oldestWaitNanos", oldestWaitNanos);
    }
}
