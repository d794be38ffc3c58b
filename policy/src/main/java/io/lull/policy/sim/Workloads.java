package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import java.util.List;

/**
 * The synthetic workloads of the comparison: one for each way in which a guest can use its time and its clients can
 * wait. Service times, windows and dirty rates are of native speed and in the range of the recorded guests.
 */
public final class Workloads {
    private static final long MS = 1_000_000;
    private static final int WINDOW = 256 * 1024;
    private static final DirtyModel LIGHT = new PowerLawDirty(40, 300, 0.35, 60_000);
    private static final DirtyModel BUSY = new PowerLawDirty(60, 900, 0.45, 120_000);
    private static final DirtyModel HEAVY = new PowerLawDirty(80, 2_500, 0.52, 250_000);

    /** Recordings under emulation are 11 to 14 times slower than the guest would be on its own. */
    private static final double NATIVE_SPEED = 12;

    private Workloads() {}

    /** A guest that dirties pages as recorded, once computing and once serving clients. */
    public static List<Workload> of(DirtyTrace trace) {
        DirtyModel dirty = new TraceDirty(trace, NATIVE_SPEED);
        return List.of(
                Workload.of(trace.name() + "-compute", 1, dirty, new Background(Schedule.ALWAYS, 1)),
                Workload.of(trace.name() + "-serve", 1, dirty, Requests.closedLoop(12, 1, 120_000)),
                Workload.of(
                        trace.name() + "-serve-and-compute",
                        2,
                        dirty,
                        Requests.closedLoop(12, 1, 120_000),
                        new Background(Schedule.ALWAYS, 1)));
    }

    /** All of them. */
    public static List<Workload> standard() {
        return List.of(
                Workload.of("closed-1", 1, LIGHT, Requests.closedLoop(1, 1, 90_000)),
                Workload.of("closed-4", 1, LIGHT, Requests.closedLoop(4, 1, 90_000)),
                Workload.of("closed-10", 1, LIGHT, Requests.closedLoop(10, 1, 90_000)),
                Workload.of("closed-50", 1, BUSY, Requests.closedLoop(50, 1, 90_000)),
                Workload.of("closed-200-4cpu", 4, BUSY, Requests.closedLoop(200, 4, 400_000)),
                Workload.of(
                        "think-30",
                        2,
                        LIGHT,
                        Requests.closedLoop(30, 2, 500_000).thinking(20 * MS)),
                Workload.of(
                        "disk-8", 1, BUSY, Requests.closedLoop(8, 8, 150_000).onDisk(3 * MS)),
                Workload.of("open-light", 2, LIGHT, Requests.openLoop(200, 50, 2, 400_000)),
                Workload.of("open-busy", 2, BUSY, Requests.openLoop(2_000, 200, 2, 400_000)),
                Workload.of(
                        "pubsub",
                        2,
                        LIGHT,
                        Requests.openLoop(300, 20, 1, 200_000).published(20)),
                Workload.of("download", 1, LIGHT, Bulk.download(1, WINDOW)),
                Workload.of("download-8", 2, BUSY, Bulk.download(8, WINDOW)),
                Workload.of("upload", 1, BUSY, Bulk.upload(2, WINDOW)),
                Workload.of("cpu-1", 1, BUSY, new Background(Schedule.ALWAYS, 1)),
                Workload.of("cpu-heavy-8", 8, HEAVY, new Background(Schedule.ALWAYS, 8)),
                Workload.of(
                        "mixed-cpu-closed",
                        2,
                        BUSY,
                        Requests.closedLoop(10, 1, 150_000),
                        new Background(Schedule.ALWAYS, 2)),
                Workload.of(
                        "mixed-cpu-open",
                        4,
                        HEAVY,
                        Requests.openLoop(1_000, 100, 2, 300_000),
                        new Background(Schedule.ALWAYS, 3)),
                Workload.of(
                        "mixed-24cpu",
                        24,
                        HEAVY,
                        Requests.closedLoop(100, 8, 800_000),
                        new Background(Schedule.ALWAYS, 12),
                        Bulk.download(2, WINDOW)),
                Workload.of(
                        "bursty",
                        2,
                        BUSY,
                        Requests.openLoop(6_000, 100, 2, 200_000).scheduled(new Schedule(20 * MS, 180 * MS, 0)),
                        Requests.openLoop(50, 20, 1, 200_000)),
                Workload.of(
                        "on-off",
                        1,
                        BUSY,
                        Requests.closedLoop(10, 1, 90_000).scheduled(new Schedule(1_000 * MS, 1_000 * MS, 0))),
                Workload.of(
                        "phases",
                        2,
                        BUSY,
                        Requests.closedLoop(20, 2, 150_000).scheduled(new Schedule(2_500 * MS, 2_500 * MS, 0)),
                        new Background(new Schedule(2_500 * MS, 2_500 * MS, 2_500 * MS), 2)),
                Workload.of(
                        "day",
                        2,
                        BUSY,
                        Requests.closedLoop(8, 1, 120_000).scheduled(new Schedule(1_000 * MS, 2_500 * MS, 0)),
                        new Background(new Schedule(1_000 * MS, 2_500 * MS, 1_000 * MS), 2),
                        Bulk.download(2, WINDOW).scheduled(new Schedule(1_000 * MS, 2_500 * MS, 2_000 * MS))),
                Workload.of(
                        "rush",
                        2,
                        BUSY,
                        Requests.closedLoop(64, 2, 200_000).scheduled(new Schedule(60 * MS, 340 * MS, 0)),
                        new Background(new Schedule(300 * MS, 100 * MS, 80 * MS), 1)));
    }
}
