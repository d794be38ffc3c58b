package io.lull.producer.procfs;

import io.lull.policy.Checks;
import java.nio.ByteBuffer;

/**
 * What the scheduler says of one thread since it began: {@code /proc/PID/task/TID/schedstat}.
 *
 * @param runNanos on a core
 * @param waitNanos runnable, and waiting for a core
 */
public record TaskTimes(long runNanos, long waitNanos) {
    public TaskTimes {
        Checks.notNegative("runNanos", runNanos);
        Checks.notNegative("waitNanos", waitNanos);
    }

    /** Parses {@code run wait slices}. */
    public static TaskTimes parse(ByteBuffer text) throws ProbeException {
        long runNanos = Decimals.next(text);
        long waitNanos = Decimals.next(text);
        Decimals.next(text);
        return new TaskTimes(runNanos, waitNanos);
    }
}
