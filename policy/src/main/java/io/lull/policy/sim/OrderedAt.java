package io.lull.policy.sim;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * When a schedule ordered its checkpoints, the last one first: schedules that part share what they have in common.
 *
 * @param atNanos of the last checkpoint
 * @param before all earlier ones; empty for none
 */
record OrderedAt(long atNanos, Optional<OrderedAt> before) {
    /** All times, the earliest first. */
    static ArrayDeque<Long> times(Optional<OrderedAt> last) {
        ArrayDeque<Long> times = new ArrayDeque<>();
        for (Optional<OrderedAt> at = last; at.isPresent(); at = at.get().before()) {
            times.addFirst(at.get().atNanos());
        }
        return times;
    }
}
