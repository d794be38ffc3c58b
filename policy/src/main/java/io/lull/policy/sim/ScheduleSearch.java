package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks for the schedule by which a VM gets most done until a given time: forward dynamic programming over forks.
 *
 * <p>A state is a VM that has just been resumed from a checkpoint. From each, one fork runs on; at every age of a grid,
 * and where the guest comes to rest, a further fork is checkpointed there and becomes a state when it is resumed. States
 * are taken in the order of time, in slices of {@link Grid#sliceNanos}; of a slice the {@link Grid#keptStates} best go
 * on, each with another number of held answers or pending requests than the others, and none that has done less than
 * one of an earlier slice.
 */
final class ScheduleSearch {
    /**
     * How closely it looks.
     *
     * @param sliceNanos states this near to each other in time compete
     * @param keptStates how many of them go on
     * @param fineNanos distance of the shortest ages
     * @param coarseRatio what a longer age is longer than the one before by, as a share of it
     */
    record Grid(long sliceNanos, int keptStates, long fineNanos, double coarseRatio) {
        static final Grid DEFAULT = new Grid(500_000, 3, 250_000, 0.12);
    }

    /**
     * What a schedule must keep.
     *
     * @param longestNanos no epoch lasts longer
     * @param delayNanos frames held for longer than this are late; {@link Long#MAX_VALUE} for no bound
     * @param lateRatio share of the frames sent so far that may be late at any time
     */
    record Bounds(long longestNanos, long delayNanos, double lateRatio) {}

    private static final long STEPS_PER_AGE = 100;

    private final SimulatedVm start;
    private final double[] weights;
    private final long endNanos;
    private final Bounds bounds;
    private final Grid grid;
    private final TreeMap<Long, List<State>> slices = new TreeMap<>();
    private final List<SimulatedVm> spare = new ArrayList<>();

    /** A VM that has been resumed, what it has done, and how it came there. */
    private record State(SimulatedVm vm, double workRatio, Optional<OrderedAt> schedule) {}

    /** What was found: work done per nanosecond, by the weights given, and the schedule. */
    record Found(double workRatioPerNano, Optional<OrderedAt> schedule) {}

    /**
     * @param start from where; it is left as it is
     * @param weights by activity, what an answer, a byte or a nanosecond of background work is worth
     */
    ScheduleSearch(SimulatedVm start, double[] weights, long endNanos, Bounds bounds, Grid grid) {
        this.start = start;
        this.weights = weights;
        this.endNanos = endNanos;
        this.bounds = bounds;
        this.grid = grid;
    }

    /** The best schedule found; empty when none keeps the bounds. */
    Optional<Found> search() {
        SimulatedVm first = fork(start);
        first.countLate(bounds.delayNanos());
        while (!first.isReady() || first.elapsedNanos() == 0) {
            first.runUntil(first.nowNanos() + grid.fineNanos());
        }
        keep(new State(first, 0, Optional.empty()));
        Optional<Found> best = Optional.empty();
        double most = Double.NEGATIVE_INFINITY;
        while (!slices.isEmpty()) {
            List<State> states = slices.pollFirstEntry().getValue();
            double least = most;
            for (State state : states) {
                if (state.vm().nowNanos() >= endNanos) {
                    best = better(best, state);
                } else if (state.workRatio() >= least) {
                    most = Math.max(most, state.workRatio());
                    expand(state);
                }
                spare.add(state.vm());
            }
        }
        return best;
    }

    private Optional<Found> better(Optional<Found> best, State state) {
        double perNano = state.workRatio() / Math.max(1, state.vm().nowNanos() - start.nowNanos());
        return best.isPresent() && best.get().workRatioPerNano() >= perNano
                ? best
                : Optional.of(new Found(perNano, state.schedule()));
    }

    /** Adds what follows from a checkpoint at each age of the grid, and at rests in between. */
    private void expand(State state) {
        SimulatedVm running = fork(state.vm());
        long resumedAt = running.nowNanos() - running.elapsedNanos();
        long gridAge = grid.fineNanos();
        boolean wasAtRest = running.guest.rests();
        boolean restTaken = false;
        boolean longest = false;
        for (long age = grid.fineNanos(); !longest; age += Math.max(grid.fineNanos(), age / STEPS_PER_AGE)) {
            if (resumedAt + age <= running.nowNanos()) {
                continue;
            }
            running.runUntil(resumedAt + age);
            if (isTooLate(running)) {
                break;
            }
            longest = age >= bounds.longestNanos() / 2 && age + running.lastPauseNanos() >= bounds.longestNanos();
            boolean rests = running.guest.rests();
            boolean restBegins = rests && !wasAtRest && !restTaken;
            wasAtRest = rests;
            if (longest || ((age >= gridAge || restBegins) && running.isReady())) {
                checkpoint(running, state);
                restTaken |= restBegins;
            }
            while (gridAge <= age) {
                gridAge += Math.max(grid.fineNanos(), (long) (gridAge * grid.coarseRatio()));
                restTaken = false;
            }
        }
        spare.add(running);
    }

    private void checkpoint(SimulatedVm running, State state) {
        SimulatedVm paused = fork(running);
        while (!paused.isReady()) {
            paused.runUntil(paused.nowNanos() + grid.fineNanos());
        }
        OrderedAt ordered = new OrderedAt(paused.nowNanos(), state.schedule());
        long epoch = paused.epoch();
        paused.checkpoint(TriggerReason.WAIT_PRICE, 0);
        while (paused.epoch() == epoch) {
            paused.runUntil(paused.nowNanos() + grid.fineNanos());
        }
        if (isTooLate(paused)) {
            spare.add(paused);
        } else {
            keep(new State(paused, work(paused), Optional.of(ordered)));
        }
    }

    private boolean isTooLate(SimulatedVm vm) {
        long sent = vm.guest.txPackets - start.guest.txPackets;
        return vm.lateFrames() > bounds.lateRatio() * sent;
    }

    private void keep(State state) {
        // Past the end all states share one slice, and the best of them is the result.
        long slice = Math.min(state.vm().nowNanos(), endNanos + grid.sliceNanos()) / grid.sliceNanos();
        List<State> states = slices.computeIfAbsent(slice, key -> new ArrayList<>(grid.keptStates() + 1));
        for (int i = 0; i < states.size(); i++) {
            State other = states.get(i);
            if (isAlike(state.vm(), other.vm())) {
                boolean better = perTime(state) > perTime(other);
                states.set(i, better ? state : other);
                spare.add((better ? other : state).vm());
                return;
            }
        }
        states.add(state);
        if (states.size() > grid.keptStates()) {
            int least = 0;
            for (int i = 1; i < states.size(); i++) {
                least = perTime(states.get(i)) < perTime(states.get(least)) ? i : least;
            }
            spare.add(states.remove(least).vm());
        }
    }

    /** Whether the clients of both wait for the same number of answers, so that only what was done tells them apart. */
    private static boolean isAlike(SimulatedVm one, SimulatedVm other) {
        if (one.gate.heldPackets != other.gate.heldPackets) {
            return false;
        }
        for (int i = 0; i < one.guest.stations.length; i++) {
            if (one.guest.stations[i].pending != other.guest.stations[i].pending) {
                return false;
            }
        }
        return true;
    }

    private double perTime(State state) {
        return state.workRatio() / Math.max(1, state.vm().nowNanos() - start.nowNanos());
    }

    /** Work done since the start; what was sent is in the checkpoint that has just been taken. */
    private double work(SimulatedVm vm) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            Station station = vm.guest.stations[i];
            Station before = start.guest.stations[i];
            sum += weights[i] * (station.sent - before.sent + station.backgroundNanos - before.backgroundNanos);
        }
        return sum;
    }

    private SimulatedVm fork(SimulatedVm vm) {
        SimulatedVm copy =
                spare.isEmpty() ? new SimulatedVm(vm.workload, vm.cost, 0, false) : spare.remove(spare.size() - 1);
        copy.forkFrom(vm);
        return copy;
    }
}
