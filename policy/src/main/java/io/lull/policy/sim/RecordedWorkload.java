package io.lull.policy.sim;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.policy.sim.Activity.Replay;
import io.lull.policy.sim.Activity.ReplayedBackground;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Makes simulated workloads out of what was recorded of a protected guest: its requests, their vCPU time, frames and
 * bytes, what it computed beside them, and its dirty pages, moment by moment, over and over.
 *
 * <p>Whether clients wait for their answers is read off the recording ({@link RecordedReaction}): if they do, as many
 * as took part at each moment wait in the replay too; if not, they ask when they asked in the recording. Where the
 * recording can't tell, two workloads are made, {@code NAME-open} and {@code NAME-waiting}, between which the truth is.
 *
 * <p>Limits. Nothing is known at finer grain than a sample: requests of one are spread evenly over it and alike. Bare
 * acknowledgements are told from requests only by the sample's bytes, so that a bulk transfer looks like many requests,
 * without its window. Time on the disk counts as thinking. The think time is one for the whole recording, and of a pool
 * of which some wait and some don't, all do what most did. Computation beside requests that were pending all the time
 * can't be told from theirs; where it is less than a tenth of the vCPU time it counts as housekeeping, not as work that a
 * schedule is judged by. A recording of an unprotected guest has no epochs, hence no dirty pages: it is refused.
 */
public final class RecordedWorkload {
    private static final long ROUND_TRIP_NANOS = 100_000;
    private static final double COUNTED_RATIO = 0.1;

    private RecordedWorkload() {}

    /** One workload, or two where the recording doesn't tell whether the clients waited. */
    public static List<Workload> of(String name, List<VmSample> samples, List<EpochReport> reports) {
        if (samples.isEmpty() || reports.isEmpty()) {
            throw new IllegalArgumentException("recording " + name + " has " + samples.size() + " samples and "
                    + reports.size() + " epoch reports; a workload needs both: record a protected VM");
        }
        RecordedSeries series = new RecordedSeries(name, samples, reports);
        Course course = RecordedCourse.of(series);
        DirtyModel dirty = new RecordedDirty(series, reports);
        if (course.requests() == 0) {
            return List.of(workload(name, series, dirty, List.of(new ReplayedBackground(course, true))));
        }
        // Little's law for the clients that are away.
        long thinkNanos = (long) Math.max(0, RecordedCourse.awayNanos(series, course) - ROUND_TRIP_NANOS);
        Replay open = new Replay(course, series.vcpus, false, 0, ROUND_TRIP_NANOS);
        Replay waiting = new Replay(course, series.vcpus, true, thinkNanos, ROUND_TRIP_NANOS);
        OptionalDouble reaction = RecordedReaction.of(series);
        if (reaction.isEmpty()) {
            return List.of(
                    workload(name + "-open", series, dirty, withBackground(open, series)),
                    workload(name + "-waiting", series, dirty, withBackground(waiting, series)));
        }
        boolean waits = reaction.getAsDouble() >= RecordedReaction.WAITING_RATIO;
        return List.of(workload(name, series, dirty, withBackground(waits ? waiting : open, series)));
    }

    private static List<Activity> withBackground(Replay replay, RecordedSeries series) {
        Course course = replay.course();
        double shareRatio = 1 - course.requests() * course.meanServiceNanos() / Math.max(1, series.totalRunNanos());
        return List.of(replay, new ReplayedBackground(course, shareRatio >= COUNTED_RATIO));
    }

    private static Workload workload(String name, RecordedSeries series, DirtyModel dirty, List<Activity> activities) {
        return new Workload(name, series.vcpus, activities, dirty, 0, 0, Workload.ORDINARY);
    }
}
