package io.lull.job.schedule;

import io.lull.policy.Objectives;
import io.lull.policy.guard.PinnedInterval;
import java.util.Optional;

/**
 * What operators and settings ask for a VM, all taken together.
 *
 * @param policy name of the policy in force
 * @param objectives the objectives in force
 * @param pin the pinned interval, if one is in force
 * @param pause in words, why neither plans nor commands are sent
 * @param exclusion in words, why the plan does not change
 * @param advice in words, why decisions are recorded and not carried out
 * @param untilMicros when the first of them lapses and the terms are to be made anew, the job's clock
 */
record Terms(
        String policy,
        Objectives objectives,
        Optional<PinnedInterval> pin,
        Optional<String> pause,
        Optional<String> exclusion,
        Optional<String> advice,
        long untilMicros) {
    boolean holdsAt(long nowMicros) {
        return nowMicros < untilMicros;
    }

    boolean isAdvice() {
        return advice.isPresent();
    }
}
