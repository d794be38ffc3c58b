package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import java.util.ArrayList;
import java.util.List;

/** Guests and costs of all kinds, drawn from a seed. */
final class RandomGuests {
    private final Draws draws;

    RandomGuests(long seed) {
        draws = new Draws(seed);
    }

    /** One to three activities, so that a third of the guests do one thing alone. */
    Workload workload() {
        List<Activity> activities = new ArrayList<>();
        int count = (int) between(1, 4);
        for (int i = 0; i < count; i++) {
            activities.add(activity());
        }
        DirtyModel dirty = new PowerLawDirty(between(0, 100), between(50, 2_000), 0.2 + 0.4 * draws.uniform(), 250_000);
        long timerWorkNanos = between(0, 400_000);
        return new Workload(
                "random", (int) between(1, 9), activities, dirty, 4_000_000, timerWorkNanos, Workload.ORDINARY);
    }

    CostModel cost() {
        return switch ((int) between(0, 5)) {
            case 0 -> CostModel.kvm();
            case 1 -> CostModel.tcg();
            case 2 -> CostModel.remus2008();
            case 3 -> CostModel.stopAndContinue();
            default ->
                new CostModel(
                        "random",
                        between(0, 500_000),
                        between(0, 5_000_000),
                        between(0, 8_000),
                        between(0, 5_000_000),
                        between(0, 10_000),
                        between(0, 2_000),
                        between(0, 20_000),
                        between(100, 4_096),
                        between(50, 2_000) * 1_000_000,
                        between(0, 2_000_000),
                        0.5 * draws.uniform(),
                        (int) between(1, 5));
        };
    }

    /** From {@code least} to below {@code end}. */
    long between(long least, long end) {
        return least + (long) (draws.uniform() * (end - least));
    }

    private Activity activity() {
        Schedule schedule = between(0, 3) > 0
                ? Schedule.ALWAYS
                : new Schedule(
                        between(5, 500) * Runs.MILLI, between(5, 500) * Runs.MILLI, between(0, 100) * Runs.MILLI);
        int many = (int) between(1, 60);
        int workers = (int) between(1, 9);
        return switch ((int) between(0, 6)) {
            case 0 -> new Background(schedule, (int) between(1, 5));
            case 1 ->
                Bulk.download((int) between(1, 9), (int) between(20_000, 500_000))
                        .scheduled(schedule);
            case 2 ->
                Bulk.upload((int) between(1, 9), (int) between(20_000, 500_000)).scheduled(schedule);
            case 3 ->
                Requests.openLoop((double) between(20, 2_000), many, workers, between(10_000, 400_000))
                        .scheduled(schedule);
            case 4 ->
                Requests.openLoop((double) between(20, 500), many, workers, between(10_000, 400_000))
                        .published(many);
            default ->
                Requests.closedLoop(many, workers, between(50_000, 2_000_000))
                        .scheduled(schedule)
                        .thinking(between(0, 3) * between(0, 30 * Runs.MILLI))
                        .onDisk(between(0, 2) * between(0, 5 * Runs.MILLI));
        };
    }
}
