package io.lull.policy.sim;

import io.lull.policy.Targets;
import io.lull.policy.TriggerReason;
import io.lull.policy.sim.ScheduleSearch.Bounds;
import io.lull.policy.sim.ScheduleSearch.Found;
import io.lull.policy.sim.ScheduleSearch.Grid;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * A schedule made with knowledge of all that will come, requests, sizes and pauses: what the policies' distance is
 * measured to. Its score is that of a run in which its checkpoints are ordered when it says, counted like any other.
 *
 * <p>It is the best of what {@link ScheduleSearch} finds and of every constant interval on the search's grid. Exact up
 * to grid and slices where clients don't react to the schedule, since then what was done by when is all of the state
 * that matters. Where they react, states of one slice differ in what their clients do, and since only the best few go
 * on, the result is a lower bound of the optimum. So it is a schedule that exists, and a policy may pass it; tests hold
 * it to {@value #TOLERANCE_RATIO} of what an exhaustive search finds on small cases, and an answer: other schedules draw
 * other think times, and of thousands one is lucky.
 *
 * <p>It is weakest where the target can hardly be kept and several activities share the guest: there rivals pass it, by
 * 15 % at most on the synthetic workloads.
 *
 * <p>What it doesn't look at: ages between those of the grid (0.25 ms up to 2 ms, then 12 % apart, and the beginnings of
 * rests); overhead and bandwidth targets, which the score doesn't know either; more than one late frame in a hundred at
 * any time before the end; delays beyond the target that a bound on what they can gain rules out. For a workload of
 * several activities work is weighed so that the sum follows the geometric mean around what the best schedule so far
 * got, in {@value #ROUNDS} rounds.
 */
public final class Oracle {
    /** Name that its runs go by. */
    public static final String NAME = "oracle";

    /** The longest run that it looks through. */
    public static final long LONGEST_NANOS = 10_000_000_000L;

    /** How far below the best schedule of an exhaustive search it stays at most, on small cases. */
    public static final double TOLERANCE_RATIO = 0.02;

    private static final double LATE_RATIO = 0.009;
    private static final int ROUNDS = 2;
    private static final double[] SLACKS = {1, 1.3, 1.7, 2.5, 4};
    private static final double BINDING_RATIO = 0.8;
    private static final long TICK_NANOS = 250_000;
    private static final long NONE = Long.MAX_VALUE;

    private final SimulatedVm start;
    private final SimSettings settings;
    private final Targets targets;
    private final long seed;
    private final Progress most;
    private final long endNanos;
    private final Grid grid;
    private Optional<RunResult> best = Optional.empty();
    private Progress bestDone;

    private Oracle(Workload workload, CostModel cost, SimSettings settings, long seed, Targets targets, Grid grid) {
        this.settings = settings;
        this.targets = targets;
        this.seed = seed;
        this.grid = grid;
        start = new SimulatedVm(workload, cost, seed, false);
        endNanos = settings.warmUpNanos() + settings.runNanos();
        most = Simulation.unprotected(workload, cost, settings, seed);
        long targetNanos = targets.outputDelayP99Nanos().orElse(NONE);
        bestDone = most;
        warmUp(Math.min(targetNanos / 2, settings.limits().safeIntervalNanos()));
    }

    /** The best schedule that it finds for a whole run, as a run. */
    public static RunResult best(Workload workload, CostModel cost, SimSettings settings, long seed, Targets targets) {
        return best(workload, cost, settings, seed, targets, Grid.DEFAULT);
    }

    static RunResult best(
            Workload workload, CostModel cost, SimSettings settings, long seed, Targets targets, Grid grid) {
        Oracle oracle = new Oracle(workload, cost, settings, seed, targets, grid);
        oracle.tryIntervals();
        oracle.trySearches();
        return oracle.best.orElseThrow();
    }

    /**
     * The stretch of a run by {@code settings} that it can speak of: the whole run when it is short enough, its
     * beginning when the workload is the same all the time; else none.
     */
    public static Optional<SimSettings> covered(Workload workload, SimSettings settings) {
        if (settings.runNanos() <= LONGEST_NANOS) {
            return Optional.of(settings);
        }
        return workload.isSteady()
                ? Optional.of(settings.lasting(settings.warmUpNanos(), LONGEST_NANOS))
                : Optional.empty();
    }

    private void warmUp(long intervalNanos) {
        while (start.nowNanos() < settings.warmUpNanos()) {
            start.runUntil(Math.min(settings.warmUpNanos(), start.nowNanos() + TICK_NANOS));
            if (start.isReady() && start.elapsedNanos() >= intervalNanos) {
                start.checkpoint(TriggerReason.INTERVAL, 1);
            }
        }
    }

    private void tryIntervals() {
        double longestNanos = settings.limits().maxEpochNanos();
        double step = grid.fineNanos();
        for (double interval = grid.fineNanos(); interval < longestNanos; interval += step) {
            step = Math.max(grid.fineNanos(), interval * grid.coarseRatio());
            take(runAt((long) interval));
        }
        take(runAt((long) longestNanos));
    }

    /**
     * Searches within the target, and beyond it while that may pay: only where the best schedule so far needs the whole
     * bound, and where it loses so much that a delay longer by a factor s, which divides what is lost by s at most, is
     * worth the miss: (1 − (1 − u) / s) / s > u for the useful work u, so u < 1 / (1 + s).
     */
    private void trySearches() {
        long targetNanos = targets.outputDelayP99Nanos().orElse(NONE);
        if (targetNanos == NONE) {
            search(NONE);
            return;
        }
        for (double slack : SLACKS) {
            Optional<RunResult> found = search((long) (targetNanos * slack));
            boolean binds = found.isEmpty()
                    || found.get().outputDelay().quantileNanos(0.99) > BINDING_RATIO * slack * targetNanos;
            boolean mayPay = found.isEmpty() || found.get().usefulWorkRatio() < 1 / (1 + SLACKS[1]);
            if (!binds || !mayPay) {
                return;
            }
        }
    }

    /** The best of several rounds within a bound of the output delay; empty when no schedule keeps it. */
    private Optional<RunResult> search(long boundNanos) {
        Bounds bounds = new Bounds(settings.limits().maxEpochNanos(), boundNanos, LATE_RATIO);
        double[] weights = most.weights(bestDone);
        int rounds = most.activities() > 1 ? ROUNDS : 1;
        Optional<RunResult> found = Optional.empty();
        for (int round = 0; round < rounds; round++) {
            Optional<Found> schedule = new ScheduleSearch(start, weights, endNanos, bounds, grid).search();
            if (schedule.isEmpty()) {
                return found;
            }
            ScheduledRun run = runOf(OrderedAt.times(schedule.get().schedule()));
            found = Optional.of(better(found, run.result()));
            take(run);
            weights = most.weights(run.done());
        }
        return found;
    }

    private static RunResult better(Optional<RunResult> one, RunResult other) {
        return one.isPresent() && one.get().scoreRatio() >= other.scoreRatio() ? one.get() : other;
    }

    private void take(ScheduledRun run) {
        if (best.isEmpty() || run.result().scoreRatio() > best.get().scoreRatio()) {
            best = Optional.of(run.result());
            bestDone = run.done();
        }
    }

    /** What a schedule led to. */
    private record ScheduledRun(RunResult result, Progress done) {}

    private ScheduledRun runAt(long intervalNanos) {
        Counted counted = new Counted();
        SimulatedVm vm = counted.vm;
        while (vm.nowNanos() < endNanos) {
            vm.runUntil(Math.min(endNanos, vm.nowNanos() + TICK_NANOS));
            long elapsed = vm.elapsedNanos();
            if (vm.isReady() && elapsed >= intervalNanos / 2 && elapsed + vm.lastPauseNanos() >= intervalNanos) {
                vm.checkpoint(TriggerReason.INTERVAL, 0);
            }
        }
        return counted.result("every " + intervalNanos / 1000 + " us");
    }

    private ScheduledRun runOf(ArrayDeque<Long> orderedAt) {
        Counted counted = new Counted();
        SimulatedVm vm = counted.vm;
        while (vm.nowNanos() < endNanos) {
            vm.runUntil(orderedAt.isEmpty() ? endNanos : Math.min(endNanos, orderedAt.removeFirst()));
            while (!vm.isReady() && vm.nowNanos() < endNanos) {
                vm.runUntil(Math.min(endNanos, vm.nowNanos() + TICK_NANOS));
            }
            if (vm.nowNanos() < endNanos) {
                vm.checkpoint(TriggerReason.WAIT_PRICE, 0);
            }
        }
        return counted.result("planned");
    }

    /** A fork of the start whose checkpoints are counted. */
    private final class Counted {
        final SimulatedVm vm = new SimulatedVm(start.workload, start.cost, 0, false);
        private final Progress before = Progress.of(start.guest);
        private final Meter meter = new Meter();

        Counted() {
            vm.forkFrom(start);
            vm.listen((done, packets, held) -> meter.committed(done, packets));
        }

        ScheduledRun result(String setting) {
            Progress done = Progress.of(vm.guest).since(before);
            Meter.Run run = new Meter.Run(NAME, setting, targets, seed, settings.runNanos());
            return new ScheduledRun(meter.result(run, vm, done, most), done);
        }
    }
}
