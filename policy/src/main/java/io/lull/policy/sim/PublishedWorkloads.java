package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Answer;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Clients;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import io.lull.policy.sim.Activity.Service;
import java.util.List;

/**
 * Workloads that were measured elsewhere, fitted so that the simulator shows what was measured: those of Remus' paper
 * with {@link CostModel#remus2008()}, and those of the first measurements of idle slots (QEMU's own emulation, one vCPU,
 * output held, two cores under load) with {@link CostModel#stopAndContinue()} and ticks of 0.5 ms.
 *
 * <p>What is a figure of the source and what is fitted stands at each. Only protected runs are fitted: what the guests
 * of the second kind do without protection differs by a factor of three between two measurements, and a client that was
 * asleep in a hold takes longer to ask again than one that never waits. So schedules can be compared with each other
 * here, but not with the unprotected guest.
 */
public final class PublishedWorkloads {
    private static final long TIMER_NANOS = 4_000_000;
    private static final long REDIS_TIMER_WORK_NANOS = 350_000;
    private static final DirtyModel SMALL_GUEST = new PowerLawDirty(40, 300, 0.35, 30_000);

    private PublishedWorkloads() {}

    /** All of them. */
    public static List<Workload> all() {
        return List.of(
                kernelBuild(),
                specWeb(),
                redis(1),
                redis(4),
                redis(10),
                redis(50),
                nginxHundredKilobytes(),
                nginxDownload());
    }

    /**
     * Remus' kernel build. Its overhead at 10, 20, 30 and 40 checkpoints a second (31, 52, 80, 103 %) is 23.7, 17.1, 14.8
     * and 12.7 ms a checkpoint after 76, 33, 19 and 12 ms of work: a power law of the work, whose two constants are those
     * of the least relative error at 45 us of stall a page. Exponents of recorded guests are 0.2 to 0.55.
     */
    public static Workload kernelBuild() {
        return new Workload(
                "remus-kernel-build",
                1,
                List.of(new Background(Schedule.ALWAYS, 1)),
                new PowerLawDirty(0, 210, 0.37, 131_072),
                0,
                0,
                Workload.ORDINARY);
    }

    /**
     * Remus' SPECweb2005 e-commerce: sessions whose pages need round trips. Of the source: of 10 and 40 checkpoints a
     * second asked for, 10.0 and 23.3 were reached, which says how many pages an epoch had. All else is fitted: 32
     * sessions, 0.3 s of thought and 2 ms of vCPU time a page, and the exponent. Epochs here are all much the same, those
     * of the paper were not: of 20 and 30 asked for it reached 16.4 and 20.3, this 20.0 and 23.5.
     */
    public static Workload specWeb() {
        Requests pages = new Requests(
                Schedule.ALWAYS,
                Clients.waiting(32, 300_000_000, 100_000),
                8,
                new Service(2_000_000, 1, 0),
                new Answer(1, 1_400));
        return new Workload(
                "remus-specweb", 1, List.of(pages), new PowerLawDirty(0, 740, 0.2, 131_072), 0, 0, Workload.ORDINARY);
    }

    /**
     * redis under redis-benchmark. Of the source: 2.2 ms of vCPU time for 4 requests that follow a release, so 0.55 ms a
     * request; 0.09 to 0.32 ms where many come at once, here 0.15 ms; timers of 0.2 to 0.5 ms about every 4 ms, here
     * 0.35 ms. With 4 clients the idle slot begins 6.0 ms after the release: less the vCPU time, 3.8 ms go to the
     * clients and the loaded host.
     *
     * @param clients in a closed loop; 1, 4, 10 and 50 were measured
     */
    public static Workload redis(int clients) {
        return redis(clients, clients < 10 ? 550_000 : 150_000);
    }

    static Workload redis(int clients, long serviceNanos) {
        Requests sets = new Requests(
                Schedule.ALWAYS,
                Clients.waiting(clients, 0, 3_800_000),
                1,
                new Service(serviceNanos, 0.3, 0),
                new Answer(1, 71));
        return new Workload(
                "redis-" + clients,
                1,
                List.of(sets),
                SMALL_GUEST,
                TIMER_NANOS,
                REDIS_TIMER_WORK_NANOS,
                Workload.ORDINARY);
    }

    /**
     * nginx, one client that fetches 100 kB again and again. Of the source: 1.3 ms a request (757 a second unprotected),
     * and 7 % of the idle guest's milliseconds not idle, here a timer of 0.2 ms every 14 ms. Fitted: a round trip of
     * 0.3 ms.
     */
    public static Workload nginxHundredKilobytes() {
        Requests files = new Requests(
                Schedule.ALWAYS,
                Clients.waiting(1, 0, 300_000),
                1,
                new Service(1_300_000, 0.3, 0),
                new Answer(2, 50_000));
        return nginx("nginx-100k", files);
    }

    /**
     * nginx, one client that downloads as fast as it can. Of the source: 4 us a kibibyte (199 to 274 MB/s unprotected).
     * Fitted: a window of 186 kB; 113 kB in flight were seen in one trace, and 140 kB a release follow from the rate at
     * 25 ms.
     */
    public static Workload nginxDownload() {
        return nginx("nginx-download", new Bulk(Schedule.ALWAYS, 1, true, 186_000, 14_600, 4_000, 200_000));
    }

    private static Workload nginx(String name, Activity activity) {
        return new Workload(name, 1, List.of(activity), SMALL_GUEST, 14_000_000, 200_000, Workload.ORDINARY);
    }
}
