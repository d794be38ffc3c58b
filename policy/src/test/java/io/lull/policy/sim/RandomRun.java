package io.lull.policy.sim;

import io.lull.policy.HardLimits;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.rival.Candidate;
import io.lull.policy.rival.Rivals;
import io.lull.policy.sim.Activity.Answer;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Clients;
import io.lull.policy.sim.Activity.Habit;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import io.lull.policy.sim.Activity.Service;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** A run in which everything is drawn: workload, costs, policy, limits, and what goes wrong on the way. */
record RandomRun(long seed, Workload workload, CostModel cost, Candidate candidate, SimSettings settings) {
    private static final long MS = Trial.MS;
    private static final List<Candidate> RIVALS = Rivals.sweep(Objectives.DEFAULT);
    private static final List<String> NAMES =
            RIVALS.stream().map(Candidate::policy).distinct().toList();

    static RandomRun of(long seed) {
        Draws draws = new Draws(seed);
        Workload workload = workload(draws);
        Candidate candidate = candidate(draws);
        while (!Simulation.missing(workload, candidate.instance()).isEmpty()) {
            candidate = candidate(draws);
        }
        return new RandomRun(seed, workload, cost(draws), candidate, settings(draws));
    }

    private static Workload workload(Draws draws) {
        int vcpus = (int) between(draws, 1, 24);
        DirtyModel dirty = new PowerLawDirty(
                wide(draws, 1, 1_000), wide(draws, 1, 20_000), draws.uniform(), wide(draws, 100, 1_000_000));
        Activity[] activities = IntStream.range(0, (int) between(draws, 1, 4))
                .mapToObj(i -> activity(draws))
                .toArray(Activity[]::new);
        return Workload.of("random", vcpus, dirty, activities);
    }

    private static Activity activity(Draws draws) {
        Schedule schedule = chance(draws, 0.5)
                ? Schedule.ALWAYS
                : new Schedule((long) wide(draws, MS, 200 * MS), (long) wide(draws, 1, 200 * MS), (long)
                        (draws.uniform() * 100 * MS));
        return switch ((int) between(draws, 0, 3)) {
            case 0 -> new Background(schedule, (int) between(draws, 1, 32));
            case 1 ->
                new Bulk(
                        schedule,
                        (int) between(draws, 1, 8),
                        chance(draws, 0.5),
                        (int) wide(draws, 1_000, 1 << 20),
                        14_600,
                        (long) wide(draws, 500, 20_000),
                        (long) wide(draws, 10_000, 20 * MS));
            default -> requests(draws, schedule);
        };
    }

    private static Requests requests(Draws draws, Schedule schedule) {
        boolean waits = chance(draws, 0.5);
        int clients = (int) wide(draws, 1, 300);
        int workers = (int) between(draws, 1, 8);
        double ratePerSecond = waits ? 0 : wide(draws, 10, 5_000);
        long thinkNanos = chance(draws, 0.5) ? 0 : (long) wide(draws, 1, 50 * MS);
        long meanNanos = (long) wide(draws, 20_000, 5 * MS);
        double spreadRatio = draws.uniform();
        Answer answer = new Answer((int) wide(draws, 1, 20), (int) wide(draws, 60, 1_500));
        long diskNanos = chance(draws, 0.7) ? 0 : (long) wide(draws, 50_000, 10 * MS);
        long roundTripNanos = (long) wide(draws, 1_000, 50 * MS);
        Habit habit = waits ? Habit.WAITS : chance(draws, 0.8) ? Habit.ASKS : Habit.LISTENS;
        return new Requests(
                schedule,
                new Clients(clients, habit, ratePerSecond, thinkNanos, roundTripNanos),
                workers,
                new Service(meanNanos, spreadRatio, diskNanos),
                answer);
    }

    private static CostModel cost(Draws draws) {
        return new CostModel(
                "random",
                (long) wide(draws, 1, 2 * MS),
                (long) wide(draws, 1_000, 5 * MS),
                wide(draws, 1, 10_000),
                chance(draws, 0.5) ? 0 : (long) wide(draws, 1, 2 * MS),
                wide(draws, 1, 5_000),
                wide(draws, 1, 5_000),
                (long) wide(draws, 1, 100_000),
                wide(draws, 1, 4_096),
                (long) wide(draws, 10_000_000, 1_250_000_000),
                (long) wide(draws, 1, 5 * MS),
                draws.uniform(),
                (int) between(draws, 1, 4));
    }

    private static Candidate candidate(Draws draws) {
        if (chance(draws, 0.6)) {
            List<Candidate> settings = Rivals.named(NAMES.get((int) between(draws, 0, NAMES.size() - 1)));
            return settings.get((int) between(draws, 0, settings.size() - 1));
        }
        Targets targets = new Targets(
                chance(draws, 0.5) ? OptionalLong.empty() : OptionalLong.of((long) wide(draws, 1_000, 200 * MS)),
                chance(draws, 0.7) ? OptionalDouble.empty() : OptionalDouble.of(wide(draws, 1e-5, 1)),
                chance(draws, 0.7) ? OptionalLong.empty() : OptionalLong.of((long) wide(draws, 1, 1e9)));
        TriggerPlacement[] placements = TriggerPlacement.values();
        Objectives objectives = new Objectives(
                25 * MS,
                (long) wide(draws, 1, 1_000 * MS),
                placements[(int) between(draws, 0, placements.length - 1)],
                targets);
        return new Candidate(LullPolicy.NAME, "random", new LullPolicy(), objectives);
    }

    private static SimSettings settings(Draws draws) {
        long safe = (long) wide(draws, MS, 50 * MS);
        // Small watermarks in half of the runs, so that they are reached and yet do not end every epoch.
        HardLimits limits = new HardLimits(
                chance(draws, 0.5) ? 0 : (long) (draws.uniform() * Math.min(safe, 5 * MS)),
                (long) wide(draws, safe, 150 * MS),
                safe,
                chance(draws, 0.5) ? 1 << 20 : (long) wide(draws, 20, 100_000),
                chance(draws, 0.5) ? 256 << 20 : (long) wide(draws, 1_000, 10_000_000));
        ControlPath path = new ControlPath(
                (long) wide(draws, 200_000, 5 * MS),
                (long) wide(draws, 10_000, 5 * MS),
                (long) wide(draws, 5 * MS, 100 * MS),
                (long) wide(draws, 2 * MS, 200 * MS),
                (long) wide(draws, MS, 100 * MS),
                (long) wide(draws, MS, 50 * MS),
                chance(draws, 0.5) ? 0 : draws.uniform(),
                chance(draws, 0.5) ? 0 : draws.uniform(),
                chance(draws, 0.3) ? 0 : (long) wide(draws, 100 * MS, 300 * MS),
                (long) wide(draws, MS, 250 * MS),
                chance(draws, 0.6) ? 0 : (long) wide(draws, 50 * MS, 300 * MS),
                (long) wide(draws, MS, 100 * MS));
        return new SimSettings(
                limits, (long) wide(draws, 100_000, MS), path, 0, 300 * MS + between(draws, 0, 200 * MS));
    }

    private static boolean chance(Draws draws, double ratio) {
        return draws.uniform() < ratio;
    }

    private static long between(Draws draws, long low, long high) {
        return low + (long) (draws.uniform() * (high - low + 1));
    }

    /** Uniform in the logarithm. */
    private static double wide(Draws draws, double low, double high) {
        return low * Math.exp(draws.uniform() * Math.log(high / low));
    }
}
