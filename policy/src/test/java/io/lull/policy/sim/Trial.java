package io.lull.policy.sim;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.rival.Candidate;
import io.lull.policy.trigger.TriggerInput;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** Runs for tests that don't ask for useful work, so that nothing is run unprotected. */
final class Trial {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;

    private Trial() {}

    /** One run, for which share of it its plans said that what is asked for can't be kept, and what they said. */
    record Told(RunResult result, double tellsRatio, Set<String> words) {}

    static RunResult run(Workload workload, CostModel cost, Candidate candidate, SimSettings settings, long seed) {
        return run(workload, cost, candidate, settings, seed, Watcher.NONE);
    }

    static RunResult run(
            Workload workload, CostModel cost, Candidate candidate, SimSettings settings, long seed, Watcher watcher) {
        Progress nothing = Progress.of(new SimulatedVm(workload, cost, seed, true).guest);
        return Simulation.run(workload, cost, candidate, settings, seed, nothing, watcher);
    }

    /** Runs {@code candidate} and listens for plans whose reason has {@code words}. */
    static Told listen(Workload workload, CostModel cost, Candidate candidate, SimSettings settings, String words) {
        Listener listener = new Listener(settings.warmUpNanos(), words);
        RunResult result = run(workload, cost, candidate, settings, 1, listener);
        return new Told(result, listener.told / (double) listener.ticks, listener.said);
    }

    private static final class Listener implements Watcher {
        private final long fromNanos;
        private final String words;
        private long ticks;
        private long told;
        private long planId = -1;
        private boolean tells;
        private final Set<String> said = new LinkedHashSet<>();

        private Listener(long fromNanos, String words) {
            this.fromNanos = fromNanos;
            this.words = words;
        }

        @Override
        public void ticked(SimulatedVm vm, TriggerInput input, Optional<TriggerReason> ended, Mailbox toWorker) {
            if (vm.nowNanos() <= fromNanos || input.plan.isEmpty()) {
                return;
            }
            if (input.plan.get().planId() != planId) {
                planId = input.plan.get().planId();
                String reason = input.plan.get().plan().reason().toString();
                tells = reason.contains(words);
                if (tells) {
                    said.add(reason);
                }
            }
            ticks++;
            told += tells ? 1 : 0;
        }
    }

    /** Lull on the host with these targets. */
    static Candidate lull(long maxEpochNanos, Targets targets) {
        Objectives objectives = new Objectives(25 * MS, maxEpochNanos, TriggerPlacement.HOST, targets);
        return new Candidate(LullPolicy.NAME, "targets", new LullPolicy(), objectives);
    }

    static Targets overhead(double ratio) {
        return new Targets(OptionalLong.empty(), OptionalDouble.of(ratio), OptionalLong.empty());
    }

    static Targets bandwidth(long bytesPerSecond) {
        return new Targets(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.of(bytesPerSecond));
    }

    /** A standard workload by its name. */
    static Workload standard(String name) {
        List<Workload> found = Workloads.standard().stream()
                .filter(workload -> workload.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no standard workload is named '" + name + "'");
        }
        return found.get(0);
    }
}
