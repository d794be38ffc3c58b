package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The best schedule that there is for a run, found with knowledge of all that will come: what the policies' distance is
 * measured to.
 *
 * <p>Forward dynamic programming over forked simulations. A state is a VM just resumed from a checkpoint; from each, one
 * fork runs on, and at every age of a grid a further fork is paused there. States are kept by time, in slices of
 * {@link #SLICE_NANOS}; of a slice the {@value #KEPT} best by work done go on. No frame may wait longer than the bound.
 *
 * <p>Exact up to the grid and the slices where the workload doesn't react to the schedule, since then the time is all
 * of the state that matters. Where clients react, states of one slice differ in what their clients do, and keeping the
 * best few makes it a lower bound of the optimum: a policy may then pass it. For a mixed workload work is weighed so
 * that the sum follows the geometric mean around the weights given.
 */
public final class Oracle {
    static final long SLICE_NANOS = 500_000;
    static final int KEPT = 3;
    private static final long FINE_NANOS = 250_000;
    private static final double COARSENING = 1.12;

    private final ProtectedVm start;
    private final double[] weights;
    private final long endNanos;
    private final long longestNanos;
    private final List<Long> ages;
    private final TreeMap<Long, List<State>> slices = new TreeMap<>();
    private final List<ProtectedVm> spare = new ArrayList<>();

    private record State(ProtectedVm vm, double workRatio) {}

    private Oracle(ProtectedVm start, double[] weights, long endNanos, long longestNanos) {
        this.start = start;
        this.weights = weights;
        this.endNanos = endNanos;
        this.longestNanos = longestNanos;
        this.ages = ages(longestNanos);
    }

    /**
     * The highest score that the search found for {@code workload} within {@code settings}.
     *
     * @param targetNanos output delay that the score is measured by; {@link Long#MAX_VALUE} for none
     */
    public static double bestScore(
            Workload workload, CostModel cost, SimSettings settings, long seed, long targetNanos) {
        ProtectedVm unprotected = new ProtectedVm(workload, cost, seed, true);
        ProtectedVm start = new ProtectedVm(workload, cost, seed, false);
        warmUp(
                start,
                settings.warmUpNanos(),
                Math.min(targetNanos / 2, settings.limits().safeIntervalNanos()));
        unprotected.runUntil(start.nowNanos());
        Progress unprotectedBefore = Progress.of(unprotected.guest);
        long endNanos = start.nowNanos() + settings.runNanos();
        unprotected.runUntil(endNanos);
        Progress most = Progress.of(unprotected.guest).since(unprotectedBefore);
        double best = 0;
        for (double slack : new double[] {1, 1.3, 1.7, 2.5, 4}) {
            long bound = targetNanos == Long.MAX_VALUE ? targetNanos : (long) (targetNanos * slack);
            double useful =
                    usefulWithin(start, most, endNanos, settings.limits().maxEpochNanos(), bound);
            best = Math.max(best, useful / slack);
            if (targetNanos == Long.MAX_VALUE || (useful > NOTHING && useful < best * slack * ENOUGH)) {
                break;
            }
        }
        return best;
    }

    private static double usefulWithin(
            ProtectedVm start, Progress most, long endNanos, long longestNanos, long boundNanos) {
        double useful = 0;
        double[] weights = most.weights(null);
        for (int round = 0; round < ROUNDS; round++) {
            Progress done = new Oracle(start, weights, endNanos, longestNanos).search(boundNanos);
            useful = Math.max(useful, done.usefulRatio(most));
            weights = most.weights(done);
        }
        return useful;
    }

    private static void warmUp(ProtectedVm vm, long nanos, long intervalNanos) {
        while (vm.nowNanos() < nanos) {
            vm.runUntil(vm.nowNanos() + FINE_NANOS);
            if (vm.isReady() && vm.elapsedNanos() >= intervalNanos) {
                vm.checkpoint(TriggerReason.INTERVAL, 1);
            }
        }
        while (!vm.isReady() || vm.elapsedNanos() == 0) {
            vm.runUntil(vm.nowNanos() + FINE_NANOS);
        }
    }

    private Progress search(long boundNanos) {
        ProtectedVm first = fork(start);
        first.countLate(boundNanos);
        Progress before = Progress.of(start.guest);
        keep(first);
        State best = new State(first, 0);
        while (!slices.isEmpty()) {
            List<State> states = slices.pollFirstEntry().getValue();
            for (State state : states) {
                if (state.vm().nowNanos() >= endNanos) {
                    best = state.workRatio() > best.workRatio() ? state : best;
                } else {
                    expand(state.vm());
                    spare.add(state.vm());
                }
            }
        }
        Progress done = Progress.of(best.vm().guest).since(before);
        double share =
                (double) (endNanos - start.nowNanos()) / Math.max(1, best.vm().nowNanos() - start.nowNanos());
        return best.vm().nowNanos() < endNanos ? done.scaled(0) : done.scaled(share);
    }

    /** Adds what follows from pausing {@code vm} at each age of the grid. */
    private void expand(ProtectedVm vm) {
        ProtectedVm running = fork(vm);
        long resumedAt = running.nowNanos() - running.elapsedNanos();
        for (long age : ages) {
            if (resumedAt + age <= running.nowNanos()) {
                continue;
            }
            boolean longest = age + vm.lastPauseNanos() >= longestNanos && age >= longestNanos / 2;
            running.runUntil(resumedAt + age);
            if (running.isLate()) {
                break;
            }
            ProtectedVm paused = fork(running);
            while (!paused.isReady()) {
                paused.runUntil(paused.nowNanos() + FINE_NANOS);
            }
            paused.checkpoint(TriggerReason.WAIT_PRICE, 0);
            do {
                paused.runUntil(paused.nowNanos() + FINE_NANOS);
            } while (!paused.isReady() || paused.elapsedNanos() == 0);
            if (paused.isLate()) {
                spare.add(paused);
            } else {
                keep(paused);
            }
            if (longest) {
                break;
            }
        }
        spare.add(running);
    }

    private void keep(ProtectedVm vm) {
        // Past the end all states share one slice, and the best of them is the result.
        long slice = Math.min(vm.nowNanos(), endNanos + SLICE_NANOS) / SLICE_NANOS;
        List<State> states = slices.computeIfAbsent(slice, key -> new ArrayList<>());
        double value = value(vm);
        states.add(new State(vm, value));
        if (states.size() > KEPT) {
            State least = states.get(0);
            for (State state : states) {
                least = state.workRatio() < least.workRatio() ? state : least;
            }
            states.remove(least);
            spare.add(least.vm());
        }
    }

    /** Work done per time passed; what was sent is in the checkpoint that has just been taken. */
    private double value(ProtectedVm vm) {
        double sum = 0;
        double passed = vm.nowNanos() - start.nowNanos();
        for (int i = 0; i < weights.length; i++) {
            Station station = vm.guest.stations[i];
            Station before = start.guest.stations[i];
            sum += weights[i] * (station.sent - before.sent + station.backgroundNanos - before.backgroundNanos);
        }
        return passed <= 0 ? 0 : sum / passed;
    }

    private ProtectedVm fork(ProtectedVm vm) {
        ProtectedVm copy =
                spare.isEmpty() ? new ProtectedVm(vm.workload, vm.cost, 0, false) : spare.remove(spare.size() - 1);
        copy.copyFrom(vm);
        return copy;
    }

    private static List<Long> ages(long longestNanos) {
        List<Long> ages = new ArrayList<>();
        double step = FINE_NANOS;
        for (double age = FINE_NANOS; age < longestNanos; age += step) {
            ages.add((long) age);
            step = Math.max(FINE_NANOS, age * (COARSENING - 1));
        }
        ages.add(longestNanos);
        return ages;
    }

    private static final int ROUNDS = 3;
    private static final double ENOUGH = 0.98;
    private static final double NOTHING = 1e-6;
}
