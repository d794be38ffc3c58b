package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import java.util.ArrayList;
import java.util.List;

/**
 * Workloads that nobody chose: each drawn from a seed over the whole range that guests are known to cover, to see how a
 * policy does on what it was not made for.
 *
 * <p>1 to 3 activities of any kind at once, each going on always (6 of 10) or on and off over 10 ms to 2 s; sizes are
 * drawn evenly over their logarithm: 1 to 200 clients, 30 us to 2 ms a request, answers from a disk of 0.2 to 8 ms,
 * thinking clients, open loops from 5 to 80 % load, published messages, 1 to 8 flows with windows of 64 KiB to 1 MiB,
 * 1 to 24 vCPUs; 10 ms of work dirty 100 to 4,000 pages with an exponent of 0.2 to 0.6.
 */
public final class DrawnWorkloads {
    private static final double MS = 1e6;
    private static final int MOST_ACTIVITIES = 3;
    private static final int[] VCPUS = {1, 1, 2, 2, 4, 8, 24};

    private final Draws draws;
    private final int vcpus;

    private DrawnWorkloads(Draws draws) {
        this.draws = draws;
        this.vcpus = VCPUS[below(VCPUS.length)];
    }

    /** The workload of {@code seed}; the same on every machine. */
    public static Workload of(long seed) {
        Draws draws = new Draws(seed);
        return new DrawnWorkloads(new Draws(draws.nextLong())).draw("drawn-" + seed);
    }

    /** The workloads of {@code count} seeds from {@code first} on. */
    public static List<Workload> from(long first, int count) {
        List<Workload> workloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            workloads.add(of(first + i));
        }
        return workloads;
    }

    private Workload draw(String name) {
        DirtyModel dirty = new PowerLawDirty(
                between(20, 150), between(100, 4_000), 0.2 + 0.4 * draws.uniform(), between(20_000, 300_000));
        Activity[] activities = new Activity[1 + below(MOST_ACTIVITIES)];
        for (int i = 0; i < activities.length; i++) {
            activities[i] = activity();
        }
        return Workload.of(name, vcpus, dirty, activities);
    }

    private Activity activity() {
        return switch (below(10)) {
            case 0, 1, 2, 3 -> closedLoop();
            case 4, 5 -> openLoop();
            case 6 -> Bulk.download(flows(), window()).scheduled(schedule());
            case 7 -> Bulk.upload(flows(), window()).scheduled(schedule());
            default -> new Background(schedule(), 1 + below(vcpus));
        };
    }

    private Activity closedLoop() {
        Requests requests = Requests.closedLoop((int) between(1, 201), workers(), serviceNanos());
        if (draws.uniform() < 0.3) {
            requests = requests.thinking((long) between(1 * MS, 50 * MS));
        }
        if (draws.uniform() < 0.2) {
            requests = requests.onDisk((long) between(0.2 * MS, 8 * MS));
        }
        return requests.scheduled(schedule());
    }

    private Activity openLoop() {
        int workers = workers();
        long serviceNanos = serviceNanos();
        double perSecond = between(0.05, 0.8) * workers * 1e9 / serviceNanos;
        int clients = (int) between(5, 200);
        Requests requests = Requests.openLoop(perSecond, clients, workers, serviceNanos);
        if (draws.uniform() < 0.2) {
            requests = requests.published((int) between(1, 30));
        }
        return requests.scheduled(schedule());
    }

    private int workers() {
        return (int) between(1, vcpus + 1.0);
    }

    private long serviceNanos() {
        return (long) between(0.03 * MS, 2 * MS);
    }

    private int flows() {
        return (int) between(1, 9);
    }

    private int window() {
        return (int) between(64 << 10, 1 << 20);
    }

    private Schedule schedule() {
        if (draws.uniform() < 0.6) {
            return Schedule.ALWAYS;
        }
        long onNanos = (long) between(10 * MS, 2_000 * MS);
        long offNanos = (long) between(10 * MS, 2_000 * MS);
        return new Schedule(onNanos, offNanos, (long) (draws.uniform() * (onNanos + offNanos)));
    }

    private int below(int bound) {
        return (int) (draws.uniform() * bound);
    }

    /** Evenly over the logarithm. */
    private double between(double least, double most) {
        return least * Math.pow(most / least, draws.uniform());
    }
}
