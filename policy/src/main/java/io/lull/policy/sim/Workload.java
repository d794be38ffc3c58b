package io.lull.policy.sim;

import io.lull.policy.Checks;
import io.lull.policy.Signal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A simulated guest: its processors, what it does, and how it dirties its memory.
 *
 * @param name for the reader
 * @param vcpus processors, 1 to 24
 * @param activities what it does, at most 100
 * @param dirty how it dirties pages
 * @param timerNanos between two of the guest's own timers; 0 for none
 * @param timerWorkNanos vCPU time of one
 * @param signals what can be measured of it; policies that need more are refused
 */
public record Workload(
        String name,
        int vcpus,
        List<Activity> activities,
        DirtyModel dirty,
        long timerNanos,
        long timerWorkNanos,
        Set<Signal> signals) {
    /** All that a host with an ordinary VM can measure. */
    public static final Set<Signal> ORDINARY = Set.copyOf(EnumSet.complementOf(EnumSet.of(Signal.DIVERGENCE)));

    public Workload {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a workload needs a name");
        }
        Checks.within("vcpus", vcpus, 1, 24);
        Checks.duration("timerNanos", timerNanos, 0);
        Checks.duration("timerWorkNanos", timerWorkNanos, 0);
        activities = List.copyOf(activities);
        signals = Set.copyOf(signals);
        Checks.within("activities", activities.size(), 1, 100);
    }

    /** An ordinary guest with a timer tick of 0.05 ms every 4 ms. */
    public static Workload of(String name, int vcpus, DirtyModel dirty, Activity... activities) {
        return new Workload(name, vcpus, List.of(activities), dirty, 4_000_000, 50_000, ORDINARY);
    }

    /** Whether it is the same all the time: nothing that it does begins, ends, or follows a recording. */
    public boolean isSteady() {
        return activities.stream()
                .allMatch(activity -> activity.schedule().equals(Activity.Schedule.ALWAYS)
                        && !(activity instanceof Activity.Replay)
                        && !(activity instanceof Activity.ReplayedBackground));
    }
}
